package condense

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgy-mcp/schema"
)

// days spells a list of the upstream's days; a day is "date value".
func days(list, member string, entries ...string) string {
	var out []string
	for _, e := range entries {
		date, value, _ := strings.Cut(e, " ")
		out = append(out, fmt.Sprintf(`{"dateKey":%q,%q:%s}`, date, member, value))
	}
	return fmt.Sprintf(`{%q:[%s]}`, list, strings.Join(out, ","))
}

// Order, gaps, zeros and equals: what the guide says of a trend, worked out by hand.
func TestTrend(t *testing.T) {
	const ofDay = `{"date":"%s","value":%s}`
	day := func(date, value string) string { return fmt.Sprintf(ofDay, "2026-04-"+date, value) }
	for name, c := range map[string]struct {
		days []string
		// first, last, low and high of reads, and their change
		first, last, low, high, change string
		points                         int
	}{
		"in order":                 {[]string{"2026-04-01 6100", "2026-04-02 3000", "2026-04-03 1470"}, day("01", "6100"), day("03", "1470"), day("03", "1470"), day("01", "6100"), "-75.9", 3},
		"reversed":                 {[]string{"2026-04-03 1470", "2026-04-02 3000", "2026-04-01 6100"}, day("01", "6100"), day("03", "1470"), day("03", "1470"), day("01", "6100"), "-75.9", 3},
		"strings":                  {[]string{`2026-04-01 "8"`, `2026-04-02 "9.5"`}, day("01", "8"), day("02", "9.5"), day("01", "8"), day("02", "9.5"), "18.75", 2},
		"a gap":                    {[]string{"2026-04-01 8", "2026-04-20 10"}, day("01", "8"), day("20", "10"), day("01", "8"), day("20", "10"), "25", 2},
		"not filled at the ends":   {[]string{"2026-04-01 0", "2026-04-02 4", "2026-04-03 6", "2026-04-04 0"}, day("02", "4"), day("03", "6"), day("02", "4"), day("03", "6"), "50", 4},
		"equals":                   {[]string{"2026-04-01 5", "2026-04-02 7", "2026-04-03 5", "2026-04-04 7"}, day("01", "5"), day("04", "7"), day("01", "5"), day("02", "7"), "40", 4},
		"one filled day":           {[]string{"2026-04-01 0", "2026-04-02 7"}, day("02", "7"), day("02", "7"), day("02", "7"), day("02", "7"), "absent", 2},
		"no change":                {[]string{"2026-04-01 7", "2026-04-02 7"}, day("01", "7"), day("02", "7"), day("01", "7"), day("01", "7"), "0", 2},
		"nothing filled":           {[]string{"2026-04-01 0", "2026-04-02 0.0"}, "", "", "", "", "absent", 2},
		"values that are no reads": {[]string{`2026-04-01 "-"`, "2026-04-02 -3", "2026-04-03 null", "2026-04-04 [7]", "2026-04-05 7"}, day("05", "7"), day("05", "7"), day("05", "7"), day("05", "7"), "absent", 5},
		"a day that is none":       {[]string{"2026-02-30 9", "x 9", " 9", "20260401 9", "2026-04-02 7"}, day("02", "7"), day("02", "7"), day("02", "7"), day("02", "7"), "absent", 1},
		"a day given twice":        {[]string{"2026-04-01 5", "2026-04-01 9"}, day("01", "5"), day("01", "5"), day("01", "5"), day("01", "5"), "absent", 1},
	} {
		t.Run(name, func(t *testing.T) {
			data := days("dailyData", "read", c.days...)
			got := insight(t, schema.SectionTrend, data)
			want := "absent"
			if c.first != "" {
				want = fmt.Sprintf(`{"first":%s,"high":%s,"last":%s,"low":%s}`, c.first, c.high, c.last, c.low)
			}
			if g := show(got, "readMedian"); g != want {
				t.Errorf("%s: got the readMedian\n%s, want\n%s", call(schema.SectionTrend, data), g, want)
			}
			if g := show(got, "changePercent.reads"); g != c.change {
				t.Errorf("%s: got the change of reads %s, want %s", call(schema.SectionTrend, data), g, c.change)
			}
			if points, _ := got["points"].([]any); len(points) != c.points {
				t.Errorf("%s: got %d points, want %d", call(schema.SectionTrend, data), len(points), c.points)
			}
			for _, member := range []string{"engagementMedian", "changePercent.engagements", "cpmCny"} {
				if g := show(got, member); g != "absent" {
					t.Errorf("%s: got %s as %s, want none", call(schema.SectionTrend, data), member, g)
				}
			}
		})
	}
}

// A point has what its day has; the platform's costs are those of the last day.
func TestTrendPointsAndCosts(t *testing.T) {
	checkSection(t, schema.SectionTrend, `{"sumData":{"dateKey":"2026-04-03","imp":1,"read":1,"engage":1,"cpm":9,"cpe":9},"dailyData":[
		{"dateKey":"2026-04-02","imp":30,"read":0,"engage":"4","thirdUserNum":5,"cpm":0,"cpe":7.123456789,"cpv":3,"cpuv":2},
		{"dateKey":"2026-04-01","imp":20,"read":10,"engage":3,"cpm":5,"cpe":6}]}`,
		`{"scope":"daily","format":"all","days":30,"paidTraffic":true,
		"points":[{"date":"2026-04-01","impressionMedian":20,"readMedian":10,"engagementMedian":3},{"date":"2026-04-02","impressionMedian":30,"engagementMedian":4}],
		"readMedian":{"first":{"date":"2026-04-01","value":10},"last":{"date":"2026-04-01","value":10},"low":{"date":"2026-04-01","value":10},"high":{"date":"2026-04-01","value":10}},
		"engagementMedian":{"first":{"date":"2026-04-01","value":3},"last":{"date":"2026-04-02","value":4},"low":{"date":"2026-04-01","value":3},"high":{"date":"2026-04-02","value":4}},
		"changePercent":{"engagements":33.33},"cnyPerEngagement":7.123456789}`)
}

// Followers by day: the greatest gain between two days that follow each other.
func TestGrowth(t *testing.T) {
	for name, c := range map[string]struct {
		change       string // fansNumInc
		days         []string
		day, percent string
	}{
		"a gain":                         {`30`, []string{"2026-04-01 100", "2026-04-02 110", "2026-04-03 130"}, `{"change":20,"date":"2026-04-03"}`, "66.67"},
		"the earliest of equals":         {`30`, []string{"2026-04-01 100", "2026-04-02 115", "2026-04-03 130"}, `{"change":15,"date":"2026-04-02"}`, "50"},
		"reversed, and in strings":       {`"30"`, []string{`2026-04-03 "130"`, `2026-04-02 "110"`, `2026-04-01 "100"`}, `{"change":20,"date":"2026-04-03"}`, "66.67"},
		"over the end of a month":        {`9`, []string{"2026-02-28 100", "2026-03-01 109"}, `{"change":9,"date":"2026-03-01"}`, "100"},
		"a step over a gap is none":      {`50`, []string{"2026-04-01 100", "2026-04-03 140", "2026-04-04 150"}, `{"change":10,"date":"2026-04-04"}`, "20"},
		"so is one over an unfilled day": {`50`, []string{"2026-04-01 100", "2026-04-02 0", "2026-04-03 150"}, "absent", "absent"},
		"more than the whole change":     {`10`, []string{"2026-04-01 100", "2026-04-02 130", "2026-04-03 110"}, `{"change":30,"date":"2026-04-02"}`, "300"},
		"a loss alone":                   {`-20`, []string{"2026-04-01 100", "2026-04-02 80"}, "absent", "absent"},
		"a gain within a loss":           {`-20`, []string{"2026-04-01 100", "2026-04-02 105", "2026-04-03 80"}, `{"change":5,"date":"2026-04-02"}`, "absent"},
		"a gain within no change":        {`0`, []string{"2026-04-01 100", "2026-04-02 105", "2026-04-03 100"}, `{"change":5,"date":"2026-04-02"}`, "absent"},
		"a change that is not given":     {`null`, []string{"2026-04-01 100", "2026-04-02 105"}, `{"change":5,"date":"2026-04-02"}`, "absent"},
		"one day":                        {`5`, []string{"2026-04-01 100"}, "absent", "absent"},
	} {
		t.Run(name, func(t *testing.T) {
			data := with(t, days("list", "num", c.days...), "fansNumInc", c.change)
			got := insight(t, schema.SectionGrowth, data)
			if g := show(got, "largestDay"); g != c.day {
				t.Errorf("%s: got the largestDay %s, want %s", call(schema.SectionGrowth, data), g, c.day)
			}
			if g := show(got, "largestDayPercent"); g != c.percent {
				t.Errorf("%s: got the largestDayPercent %s, want %s", call(schema.SectionGrowth, data), g, c.percent)
			}
		})
	}
	checkSection(t, schema.SectionGrowth, `{"fansNumInc":-4,"fansNumIncRate":-0.0385,"list":[{"dateKey":"2026-04-02","num":100},{"dateKey":"2026-04-01","num":104.0},null,7]}`,
		`{"days":30,"points":[{"date":"2026-04-01","followers":104},{"date":"2026-04-02","followers":100}],"change":-4,"changePercent":-3.85}`)
	// Where no day is filled, a 0 is not filled either.
	checkSection(t, schema.SectionGrowth, `{"fansNumInc":0,"fansNumIncRate":0,"list":[]}`, `{"days":30}`, schema.NoDays.With())
	checkSection(t, schema.SectionGrowth, `{"fansNumInc":7,"fansNumIncRate":0.5,"list":null}`, `{"days":30,"change":7,"changePercent":50}`, schema.NoDays.With())
}

// 10,000 days: the latest ones of the window are counted, and a caveat says so. The
// change in followers is the platform's, whose base is the first of all days.
func TestMoreDaysThanTheWindow(t *testing.T) {
	var entries []string
	first := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 10_000 {
		entries = append(entries, fmt.Sprintf("%s %d", first.AddDate(0, 0, i).Format(time.DateOnly), i+1))
	}
	slices.Reverse(entries)
	cut := map[schema.Section]*schema.CaveatKind{schema.SectionTrend: schema.DaysCut, schema.SectionGrowth: schema.GrowthDaysCut}
	for _, window := range []int{30, 90} {
		for section, list := range map[schema.Section][2]string{schema.SectionTrend: {"dailyData", "read"}, schema.SectionGrowth: {"list", "num"}} {
			in := schema.InsightsInput{Scope: schema.ScopeDaily, Format: schema.FormatAll, Days: window}
			p, caveats := Section(section, json.RawMessage(days(list[0], list[1], entries...)), &in, nil)
			call := fmt.Sprintf("Section(%s of 10,000 days, for %d)", section, window)
			sameCaveats(t, call, caveats, cut[section].With(10_000, window))
			if n := len(p.Points); n != window {
				t.Fatalf("%s: got %d points, want %d", call, n, window)
			}
			for i, want := range map[int]string{0: first.AddDate(0, 0, 10_000-window).Format(time.DateOnly), window - 1: "2027-05-18"} {
				if got := p.Points[i].Date; got != want {
					t.Errorf("%s: got point %d of %s, want %s", call, i, got, want)
				}
			}
		}
	}
}
