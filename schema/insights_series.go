package schema

import (
	"encoding/json"

	"pgy-mcp/internal/lang"
)

// Series is one figure that a section has for each day.
type Series struct {
	Section  Section
	Name     string // member of a point
	Upstream string // member of an entry of the section's list of days
	Scale    Scale  // 0 is not filled, whatever the scale
	Label    lang.T
	IsDrawn  bool   // the text has a sparkline of it
	Change   string // member of changePercent; "" if the series has no SeriesSummary
}

// DayLists names each section's list of days in the upstream's data. Each entry has its
// day in dateKey.
var DayLists = map[Section]string{SectionTrend: "dailyData", SectionGrowth: "list"}

// AllSeries lists the series in the order in which they are shown.
var AllSeries = []Series{
	{SectionTrend, "impressionMedian", "imp", Positive, t("Impression median", "曝光中位数"), false, ""},
	{SectionTrend, "readMedian", "read", Positive, t("Read median", "阅读中位数"), true, "reads"},
	{SectionTrend, "engagementMedian", "engage", Positive, t("Engagement median", "互动中位数"), false, "engagements"},
	{SectionGrowth, "followers", "num", Count, t("Followers", "粉丝数"), true, ""},
}

// Point is one day of a section's series.
type Point struct {
	Date   string // YYYY-MM-DD
	Values []PointValue
}

// PointValue is the value of one series on one day.
type PointValue struct {
	Series *Series
	Number json.Number
}

// MarshalJSON implements json.Marshaler.
func (p Point) MarshalJSON() ([]byte, error) {
	o := &object{}
	o.set("date", p.Date)
	for _, v := range p.Values {
		o.set(v.Series.Name, v.Number)
	}
	return o.MarshalJSON()
}

// Day is the value of a series on one day.
type Day struct {
	Date  string      `json:"date"`
	Value json.Number `json:"value" jsonschema:"type=number"`
}

// Amount is the value as a number.
func (d Day) Amount() float64 {
	x, _ := d.Value.Float64() // it always is a number
	return x
}

// SeriesSummary summarizes a series over the days that have a value.
type SeriesSummary struct {
	Series        *Series  `json:"-"`
	First         Day      `json:"first"`
	Last          Day      `json:"last"`
	Low           Day      `json:"low"`  // the earliest of equals
	High          Day      `json:"high"` // the earliest of equals
	ChangePercent *float64 `json:"-"`    // the last day against the first; nil with fewer than two days
}

// LargestDay is the greatest gain of followers from one day to the next.
type LargestDay struct {
	Date    string   `json:"date"` // the second of the two days
	Change  int64    `json:"change"`
	Percent *float64 `json:"-"` // share of the change over all days; nil if that is not above 0
}

// DaysOf returns the days on which a series has a value, in order of date.
func (p *Part) DaysOf(series string) []Day {
	var out []Day
	for _, point := range p.Points {
		for _, v := range point.Values {
			if v.Series.Name == series {
				out = append(out, Day{point.Date, v.Number})
			}
		}
	}
	return out
}
