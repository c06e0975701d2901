package render

import (
	"testing"

	"pgy-mcp/internal/lang"
)

func TestAges(t *testing.T) {
	for seconds, want := range map[int64]string{0: "0 s ago", 119: "119 s ago", 120: "2 min ago", 7199: "119 min ago", 7200: "2 h ago", 30 * 3600: "30 h ago"} {
		if got := Age(lang.English, seconds); got != want {
			t.Errorf("Age(%d) = %q, want %q", seconds, got, want)
		}
	}
}

func TestNumbersForReaders(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 12345: "12,345", 1234567.25: "1,234,567.25", -1204: "-1,204", -999: "-999", 0.2016: "0.2016", 9007199254740992: "9,007,199,254,740,992",
	} {
		if got := Number(x); got != want {
			t.Errorf("Number(%v) = %q, want %q", x, got, want)
		}
	}
}
