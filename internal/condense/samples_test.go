package condense

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"testing"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

// The samples show the rules to whoever tries the program without a token.
func TestSamplesShowTheRules(t *testing.T) {
	for id, want := range map[string][]schema.Caveat{
		"5a3e1e000000000000000009": {schema.AbnormalHealth.With(), schema.FollowersDisagree.With(int64(61240), int64(58902)), schema.FewSponsoredNotes.With(2.0)},
		"5a3e1e00000000000000000a": {schema.OrdinaryHealth.With(), schema.HiddenQuote.With(schema.FormatImage.Word()), schema.ClothingQuote.With(schema.FormatVideo.Word(), 10500.0)},
	} {
		_, got := Profile(json.RawMessage(sampleData(t, id)), Terms{})
		sameCaveats(t, "Profile of "+id, got, want...)
	}
}

// A blogger of the searches has a profile too, whose count of all sponsored notes is not
// below that of the last 30 days.
func TestFoundSamplesAgreeWithThemselves(t *testing.T) {
	file, err := fs.ReadFile(testkit.Samples(), "search/bloggers.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Bloggers []struct{ Data json.RawMessage }
	}
	if err := json.Unmarshal(file, &recorded); err != nil {
		t.Fatal(err)
	}
	for _, b := range recorded.Bloggers {
		_, caveats := Profile(b.Data, Terms{})
		for _, c := range caveats {
			if c.Kind == schema.SponsoredAboveAll {
				t.Errorf("Profile of %.50s: got the caveat %v, want none", b.Data, c)
			}
		}
	}
}

// A person who asks for the profile and the insights of the full sample reads the same
// figures in both.
func TestTheFullSampleAgreesWithItself(t *testing.T) {
	profile := summaryOf(t, sampleData(t, full))
	for _, c := range []struct {
		section               schema.Section
		file                  string
		inInsights, inProfile string
	}{
		{schema.SectionFollowers, "followers", "followers", "followers"},
		{schema.SectionFollowers, "followers", "change30d", "platformMetrics.followerGrowth30d"},
		{schema.SectionFollowers, "followers", "changeRate30dPercent", "platformMetrics.followerGrowthRate30dPercent"},
		{schema.SectionFollowers, "followers", "active28dPercent", "platformMetrics.activeFollowers28dPercent"},
		{schema.SectionFollowers, "followers", "engaged30dPercent", "platformMetrics.engagedFollowers30dPercent"},
		{schema.SectionPerformance, "performance", "readMedian", "readMedian"},
		{schema.SectionPerformance, "performance", "engagementMedian", "engagementMedian"},
		{schema.SectionPerformance, "performance", "impressionMedian", "platformMetrics.impressionMedian30d"},
		{schema.SectionPerformance, "performance", "notesOver100LikesPercent", "platformMetrics.notesOver100LikesPercent30d"},
		{schema.SectionPerformance, "performance", "notesOver1000LikesPercent", "platformMetrics.notesOver1000LikesPercent30d"},
		{schema.SectionPerformance, "performance", "videoCompletionPercent", "platformMetrics.videoCompletionPercent"},
		{schema.SectionPerformance, "performance-sponsored", "notes", "platformMetrics.sponsoredNotes30d"},
		{schema.SectionPerformance, "performance-sponsored", "readMedian", "platformMetrics.sponsoredReadMedian30d"},
		{schema.SectionPerformance, "performance-sponsored", "impressionMedian", "platformMetrics.sponsoredImpressionMedian30d"},
		{schema.SectionCosts, "costs", "image.cpmCny", "platformMetrics.imageCpmCny"},
		{schema.SectionCosts, "costs", "video.cpmCny", "platformMetrics.videoCpmCny"},
		{schema.SectionCosts, "costs", "image.cnyPerEngagement", "platformMetrics.imageCnyPerEngagement"},
		{schema.SectionCosts, "costs", "video.cnyPerEngagement", "platformMetrics.videoCnyPerEngagement"},
		{schema.SectionCosts, "costs", "image.cnyPerRead", "platformMetrics.imageCnyPerRead"},
		{schema.SectionCosts, "costs", "video.cnyPerRead", "platformMetrics.videoCnyPerRead"},
	} {
		insights, _ := section(t, c.section, sampleData(t, full+"/"+c.file))
		got, want := show(profile, c.inProfile), show(insights, c.inInsights)
		var x, y float64
		if _, err := fmt.Sscan(got+" "+want, &x, &y); err != nil || fmt.Sprintf("%.2f", x) != fmt.Sprintf("%.2f", y) {
			t.Errorf("%s of the profile: got %s, want %s as %s of %s", c.inProfile, got, want, c.inInsights, c.file)
		}
	}
}
