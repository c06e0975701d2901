package render

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
)

// profileText is the text of a profile's data object.
func profileText(data string) string {
	s, caveats := condense.Profile(json.RawMessage(data))
	s.Caveats = Caveats(lang.English, caveats)
	return Text(lang.English, Profile(lang.English, &s))
}

func TestQuotesInTheText(t *testing.T) {
	const terms = "Quotes are: CNY per note without the platform's service fee; unit costs are per all-format median"
	for _, c := range []struct {
		data, line string
		terms      int
	}{
		{`{"pictureState":1,"picturePrice":13000,"mEngagementNum":746,"clickMidNum":64478,"fansNum":103684}`, "Image quote: open; 13,000 CNY; 17.43 CNY per engagement; 0.2016 CNY per read; 125.4 CNY per 1,000 followers", 1},
		{`{"videoState":0,"videoPrice":1234567.5}`, "Video quote: closed, cannot be booked now; 1,234,567.5 CNY", 1},
		{`{"videoState":1,"videoPrice":0}`, "Video quote: open, but no quote given (not free of charge)", 0},
		{`{"videoState":1,"videoPrice":9999999}`, "Video quote: placeholder price, means do not book", 0},
		{`{"videoState":3}`, "Video quote: unknown", 0},
	} {
		text := "\n" + profileText(c.data) + "\n"
		if !strings.Contains(text, "\n"+c.line+"\n") {
			t.Errorf("%s: the text is %.600q, want the line %q in it", c.data, text, c.line)
		}
		// The terms of the division are said once, where there is a price.
		if n := strings.Count(text, "\n"+terms+"\n"); n != c.terms {
			t.Errorf("%s: got %d lines on the terms, want %d: %.600q", c.data, n, c.terms, text)
		}
		if strings.Contains(text, "CPM") {
			t.Errorf("%s: the text is %.600q, want unit costs not to be called CPM", c.data, text)
		}
	}
}

func TestMetricsInTheText(t *testing.T) {
	for _, c := range []struct{ data, line string }{
		{`{"fans30GrowthNum":-1204}`, "Follower change: -1,204 in 30 days (platform's figure)"},
		{`{"fans30GrowthRate":130.9}`, "Follower change rate: 130.9 % in 30 days (platform's figure)"},
		{`{"avgAgmv90d":250310.5}`, "Sales per live session: 250,310.5 CNY, 90 days (platform's figure)"},
		{`{"avgLiveViewerNum":8120}`, "Viewers per live session: 8,120 (platform's figure)"},
		{`{"videoReadCost":"1.78"}`, "Cost per read, video: 1.78 CNY (platform's figure)"},
		{`{"accumCommonImpMedinNum30d":1000000}`, "Impression median, daily: 1,000,000 per note, 30 days (platform's figure)"},
	} {
		if lines := strings.Split(profileText(c.data), "\n"); !slices.Contains(lines, c.line) {
			t.Errorf("%s: the lines are %q, want %q among them", c.data, lines, c.line)
		}
	}
}
