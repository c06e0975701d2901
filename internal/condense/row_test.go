package condense

import (
	"encoding/json"
	"slices"
	"testing"

	"pgy-mcp/schema"
)

// A row has the figures of the format that was asked for, and the caveats about the
// blogger and the quote of that format.
func TestRow(t *testing.T) {
	const blogger = `"userId":"` + documented + `","name":"a|b","location":"上海","noteSign":{"name":"机构"},"contentTags":[{"taxonomy1Tag":"美妆"},{"taxonomy1Tag":"母婴"}],` +
		`"fansNum":1000,"clickMidNum":400,"mEngagementNum":50,"readMidCoop30":71,` +
		`"estimatePictureCpm":1.5,"estimateVideoCpm":2.5,"estimatePictureEngageCost":3,"estimateVideoEngageCost":-4,"pictureReadCost":"0.5","videoReadCost":"0.00"`
	const about = `{"userId":"` + documented + `","name":"a|b","followers":1000,"readMedian":400,"engagementMedian":50,"engagementToReadRatio":0.125,`
	const image = `"platformCpmCny":1.5,"platformCnyPerEngagement":3,"platformCnyPerRead":0.5,"sponsoredReadMedian30d":71,"mcn":"机构","category":"美妆","location":"上海"}`
	const video = `"platformCpmCny":2.5,"sponsoredReadMedian30d":71,"mcn":"机构","category":"美妆","location":"上海"}`
	for _, c := range []struct {
		format   schema.Format
		maxPrice float64
		data     string
		want     string
		reasons  []schema.Reason
		caveats  []schema.Caveat
	}{
		{schema.FormatImage, 0, `{` + blogger + `,"pictureState":1,"picturePrice":100,"videoState":1,"videoPrice":0}`,
			about + `"status":"open","priceCny":100,"cnyPerEngagement":2,"cnyPerRead":0.25,"cnyPerThousandFollowers":100,` + image, nil, nil},
		{schema.FormatVideo, 0, `{` + blogger + `,"pictureState":1,"picturePrice":100,"videoState":1,"videoPrice":0}`,
			about + `"status":"no_quote",` + video, nil, []schema.Caveat{schema.OpenWithoutQuote.With(schema.FormatVideo.Word())}},
		{schema.FormatImage, 99, `{` + blogger + `,"cooperType":2,"lowActive":true,"pictureState":1,"picturePrice":100,"videoState":0,"videoPrice":9999999}`,
			about + `"status":"open","priceCny":100,"cnyPerEngagement":2,"cnyPerRead":0.25,"cnyPerThousandFollowers":100,` + image,
			[]schema.Reason{schema.ReasonNotOnPgy, schema.ReasonOverLimit}, []schema.Caveat{schema.NotOnboarded.With(), schema.LowActive.With()}},
		{schema.FormatVideo, 99, `{` + blogger + `,"cooperType":2,"pictureState":1,"picturePrice":100,"videoState":0,"videoPrice":200}`,
			about + `"status":"closed","priceCny":200,` + video,
			[]schema.Reason{schema.ReasonClosed, schema.ReasonNotOnPgy, schema.ReasonOverLimit}, []schema.Caveat{schema.NotOnboarded.With()}},
		{schema.FormatVideo, 99, `{` + blogger + `,"videoState":0,"videoPrice":9999999}`,
			about + `"status":"placeholder",` + video,
			[]schema.Reason{schema.ReasonPlaceholder}, []schema.Caveat{schema.PlaceholderQuote.With(schema.FormatVideo.Word())}},
		{schema.FormatVideo, 99, `{}`, `{"userId":"","status":"unknown"}`, []schema.Reason{schema.ReasonUnknown}, nil},
	} {
		row, reasons, caveats := Row(json.RawMessage(c.data), c.format, c.maxPrice)
		if got := encode(t, row); got != c.want {
			t.Errorf("Row(%s, %s, %v)\n got %s\nwant %s", c.data, c.format, c.maxPrice, got, c.want)
		}
		if !slices.Equal(reasons, c.reasons) {
			t.Errorf("Row(%s, %s, %v): got the reasons %+v, want %+v", c.data, c.format, c.maxPrice, reasons, c.reasons)
		}
		sameCaveats(t, "Row("+c.data+", "+string(c.format)+")", caveats, c.caveats...)
	}
}
