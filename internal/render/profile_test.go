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
	s, caveats := condense.Profile(json.RawMessage(data), condense.Terms{})
	s.Caveats = Caveats(lang.English, caveats)
	return Text(lang.English, Profile(lang.English, &s))
}

func TestQuotesInTheText(t *testing.T) {
	const terms = "Quotes are: CNY per note without the platform's service fee; unit costs are per all-format median"
	for _, c := range []struct {
		data, line string
		terms      int
	}{
		{`{"pictureState":1,"picturePrice":13000,"mEngagementNum":746,"clickMidNum":64478,"fansNum":103684}`, "Image quote: open; 13,000 CNY; 17.43 CNY per engagement; 0.202 CNY per read; 125.40 CNY per 1,000 followers", 1},
		{`{"videoState":0,"videoPrice":1234567.5}`, "Video quote: closed, cannot be booked now; 1,234,567.5 CNY", 1},
		{`{"videoState":1,"videoPrice":0}`, "Video quote: open, but no quote given (not free of charge)", 0},
		{`{"videoState":1,"videoPrice":9999999}`, "Video quote: placeholder price, means do not book", 0},
		{`{"videoState":3}`, "Video quote: unknown", 0},
		{`{"videoState":1,"videoPrice":18000,"videoShowState":false}`, "Video quote: price hidden by the platform, cannot be booked at it; 18,000 CNY", 1},
		{`{"pictureState":1,"picturePrice":1000,"clothingIndustryPrice":{"pictureState":1,"picturePrice":900}}`, "Image quote: open; 1,000 CNY; for clothing brands 900 CNY", 1},
		{`{"pictureState":1,"picturePrice":1000,"pictureClickMidNum":4000,"readMidCoop30":3000}`, "Image quote: open; 1,000 CNY; 0.250 CNY per read of image notes alone; 0.333 CNY per read of sponsored notes", 1},
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

// Costs by an older engagement median are not to be compared with the others, and the
// text says so where there are any.
func TestTheOlderEngagementMedianInTheText(t *testing.T) {
	const line = "Quotes are: CNY per note without the platform's service fee; unit costs are per all-format median; costs per engagement of one format alone and of sponsored notes divide by an older engagement median: not comparable with CNY per engagement"
	for data, want := range map[string]bool{
		`{"pictureState":1,"picturePrice":1000,"pictureInterMidNum":30}`:                true,
		`{"videoState":1,"videoPrice":1000,"interMidCoop30":30}`:                        true,
		`{"videoState":1,"videoPrice":1000,"mEngagementNum":30,"videoClickMidNum":400}`: false,
		`{"videoState":0,"videoPrice":1000,"interMidCoop30":30}`:                        false,
	} {
		if got := slices.Contains(strings.Split(profileText(data), "\n"), line); got != want {
			t.Errorf("%s: the text says %q: %v, want %v", data, line, got, want)
		}
	}
}

// A text that is cut is still a name with its quotes; ids and addresses come last.
func TestTheOrderOfAProfile(t *testing.T) {
	lines := strings.Split(profileText(`{"userId":"`+documentedID+`","name":"x","redId":"7","fansNum":5,"videoState":1,"videoPrice":10,"mcn":"y","lowActive":true,"currentLevel":1}`), "\n")
	var labels []string
	for _, line := range lines {
		label, _, _ := strings.Cut(line, ": ")
		labels = append(labels, label)
	}
	want := []string{"Blogger", "Image quote", "Video quote", "Quotes are", "Followers", "Health level", "Low-active", "Gender", "Not provided", "Caveat", "Caveat", "User ID", "Red ID (小红书号)", "Profile page", "Pgy page"}
	if !slices.Equal(labels, want) {
		t.Errorf("the labels: got %q, want %q", labels, want)
	}
}

func TestHealthInTheText(t *testing.T) {
	for data, want := range map[string]string{
		`{"currentLevel":0}`: "Health level: abnormal (level 0 of 0 to 2, more is better)",
		`{"currentLevel":2}`: "Health level: excellent (level 2 of 0 to 2, more is better)",
		`{"currentLevel":7}`: "Health level: 7",
	} {
		if lines := strings.Split(profileText(data), "\n"); !slices.Contains(lines, want) {
			t.Errorf("%s: the lines are %q, want %q among them", data, lines, want)
		}
	}
}

// With a fee the price says both.
func TestTheFeeInTheText(t *testing.T) {
	s, _ := condense.Profile(json.RawMessage(`{"videoState":1,"videoPrice":13000.5}`), condense.Terms{FeePercent: 10})
	contains(t, "the text", Text(lang.English, Profile(lang.English, &s)), "Video quote: open; 13,000.5 CNY; 14,300.55 CNY with fee\n")
	contains(t, "the text", Text(lang.Chinese, Profile(lang.Chinese, &s)), "视频报价：可接单；13,000.5 元；含服务费 14,300.55 元\n")
}

func TestMetricsInTheText(t *testing.T) {
	for _, c := range []struct{ data, line string }{
		{`{"fans30GrowthNum":-1204}`, "Follower change: -1,204 in 30 days (platform's figure)"},
		{`{"fans30GrowthRate":130.9}`, "Follower change rate: 130.9 % in 30 days (platform's figure)"},
		{`{"avgAgmv90d":250310.5}`, "Sales per live session: 250,310.5 CNY, 90 days (platform's figure)"},
		{`{"avgLiveViewerNum":8120}`, "Viewers per live session: 8,120 (platform's figure)"},
		{`{"fans30GrowthRate":-0.1}`, "Follower change rate: -0.1 % in 30 days (platform's figure)"},
		{`{"estimatePictureCpm":245.6140350877193}`, "CPM, image: 245.61 CNY per 1,000 impressions (platform's figure)"},
		{`{"pictureReadCost":"0.74321"}`, "Cost per read, image: 0.743 CNY (platform's figure)"},
		{`{"avgLiveViewerNum":8120.333333}`, "Viewers per live session: 8,120.33 (platform's figure)"},
		{`{"videoReadCost":"1.78"}`, "Cost per read, video: 1.78 CNY (platform's figure)"},
		{`{"accumCommonImpMedinNum30d":1000000}`, "Impression median, daily: 1,000,000 per note, 30 days (platform's figure)"},
	} {
		if lines := strings.Split(profileText(c.data), "\n"); !slices.Contains(lines, c.line) {
			t.Errorf("%s: the lines are %q, want %q among them", c.data, lines, c.line)
		}
	}
}
