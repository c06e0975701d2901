package render

import (
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

func TestAges(t *testing.T) {
	for seconds, want := range map[int64]string{0: "0 s ago", 119: "119 s ago", 120: "2 min ago", 7199: "119 min ago", 7200: "2 h ago", 30 * 3600: "30 h ago"} {
		if got := Age(lang.English, seconds); got != want {
			t.Errorf("Age(%d) = %q, want %q", seconds, got, want)
		}
	}
}

// A figure has as many digits as tell something.
func TestFigures(t *testing.T) {
	for _, c := range []struct {
		quantity schema.Quantity
		x        float64
		en, zh   string
	}{
		{schema.UnitCost, 17.43, "17.43", "17.43"},
		{schema.UnitCost, 125.4, "125.40", "125.40"},
		{schema.UnitCost, 1, "1.00", "1.00"},
		{schema.UnitCost, 12345.678, "12,345.68", "12,345.68"},
		{schema.UnitCost, 0.2016, "0.202", "0.202"},
		{schema.UnitCost, 0.2792, "0.279", "0.279"},
		{schema.UnitCost, 0.74, "0.740", "0.740"},
		{schema.UnitCost, 0.9994, "0.999", "0.999"},
		{schema.UnitCost, 0.9996, "1.00", "1.00"},
		{schema.UnitCost, 0.1, "0.100", "0.100"},
		{schema.UnitCost, 0.09999, "0.100", "0.100"},
		{schema.UnitCost, 0.001234, "0.00123", "0.00123"},
		{schema.UnitCost, 0.001, "0.00100", "0.00100"},
		{schema.UnitCost, 0.00099999, "0.00100", "0.00100"},
		{schema.Ratio, 0.01157, "1.16 %", "1.16%"},
		{schema.Ratio, 0.6219, "62.19 %", "62.19%"},
		{schema.Ratio, 0.001157, "0.116 %", "0.116%"},
		{schema.Ratio, 1.5, "150.00 %", "150.00%"},
		{schema.Percentage, -0.1, "-0.1 %", "-0.1%"},
		{schema.Percentage, 4, "4 %", "4%"},
		{schema.Percentage, 130.9, "130.9 %", "130.9%"},
		{schema.Percentage, 4.0567, "4.06 %", "4.06%"},
		{schema.Counted, 1103684, "1,103,684", "1,103,684"},
		{schema.Counted, 100, "100", "100"},
		{schema.Counted, 71002.5, "71,002.5", "71,002.5"},
		{schema.Counted, 8120.3333333, "8,120.33", "8,120.33"},
		{schema.Counted, 0, "0", "0"},
		{schema.Money, 18000.5, "18,000.5", "18,000.5"},
		{schema.Money, 13000, "13,000", "13,000"},
	} {
		if got := Figure(lang.English, c.quantity, c.x); got != c.en {
			t.Errorf("Figure(en, %d, %v): got %q, want %q", c.quantity, c.x, got, c.en)
		}
		if got := Figure(lang.Chinese, c.quantity, c.x); got != c.zh {
			t.Errorf("Figure(zh, %d, %v): got %q, want %q", c.quantity, c.x, got, c.zh)
		}
	}
}

// A caveat with a number of notes is a sentence whatever the number is.
func TestCaveatsAboutOneNote(t *testing.T) {
	for want, c := range map[string]schema.Caveat{
		"The figures of sponsored notes are medians of few notes: 1 in 30 days.":                                schema.FewSponsoredNotes.With(1.0),
		"The upstream gives more sponsored notes in 30 days (1) than in all (0): at least one figure is wrong.": schema.SponsoredAboveAll.With(1.0, int64(0)),
	} {
		if got := Caveats(lang.English, []schema.Caveat{c})[0]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
