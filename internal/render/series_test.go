package render

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// daysOf are days from 1 April 2026 on; a 0 is a day without a value.
func daysOf(values ...int) []schema.Day {
	var out []schema.Day
	for i, v := range values {
		if v != 0 {
			date := time.Date(2026, 4, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			out = append(out, schema.Day{Date: date, Value: json.Number(fmt.Sprint(v))})
		}
	}
	return out
}

func TestSparkline(t *testing.T) {
	counted := func(n int) []int {
		out := make([]int, n)
		for i := range out {
			out[i] = i + 1
		}
		return out
	}
	far := []schema.Day{{Date: "0001-01-01", Value: "1"}, {Date: "9999-12-31", Value: "2"}}
	for _, c := range []struct {
		days     []schema.Day
		want     string
		perBlock int
	}{
		{daysOf(1, 2, 3, 4, 5, 6, 7, 8), "▁▂▃▄▅▆▇█", 1},
		{daysOf(8, 1), "█▁", 1},
		{daysOf(100, 0, 0, 200), "▁··█", 1},
		{daysOf(0, 0, 7, 7, 7), "▅▅▅", 1}, // a line that is level; it begins with its first day
		{daysOf(counted(30)...), "▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇███", 1},
		{daysOf(counted(31)...), "▁▁▂▂▃▃▄▄▅▅▆▆▇▇██", 2},
		{daysOf(counted(90)...), "▁▁▂▂▂▂▃▃▃▃▄▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇███", 3},
		{far, "▁" + strings.Repeat("·", 28) + "█", 121736},
	} {
		got, perBlock := sparkline(c.days)
		if got != c.want || perBlock != c.perBlock {
			t.Errorf("sparkline of %d days from %s: got %s of %d days a block, want %s of %d", len(c.days), c.days[0].Date, got, perBlock, c.want, c.perBlock)
		}
	}
}

// Where nothing came, no line is drawn; of one day neither.
func TestNothingIsDrawn(t *testing.T) {
	for _, section := range []schema.Section{schema.SectionTrend, schema.SectionGrowth} {
		one := schema.Point{Date: "2026-04-01"}
		for i := range schema.AllSeries {
			if s := &schema.AllSeries[i]; s.Section == section {
				one.Values = append(one.Values, schema.PointValue{Series: s, Number: "7"})
			}
		}
		for _, points := range [][]schema.Point{nil, {{Date: "2026-04-01"}, {Date: "2026-04-02"}}, {one}} {
			text := Insights(lang.English, &schema.Insights{Trend: &schema.Part{Section: section, Days: 30, Points: points}})
			if strings.ContainsAny(text, "▁▂▃▄▅▆▇█") {
				t.Errorf("%s with the points %+v: got the text %q, want no block in it", section, points, text)
			}
		}
	}
}
