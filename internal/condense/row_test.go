package condense

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/schema"
)

// A row has the figures of the format that was asked for, and the caveats about the
// blogger and the quote of that format.
func TestRow(t *testing.T) {
	const blogger = `"userId":"` + documented + `","name":"a|b","location":"上海","noteSign":{"name":"机构"},"contentTags":[{"taxonomy1Tag":"美妆"},{"taxonomy1Tag":"母婴"},{"taxonomy1Tag":"美妆","taxonomy2Tag":"护肤"}],` +
		`"fansNum":1000,"clickMidNum":400,"mEngagementNum":50,"readMidCoop30":71,"coopNoteNum30d":6,"fans30GrowthRate":-0.4,` +
		`"estimatePictureCpm":1.5,"estimateVideoCpm":2.5,"estimatePictureEngageCost":3,"estimateVideoEngageCost":-4,"pictureReadCost":"0.5","videoReadCost":"0.00"`
	const about = `{"userId":"` + documented + `","name":"a|b","followers":1000,"readMedian":400,"engagementMedian":50,"engagementToReadRatio":0.125,`
	const costs = `"cnyPerEngagement":2,"cnyPerRead":0.25,"cnyPerThousandFollowers":100,"cnyPerSponsoredRead":1.408,` // 100 / 71
	const rest = `"sponsoredReadMedian30d":71,"sponsoredNotes30d":6,"followerGrowthRate30dPercent":-0.4,"mcn":"机构","categories":["美妆","母婴"],"location":"上海","profileUrl":"https://www.xiaohongshu.com/user/profile/` + documented + `"}`
	const image = `"platformCpmCny":1.5,"platformCnyPerEngagement":3,"platformCnyPerRead":0.5,` + rest
	const video = `"platformCpmCny":2.5,` + rest
	for _, c := range []struct {
		format  schema.Format
		terms   Terms
		data    string
		want    string
		reasons []schema.Reason
		outside []schema.Reason
		caveats []schema.Caveat
	}{
		{schema.FormatImage, Terms{}, `{` + blogger + `,"pictureState":1,"picturePrice":100,"videoState":1,"videoPrice":0}`,
			about + `"status":"open","priceCny":100,"imagePriceCny":100,` + costs + image, nil, nil, nil},
		{schema.FormatVideo, Terms{}, `{` + blogger + `,"pictureState":1,"picturePrice":100,"videoState":1,"videoPrice":0}`,
			about + `"status":"no_quote","imagePriceCny":100,` + video, nil, nil, []schema.Caveat{schema.OpenWithoutQuote.With(schema.FormatVideo.Word())}},
		{schema.FormatImage, Terms{MaxPriceCNY: 99}, `{` + blogger + `,"cooperType":2,"lowActive":true,"pictureState":1,"picturePrice":100,"videoState":0,"videoPrice":9999999}`,
			about + `"status":"open","priceCny":100,"imagePriceCny":100,` + costs + image,
			[]schema.Reason{schema.ReasonNotOnPgy}, nil, []schema.Caveat{schema.NotOnboarded.With(), schema.LowActive.With()}},
		{schema.FormatImage, Terms{MaxPriceCNY: 109, FeePercent: 10}, `{` + blogger + `,"currentLevel":0,"pictureState":1,"picturePrice":100,"videoState":1,"videoPrice":200}`,
			about + `"status":"open","priceCny":100,"priceWithFeeCny":110,"imagePriceCny":100,"videoPriceCny":200,` + costs + strings.Replace(image, `"profileUrl"`, `"health":"abnormal","profileUrl"`, 1),
			nil, []schema.Reason{schema.ReasonOverLimit}, []schema.Caveat{schema.AbnormalHealth.With()}},
		{schema.FormatVideo, Terms{MaxPriceCNY: 99}, `{` + blogger + `,"cooperType":2,"pictureState":1,"picturePrice":100,"videoState":0,"videoPrice":200}`,
			about + `"status":"closed","priceCny":200,"imagePriceCny":100,"videoPriceCny":200,` + video,
			[]schema.Reason{schema.ReasonClosed, schema.ReasonNotOnPgy}, nil, []schema.Caveat{schema.NotOnboarded.With()}},
		{schema.FormatVideo, Terms{MaxPriceCNY: 99}, `{` + blogger + `,"videoState":0,"videoPrice":9999999}`,
			about + `"status":"placeholder",` + video,
			[]schema.Reason{schema.ReasonPlaceholder}, nil, []schema.Caveat{schema.PlaceholderQuote.With(schema.FormatVideo.Word())}},
		{schema.FormatVideo, Terms{MaxPriceCNY: 99}, `{}`, `{"userId":"","status":"unknown"}`, []schema.Reason{schema.ReasonUnknown}, nil, []schema.Caveat{schema.NothingKnown.With()}},
	} {
		row, reasons, outside, caveats := Row(json.RawMessage(c.data), schema.SeenInProfile, c.format, c.terms)
		call := fmt.Sprintf("Row(%s, %s, %+v)", c.data, c.format, c.terms)
		if got := encode(t, row); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", call, got, c.want)
		}
		if !slices.Equal(reasons, c.reasons) {
			t.Errorf("%s: got the reasons %+v, want %+v", call, reasons, c.reasons)
		}
		if !slices.Equal(outside, c.outside) {
			t.Errorf("%s: got outside %+v, want %+v", call, outside, c.outside)
		}
		sameCaveats(t, call, caveats, c.caveats...)
	}
}

// A row says itself by short words what its caveats are.
func TestFlags(t *testing.T) {
	for _, c := range []struct {
		data string
		from schema.AnswerKind
		want string
	}{
		{`{"name":"x","currentLevel":2}`, schema.SeenInProfile, ""},
		{`{"lowActive":1}`, schema.SeenInProfile, "low-active"},
		{`{"currentLevel":0}`, schema.SeenInProfile, "abnormal health"},
		{`{"currentLevel":"1"}`, schema.SeenInProfile, "ordinary health"},
		{`{"fansNum":5,"fansCount":6}`, schema.SeenInProfile, "followers disagree"},
		{`{"readMidCoop30":5,"coopNoteNum30d":4}`, schema.SeenInProfile, "few sponsored notes"},
		{`{"readMidCoop30":5,"coopNoteNum30d":5}`, schema.SeenInProfile, ""},
		{`{"readMidCoop30":5}`, schema.SeenInProfile, ""},
		{`{"name":"x"}`, schema.SeenInSearch, "from search"},
		{`{"nickName":"x","fansNum":5}`, schema.SeenInNote, "from a note"},
		{`{"lowActive":true,"currentLevel":0,"fansNum":5,"fansCount":6,"interMidCoop30":5,"coopNoteNum30d":1}`, schema.SeenInProfile, "abnormal health; low-active; followers disagree; few sponsored notes"},
	} {
		_, _, _, caveats := Row(json.RawMessage(c.data), c.from, schema.FormatVideo, Terms{})
		if got := strings.Join(schema.Flags(caveats), "; "); got != c.want {
			t.Errorf("the flags of Row(%s, %s): got %q, want %q", c.data, c.from, got, c.want)
		}
	}
}
