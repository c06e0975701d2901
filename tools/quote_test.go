package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
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
		for format, key := range map[string]string{"image": "picture", "video": "video"} {
			data := fmt.Sprintf(`{"%sState":%s,"%sPrice":%s}`, key, c.state, key, c.price)
			s := summaryOf(t, data)
			if got := show(s, "quotes."+format+".status"); got != `"`+c.status+`"` {
				t.Errorf("%s: status %s, want %s", data, got, c.status)
			}
			if got := show(s, "quotes."+format+".priceCny"); got != c.priceCny {
				t.Errorf("%s: priceCny %s, want %s", data, got, c.priceCny)
			}
			hasIf(t, c.status == "unknown", data+": notProvided", show(s, "notProvided"), "quotes."+format)
			for status, words := range map[string]string{
				"placeholder": fmt.Sprintf(`The %s quote is a placeholder that means \"do not book\".`, format),
				"no_quote":    fmt.Sprintf("The %s format is open without a quote: not free of charge", format),
			} {
				hasIf(t, c.status == status, data+": the text of the caveats", show(s, "caveats"), words)
			}
		}
	}
}

func TestQuotesWithoutAState(t *testing.T) {
	check(t, "quotes.video", map[string]string{`{"videoPrice":8000}`: `{"priceCny":8000,"status":"unknown"}`, `{"videoState":1}`: `{"status":"no_quote"}`})
	// The formats do not lend each other anything.
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

func TestQuotesInTheText(t *testing.T) {
	const terms = "Quotes are: CNY per note without the platform's service fee; unit costs are per all-format median"
	for _, c := range []struct {
		data, line string
		terms      bool
	}{
		{`{"pictureState":1,"picturePrice":13000,"mEngagementNum":746,"clickMidNum":64478,"fansNum":103684}`, "Image quote: open; 13,000 CNY; 17.43 CNY per engagement; 0.2016 CNY per read; 125.4 CNY per 1,000 followers", true},
		{`{"videoState":0,"videoPrice":1234567.5}`, "Video quote: closed, cannot be booked now; 1,234,567.5 CNY", true},
		{`{"videoState":1,"videoPrice":0}`, "Video quote: open, but no quote given (not free of charge)", false},
		{`{"videoState":1,"videoPrice":9999999}`, "Video quote: placeholder price, means do not book", false},
		{`{"videoState":3}`, "Video quote: unknown", false},
	} {
		s := summarize(English, json.RawMessage(c.data))
		text := "\n" + English.Text(summaryFacts(English, &s)) + "\n"
		has(t, c.data+": the text", text, "\n"+c.line+"\n")
		// The terms of the division are said once, where there is a price.
		want := 0
		if c.terms {
			want = 1
		}
		if n := strings.Count(text, "\n"+terms+"\n"); n != want {
			t.Errorf("%s: %d lines on the terms, want %d: %.600q", c.data, n, want, text)
		}
		hasNot(t, c.data+": the text of unit costs", text, "CPM")
	}
}
