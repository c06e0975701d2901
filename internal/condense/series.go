package condense

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"pgy-mcp/schema"
)

// addDays sets the part's Points and Summaries from a section's list of days. Of the
// days only the latest are kept, as many as the window has. last is the upstream's object of the last
// day; nil if no day has a value.
func addDays(p *schema.Part, f fields) (last fields, caveats []schema.Caveat) {
	days := map[string]fields{}
	for _, o := range f.objects(schema.DayLists[p.Section]) {
		if date := o.day("dateKey"); date != "" && days[date] == nil {
			days[date] = o
		}
	}
	dates := slices.Sorted(maps.Keys(days))
	if n := len(dates); n > p.Days {
		dates = dates[n-p.Days:]
		kind := schema.DaysCut
		if p.Section == schema.SectionGrowth {
			kind = schema.GrowthDaysCut
		}
		caveats = append(caveats, kind.With(n, p.Days))
	}
	isFilled := false
	for _, date := range dates {
		point := pointOf(p.Section, date, days[date])
		p.Points = append(p.Points, point)
		isFilled = isFilled || len(point.Values) > 0
	}
	if !isFilled {
		return nil, append(caveats, schema.NoDays.With())
	}
	for i := range schema.AllSeries {
		if s := &schema.AllSeries[i]; s.Section == p.Section && s.Change != "" {
			if filled := p.DaysOf(s.Name); len(filled) > 0 {
				p.Summaries = append(p.Summaries, summarize(s, filled))
			}
		}
	}
	return days[dates[len(dates)-1]], caveats
}

// pointOf reads one day, in which 0 means "not filled".
func pointOf(section schema.Section, date string, o fields) schema.Point {
	point := schema.Point{Date: date}
	for i := range schema.AllSeries {
		s := &schema.AllSeries[i]
		if s.Section != section {
			continue
		}
		if n, ok := o.numberIn(s.Upstream, s.Scale); ok && n != "0" {
			point.Values = append(point.Values, schema.PointValue{Series: s, Number: n})
		}
	}
	return point
}

// summarize summarizes the days of a series; there is at least one.
func summarize(s *schema.Series, days []schema.Day) schema.SeriesSummary {
	byAmount := func(a, b schema.Day) int { return cmp.Compare(a.Amount(), b.Amount()) }
	c := schema.SeriesSummary{
		Series: s,
		First:  days[0],
		Last:   days[len(days)-1],
		Low:    slices.MinFunc(days, byAmount),
		High:   slices.MaxFunc(days, byAmount),
	}
	if len(days) > 1 {
		c.ChangePercent = percentOf(c.Last.Amount()-c.First.Amount(), c.First.Amount())
	}
	return c
}

// percentOf returns a share in percent, with 4 significant digits.
func percentOf(part, whole float64) *float64 {
	x := schema.Significant(part / whole * 100)
	return &x
}

// addLargestDay sets the greatest gain of followers from one day to the next, the
// earliest of equals.
func addLargestDay(p *schema.Part) {
	var largest schema.LargestDay
	var before schema.Day
	for _, day := range p.DaysOf("followers") {
		if gain := wholeOf(day) - wholeOf(before); follows(before, day) && gain > largest.Change {
			largest = schema.LargestDay{Date: day.Date, Change: gain}
		}
		before = day
	}
	if largest.Change == 0 {
		return
	}
	if change := p.Amount("change"); change > 0 {
		largest.Percent = percentOf(float64(largest.Change), change)
	}
	p.LargestDay = &largest
}

func wholeOf(d schema.Day) int64 {
	n, _ := strconv.ParseInt(string(d.Value), 10, 64) // a Day's value is a number; the zero Day's is 0
	return n
}

// follows reports whether b is the day after a.
func follows(a, b schema.Day) bool {
	first, err := time.Parse(time.DateOnly, a.Date)
	return err == nil && first.AddDate(0, 0, 1).Format(time.DateOnly) == b.Date
}
