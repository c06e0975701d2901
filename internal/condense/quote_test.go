package condense

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
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
			s, caveats := Profile(json.RawMessage(data), Terms{})
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
	check(t, "quotes.image", map[string]string{`{"clothingIndustryPrice":{"picturePrice":5,"pictureState":1}}`: `{"clothingPriceCny":5,"status":"unknown"}`})
}

// A quote is hidden only where it would be open and the platform says that it does not
// show the price.
func TestHiddenQuotes(t *testing.T) {
	for _, c := range []struct{ shown, state, price, status string }{
		{`false`, `1`, `13000`, "hidden"},
		{`0`, `1`, `13000`, "hidden"},
		{`"0"`, `"1"`, `"13000"`, "hidden"},
		{`"false"`, `1`, `13000`, "hidden"},
		{`0.0`, `1`, `13000`, "hidden"},
		{`true`, `1`, `13000`, "open"},
		{`1`, `1`, `13000`, "open"},
		{`null`, `1`, `13000`, "open"},
		{`""`, `1`, `13000`, "open"},
		{`"-"`, `1`, `13000`, "open"},
		{`{}`, `1`, `13000`, "open"},
		{`false`, `0`, `13000`, "closed"},
		{`false`, `1`, `0`, "no_quote"},
		{`false`, `1`, `9999999`, "placeholder"},
		{`false`, `2`, `13000`, "unknown"},
	} {
		for format, key := range map[schema.Format]string{schema.FormatImage: "picture", schema.FormatVideo: "video"} {
			data := fmt.Sprintf(`{"%sShowState":%s,"%sState":%s,"%sPrice":%s,"fansNum":1000}`, key, c.shown, key, c.state, key, c.price)
			want := `{"status":"` + c.status + `"}`
			switch {
			case c.status == "open":
				want = `{"cnyPerThousandFollowers":13000,"priceCny":13000,"status":"open"}`
			case c.price != `0` && c.price != `9999999`:
				want = `{"priceCny":13000,"status":"` + c.status + `"}` // it stands, without unit costs
			}
			check(t, "quotes."+string(format), map[string]string{data: want})
			if _, caveats := Profile(json.RawMessage(data), Terms{}); c.status == "hidden" {
				sameCaveats(t, "Profile("+data+")", caveats, schema.HiddenQuote.With(format.Word()))
			}
		}
	}
	check(t, "quotes.image.status", map[string]string{`{"videoShowState":false,"pictureState":1,"picturePrice":5}`: `"open"`}) // the other format's
}

// Clothing brands may have a quote of their own, which never stands for the quote.
func TestClothingQuotes(t *testing.T) {
	for clothing, want := range map[string]string{
		`{"pictureState":1,"picturePrice":9000}`:       "9000",
		`{"pictureState":"1","picturePrice":"9000.0"}`: "9000",
		`{"pictureState":0,"picturePrice":9000}`:       "absent",
		`{"picturePrice":9000}`:                        "absent",
		`{"pictureState":1,"picturePrice":0}`:          "absent",
		`{"pictureState":1,"picturePrice":null}`:       "absent",
		`{"pictureState":1,"picturePrice":9999999}`:    "absent", // "do not book"
		`{"videoState":1,"videoPrice":9000}`:           "absent",
		`null`:                                         "absent",
		`[]`:                                           "absent",
	} {
		data := `{"pictureState":1,"picturePrice":13000,"clothingIndustryPrice":` + clothing + `}`
		check(t, "quotes.image.clothingPriceCny", map[string]string{data: want})
		check(t, "quotes.image.priceCny", map[string]string{data: "13000"})
		var caveats []schema.Caveat
		if want == "9000" {
			caveats = append(caveats, schema.ClothingQuote.With(schema.FormatImage.Word(), 9000.0))
		} else if strings.Contains(clothing, "video") {
			caveats = append(caveats, schema.ClothingQuote.With(schema.FormatVideo.Word(), 9000.0))
		}
		_, got := Profile(json.RawMessage(data), Terms{})
		sameCaveats(t, "Profile("+data+")", got, caveats...)
	}
}

// With a fee a price is exact to 0.01 CNY; JSON has no price with a fee that nobody set.
func TestPriceWithFee(t *testing.T) {
	for _, c := range []struct {
		price   string
		percent float64
		want    string
	}{
		{"13000", 10, "14300"},
		{"13000", 0, "absent"},
		{"0.1", 10, "0.11"},
		{"0.7", 10, "0.77"},        // 0.7 × 1.1 is 0.7700000000000001 in floating point
		{"1.005", 0.5, "1.01"},     // 1.010025
		{"10.05", 10, "11.06"},     // 11.055, half away from zero
		{"1.15", 10, "1.27"},       // 1.265
		{"33333", 7.5, "35832.98"}, // 35832.975
		{"9999998", 10, "10999997.8"},
		{"19999.99", 12.345, "22468.99"}, // 22468.988766
	} {
		for _, state := range []string{"0", "1", "2"} {
			data := `{"videoState":` + state + `,"videoPrice":` + c.price + `}`
			s, _ := Profile(json.RawMessage(data), Terms{FeePercent: c.percent})
			if got := show(members(t, s), "quotes.video.priceWithFeeCny"); got != c.want {
				t.Errorf("Profile(%s) with a fee of %v %%: got priceWithFeeCny %s, want %s", data, c.percent, got, c.want)
			}
		}
	}
	s, _ := Profile(json.RawMessage(`{"videoState":1,"videoPrice":9999999}`), Terms{FeePercent: 10})
	testkit.Equal(t, "the price with fee of a placeholder", s.Quotes.Video.PriceWithFeeCNY == nil, true)
}

// The fee is no part of unit costs.
func TestUnitCostsAreWithoutTheFee(t *testing.T) {
	s, _ := Profile(json.RawMessage(`{"videoState":1,"videoPrice":1000,"clickMidNum":500}`), Terms{FeePercent: 10})
	testkit.Equal(t, "cnyPerRead of 1,000 CNY for 500 reads", *s.Quotes.Video.CNYPerRead, 2)
}

// Costs by format divide by that format's own medians, costs of sponsored notes by those
// of all sponsored notes.
func TestUnitCostsByFormatAndOfSponsoredNotes(t *testing.T) {
	const medians = `"pictureClickMidNum":4000,"pictureInterMidNum":30,"videoClickMidNum":8000,"videoInterMidNum":60,"readMidCoop30":3000,"interMidCoop30":"70.5"`
	const quotes = `{"pictureState":%s,"picturePrice":1000,"videoState":%s,"videoPrice":3000,%s}`
	data := fmt.Sprintf(quotes, "1", "1", medians)
	check(t, "quotes.image", map[string]string{data: `{"cnyPerFormatEngagement":33.33,"cnyPerFormatRead":0.25,"cnyPerSponsoredEngagement":14.18,"cnyPerSponsoredRead":0.3333,"priceCny":1000,"status":"open"}`})
	check(t, "quotes.video", map[string]string{data: `{"cnyPerFormatEngagement":50,"cnyPerFormatRead":0.375,"cnyPerSponsoredEngagement":42.55,"cnyPerSponsoredRead":1,"priceCny":3000,"status":"open"}`})
	data = fmt.Sprintf(quotes, "0", "2", medians)
	check(t, "quotes.image", map[string]string{data: `{"priceCny":1000,"status":"closed"}`})
	check(t, "quotes.video", map[string]string{data: `{"priceCny":3000,"status":"unknown"}`})
	data = fmt.Sprintf(quotes, "1", "1", `"pictureClickMidNum":0,"pictureInterMidNum":-5,"videoClickMidNum":"-","videoInterMidNum":null,"readMidCoop30":0,"interMidCoop30":""`)
	check(t, "quotes.image", map[string]string{data: `{"priceCny":1000,"status":"open"}`})
	check(t, "quotes.video", map[string]string{data: `{"priceCny":3000,"status":"open"}`})
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
