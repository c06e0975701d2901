package condense

import (
	"encoding/json"
	"strings"
	"testing"

	"pgy-mcp/schema"
)

// The figures of ours, worked out by hand.
func TestQuotients(t *testing.T) {
	for _, c := range []struct{ data, member, want string }{
		{`{"noteNumber":24,"impMedian":214600,"readMedian":88210}`, "readRatePercent", "41.1"}, // 41.104…
		{`{"noteNumber":24,"impMedian":3,"readMedian":1}`, "readRatePercent", "33.33"},
		{`{"noteNumber":24,"impMedian":0,"readMedian":5}`, "readRatePercent", "absent"},
		{`{"noteNumber":24,"impMedian":5,"readMedian":0}`, "readRatePercent", "absent"}, // not filled
		{`{"noteNumber":24,"impMedian":5,"readMedian":6}`, "readRatePercent", "absent"}, // more reads than impressions
		{`{"noteNumber":24,"readMedian":5}`, "readRatePercent", "absent"},
		{`{"noteNumber":24,"likeMedian":1840,"collectMedian":910}`, "collectsToLikes", "0.4946"},
		{`{"noteNumber":24,"likeMedian":5,"collectMedian":0}`, "collectsToLikes", "0"},
		{`{"noteNumber":24,"likeMedian":0,"collectMedian":5}`, "collectsToLikes", "absent"},
		{`{"noteNumber":24,"likeMedian":5}`, "collectsToLikes", "absent"},
		{`{"noteNumber":24,"likeMedian":1840,"readMedian":88210}`, "readsToLikes", "47.94"},
		{`{"noteNumber":24,"likeMedian":0,"readMedian":88210}`, "readsToLikes", "absent"},
		{`{"noteNumber":24,"videoNoteNumber":10}`, "videoSharePercent", "41.67"},
		{`{"noteNumber":24,"videoNoteNumber":0}`, "videoSharePercent", "0"},
		{`{"noteNumber":24,"videoNoteNumber":25}`, "videoSharePercent", "absent"}, // impossible
		{`{"noteNumber":24}`, "videoSharePercent", "absent"},
		{`{"videoNoteNumber":10}`, "videoSharePercent", "absent"},
		{`{"noteNumber":0,"impMedian":214600,"readMedian":88210}`, "readRatePercent", "absent"},
		{`{"impMedian":214600,"readMedian":88210}`, "readRatePercent", "41.1"}, // how many notes is not known
	} {
		if got := show(insight(t, schema.SectionPerformance, c.data), c.member); got != c.want {
			t.Errorf("%s: got the %s %s, want %s", call(schema.SectionPerformance, c.data), c.member, got, c.want)
		}
	}
}

func TestUnitCostsOfPerformance(t *testing.T) {
	const medians = `{"noteNumber":9,"videoNoteNumber":3,"impMedian":200000,"readMedian":80000,"mEngagementNum":3000}`
	quote := func(status schema.QuoteStatus, price float64) *schema.Quote {
		return &schema.Quote{Status: status, PriceCNY: &price}
	}
	open := quote(schema.QuoteOpen, 50000)
	none := []schema.Caveat(nil)
	notInMemory := []schema.Caveat{schema.QuoteNotCached.With(schema.FormatVideo.Word())}
	notOpen := []schema.Caveat{schema.QuoteNotOpen.With(schema.FormatVideo.Word())}
	for _, c := range []struct {
		format  schema.Format
		quote   *schema.Quote
		data    string
		want    string
		caveats []schema.Caveat
	}{
		// 50,000 ÷ 200,000 × 1,000; ÷ 80,000; ÷ 3,000
		{schema.FormatVideo, open, medians, `{"cnyPerEngagement":16.67,"cnyPerRead":0.625,"cpmCny":250,"priceCny":50000}`, none},
		{schema.FormatImage, open, medians, `{"cnyPerEngagement":16.67,"cnyPerRead":0.625,"cpmCny":250,"priceCny":50000}`, none},
		{schema.FormatAll, open, medians, "absent", none},
		{schema.FormatAll, nil, medians, "absent", none},
		{schema.FormatVideo, nil, medians, "absent", notInMemory},
		{schema.FormatVideo, quote(schema.QuoteClosed, 50000), medians, "absent", notOpen},
		{schema.FormatVideo, quote(schema.QuoteHidden, 50000), medians, "absent", notOpen},
		{schema.FormatVideo, &schema.Quote{Status: schema.QuoteNone}, medians, "absent", notOpen},
		{schema.FormatVideo, open, `{"noteNumber":9,"readMedian":80000}`, `{"cnyPerRead":0.625,"priceCny":50000}`, none},
		{schema.FormatVideo, open, `{"noteNumber":9,"likeMedian":5}`, "absent", none}, // no median to divide by
		{schema.FormatVideo, nil, `{"noteNumber":9,"likeMedian":5}`, "absent", none},
		{schema.FormatVideo, open, `{"noteNumber":0,"readMedian":80000}`, "absent", []schema.Caveat{schema.NoNotesInScope.With()}},
		{schema.FormatVideo, nil, `{"noteNumber":0}`, "absent", []schema.Caveat{schema.NoNotesInScope.With()}},
	} {
		in := schema.InsightsInput{Scope: schema.ScopeSponsored, Format: c.format, Days: 30}
		p, caveats := Section(schema.SectionPerformance, json.RawMessage(c.data), &in, c.quote)
		if got := show(members(t, p), "unitCosts"); got != c.want {
			t.Errorf("%s of %s with the quote %+v: got the unitCosts %s, want %s", call(schema.SectionPerformance, c.data), c.format, c.quote, got, c.want)
		}
		sameCaveats(t, call(schema.SectionPerformance, c.data), caveats, c.caveats...)
	}
}

func TestFirstTierCities(t *testing.T) {
	for cities, want := range map[string]string{
		`[{"name":"北京","percent":0.1},{"name":"上海","percent":0.08},{"name":"广州","percent":0.02},{"name":"深圳","percent":0.0312345},{"name":"成都","percent":0.3}]`: "23.12",
		`[{"name":"成都","percent":0.3},{"name":"深圳","percent":"0.025"}]`:                                                                                         "2.5",
		`[{"name":"成都","percent":0.3}]`:                               "absent",
		`[{"name":"北京","percent":38.7},{"name":"上海","percent":0.08}]`: "8", // one that is no share is not given
		`[{"name":"北京","percent":0.6},{"name":"上海","percent":0.6}]`:   "absent",
		`[{"name":"北京"}]`: "absent",
		`null`:            "absent",
	} {
		data := `{"cities":` + cities + `}`
		if got := show(insight(t, schema.SectionAudience, data), "firstTierPercent"); got != want {
			t.Errorf("%s: got the firstTierPercent %s, want %s", call(schema.SectionAudience, data), got, want)
		}
	}
}

func TestAvailability(t *testing.T) {
	checkSection(t, schema.SectionAvailability, `{"dateKey":"2026-04-30","responseRate":"87.5","inviteNum":48,"activeDayInLast7":6,"isActive":true,"easyConnect":0,"tradeNames":["3c及电器",null,"","家用电器"],"kolAdvantage":"x"}`,
		`{"asOf":"2026-04-30","replyPercent":87.5,"invitations":48,"activeDaysOf7":6,"active":true,"easyToReach":false,"industries":["3c及电器","家用电器"]}`)
	long := strings.Repeat("长", 21)
	checkSection(t, schema.SectionAvailability, `{"tradeNames":["`+long+`","`+long[:60]+`"]}`, `{"industries":["`+long[:57]+`…","`+long[:60]+`"]}`)
	// Nobody asked, so nobody waited for a reply.
	checkSection(t, schema.SectionAvailability, `{"responseRate":"0.0","inviteNum":0,"activeDayInLast7":0,"isActive":false}`, `{"invitations":0,"activeDaysOf7":0,"active":false}`)
	checkSection(t, schema.SectionAvailability, `{"responseRate":"87.5","inviteNum":null,"isActive":"maybe","activeDayInLast7":8,"easyConnect":true}`, `{"easyToReach":true}`)
}
