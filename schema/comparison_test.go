package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestDecodeCompareInput(t *testing.T) {
	const other = "5a3e1e000000000000000001"
	for _, c := range []struct {
		in   string
		want CompareInput
	}{
		{`{"userIds":["` + id + `"]}`, CompareInput{[]string{id}, FormatVideo, ByCNYPerEngagement, false}},
		{`{"userIds":["` + id + `"],"format":null,"sortBy":null,"refresh":null}`, CompareInput{[]string{id}, FormatVideo, ByCNYPerEngagement, false}},
		{`{"userIds":["` + other + `","` + id + `"],"format":"image","sortBy":"followers","refresh":true}`, CompareInput{[]string{other, id}, FormatImage, ByFollowers, true}},
		// However it is written, a blogger counts once.
		{`{"userIds":["` + id + `","` + strings.ToUpper(id) + `","https://www.xiaohongshu.com/user/profile/` + id + `"]}`, CompareInput{[]string{id}, FormatVideo, ByCNYPerEngagement, false}},
	} {
		if got, err := DecodeCompareInput(json.RawMessage(c.in)); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v; want %+v", c.in, got, err, c.want)
		}
	}
}

func TestDecodeCompareInputRefusals(t *testing.T) {
	ids := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(`"%024x"`, i)
		}
		return `{"userIds":[` + strings.Join(list, ",") + `]}`
	}
	with := func(member string) string { return `{"userIds":["` + id + `"],` + member + `}` }
	if _, err := DecodeCompareInput(json.RawMessage(ids(20))); err != nil {
		t.Errorf("20 are refused: %v", err)
	}
	twice := strings.Replace(ids(20), `]}`, `,"`+strings.Repeat("0", 24)+`"]}`, 1)
	if in, err := DecodeCompareInput(json.RawMessage(twice)); err != nil || len(in.UserIDs) != 20 {
		t.Errorf("20 of which one is there twice: %v, %d", err, len(in.UserIDs))
	}
	for _, c := range []struct{ in, want string }{
		{``, "userIds is missing"},
		{`{"userIds":null}`, "userIds is missing"},
		{`[]`, "userIds is missing"},
		{ids(0), "userIds is empty: give 1 to 20"},
		{ids(21), "userIds has more than 20 bloggers: give 1 to 20"},
		{`{"userIds":"` + id + `"}`, "userIds must be an array of user ids or profile URLs, not a string"},
		{`{"userIds":["` + id + `",null]}`, "userIds[1] must be a string, not null"},
		{`{"userIds":["` + id + `",["x"]]}`, "userIds[1] must be a string, not an array"},
		{`{"userIds":["4639645438"]}`, "userIds[0] looks like a 小红书号 (redId)"},
		{`{"userIds":["https://xhslink.com/a"]}`, "userIds[0] is an xhslink.com short link"},
		{`{"userId":"` + id + `"}`, `unknown argument "userId": the arguments are userIds`},
		{with(`"format":"text"`), "format must be one of video, image"},
		{with(`"format":1`), "format must be one of video, image, not a number"},
		{with(`"sortBy":"price"`), "sortBy must be one of cnyPerEngagement, cnyPerRead, cnyPerThousandFollowers, priceCny, followers"},
		{with(`"refresh":"yes"`), "refresh must be true or false, not a string"},
	} {
		_, err := DecodeCompareInput(json.RawMessage(c.in))
		if err == nil {
			t.Errorf("%.80s: accepted", c.in)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80s: %v; want %q in it", c.in, err, c.want)
		}
		checkSentence(t, c.in, err)
	}
}

func TestRowValues(t *testing.T) {
	f := func(x float64) *float64 { return &x }
	i := func(x int64) *int64 { return &x }
	row := Row{Followers: i(5), ReadMedian: i(6), EngagementMedian: i(7), EngagementToReadRatio: f(8), PriceCNY: f(4), UnitCosts: UnitCosts{f(1), f(2), f(3)}}
	for n, key := range SortKeys { // SortKeys stand in the order of the numbers
		if v, ok := row.Value(key); !ok || v != float64(n+1) {
			t.Errorf("%s is %v, %v; want %d", key, v, ok, n+1)
		}
		if v, ok := (&Row{}).Value(key); ok {
			t.Errorf("%s of an empty row is %v", key, v)
		}
		// Costs and the price come first, and rank the other way round.
		if key.Ascending() != (n < 4) {
			t.Errorf("%s ascending: %v", key, key.Ascending())
		}
	}
}
