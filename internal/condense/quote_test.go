package condense

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgy-mcp/schema"
)

func TestQuoteStatuses(t *testing.T) {
	for _, c := range []struct{ state, price, status, priceCny string }{
		{`1`, `13000`, "open", "13000"},
		{`1.0`, `13000.0`, "open", "13000"},
		{`"1"`, `"13000.5"`, "open", "13000.5"},
		{`1`, `0.5`, "open", "0.5"},
		{`1`, `9999998`, "open", "9999998"},
		{`1`, `9999998.5`, "open", "9999998.5"},
		// A placeholder is one whatever the state says.
		{`1`, `9999999`, "placeholder", "absent"},
		{`1`, `"9999999.0"`, "placeholder", "absent"},
		{`1`, `99999999`, "placeholder", "absent"},
		{`0`, `9999999`, "placeholder", "absent"},
		{`2`, `9999999`, "placeholder", "absent"},
		{`null`, `9999999`, "placeholder", "absent"},
		{`1`, `1e15`, "placeholder", "absent"},
		{`1`, `1e16`, "placeholder", "absent"},
		{`1`, `"1e400"`, "placeholder", "absent"},
		{`1`, `1e-10`, "no_quote", "absent"},
		{`1`, `-1e400`, "unknown", "absent"},
		{`1`, `0`, "no_quote", "absent"},
		{`1`, `0.0`, "no_quote", "absent"},
		{`1`, `null`, "no_quote", "absent"},
		{`1`, `"-"`, "no_quote", "absent"},
		{`1`, `"暂无"`, "no_quote", "absent"},
		{`1`, `""`, "no_quote", "absent"},
		{`1`, `{}`, "no_quote", "absent"},
		{`0`, `8000`, "closed", "8000"},
		{`"0"`, `"8000"`, "closed", "8000"},
		{`0`, `0`, "closed", "absent"},
		{`0`, `null`, "closed", "absent"},
		{`0`, `-5`, "closed", "absent"},
		{`1`, `-5`, "unknown", "absent"},
		{`2`, `8000`, "unknown", "8000"},
		{`-1`, `8000`, "unknown", "8000"},
		{`0.5`, `8000`, "unknown", "8000"},
		{`null`, `8000`, "unknown", "8000"},
		{`"-"`, `8000`, "unknown", "8000"},
		{`true`, `8000`, "unknown", "8000"},
		{`[1]`, `8000`, "unknown", "8000"},
		{`null`, `null`, "unknown", "absent"},
		{`null`, `0`, "unknown", "absent"},
	} {
		for format, key := range map[schema.Format]string{schema.FormatImage: "picture", schema.FormatVideo: "video"} {
			data := fmt.Sprintf(`{"%sState":%s,"%sPrice":%s}`, key, c.state, key, c.price)
			s, caveats := Profile(json.RawMessage(data))
			m := members(t, s)
			if got, want := show(m, "quotes."+string(format)+".status"), `"`+c.status+`"`; got != want {
				t.Errorf("Profile(%s): got the status %s, want %s", data, got, want)
			}
			if got := show(m, "quotes."+string(format)+".priceCny"); got != c.priceCny {
				t.Errorf("Profile(%s): got priceCny %s, want %s", data, got, c.priceCny)
			}
			if got, want := slices.Contains(s.NotProvided, "quotes."+string(format)), c.status == "unknown"; got != want {
				t.Errorf("Profile(%s): got notProvided %q, want quotes.%s in it: %v", data, s.NotProvided, format, want)
			}
			sameCaveats(t, "Profile("+data+")", caveats, map[string][]schema.Caveat{
				"placeholder": {schema.PlaceholderQuote.With(format.Word())},
				"no_quote":    {schema.OpenWithoutQuote.With(format.Word())},
			}[c.status]...)
		}
	}
}

func TestQuotesWithoutAState(t *testing.T) {
	check(t, "quotes.video", map[string]string{`{"videoPrice":8000}`: `{"priceCny":8000,"status":"unknown"}`, `{"videoState":1}`: `{"status":"no_quote"}`})
	// A format has nothing of the other one.
	check(t, "quotes.image", map[string]string{`{"videoState":1,"videoPrice":8000,"lowerPrice":8000}`: `{"status":"unknown"}`})
	// Nor does the price for one industry stand in for the quote.
	check(t, "quotes.image", map[string]string{`{"clothingIndustryPrice":{"picturePrice":5,"pictureState":1}}`: `{"status":"unknown"}`})
}

func TestUnitCosts(t *testing.T) {
	const known = `"mEngagementNum":300,"clickMidNum":7000,"fansNum":90000`
	check(t, "quotes.image", map[string]string{
		`{"pictureState":1,"picturePrice":1000,` + known + `}`:                      `{"cnyPerEngagement":3.333,"cnyPerRead":0.1429,"cnyPerThousandFollowers":11.11,"priceCny":1000,"status":"open"}`,
		`{"pictureState":1,"picturePrice":1000}`:                                    `{"priceCny":1000,"status":"open"}`,
		`{"pictureState":1,"picturePrice":1000,"mEngagementNum":300}`:               `{"cnyPerEngagement":3.333,"priceCny":1000,"status":"open"}`,
		`{"pictureState":1,"picturePrice":1000,"clickMidNum":7000}`:                 `{"cnyPerRead":0.1429,"priceCny":1000,"status":"open"}`,
		`{"pictureState":1,"picturePrice":1000,"fansNum":0,"fansCount":90000}`:      `{"cnyPerThousandFollowers":11.11,"priceCny":1000,"status":"open"}`,
		`{"pictureState":1,"picturePrice":1000,"clickMidNum":0,"mEngagementNum":0}`: `{"priceCny":1000,"status":"open"}`,
		`{"pictureState":0,"picturePrice":1000,` + known + `}`:                      `{"priceCny":1000,"status":"closed"}`,
		`{"pictureState":2,"picturePrice":1000,` + known + `}`:                      `{"priceCny":1000,"status":"unknown"}`,
		`{"pictureState":1,"picturePrice":9999999,` + known + `}`:                   `{"status":"placeholder"}`,
		`{"pictureState":1,"picturePrice":0,` + known + `}`:                         `{"status":"no_quote"}`,
	})
}
