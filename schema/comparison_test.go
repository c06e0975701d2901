package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestCompareArguments(t *testing.T) {
	const other = "5a3e1e000000000000000001"
	one := CompareInput{UserIDs: []string{id}, Format: FormatVideo, SortBy: ByCNYPerEngagement}
	limited := one
	limited.MaxPriceCNY = 15000.5
	for _, c := range []struct {
		in   string
		want CompareInput
	}{
		{`{"userIds":["` + id + `"]}`, one},
		{`{"userIds":["` + id + `"],"format":null,"sortBy":null,"maxPriceCny":null,"refresh":null}`, one},
		{`{"userIds":["` + id + `"],"maxPriceCny":15000.5}`, limited},
		{`{"userIds":["` + other + `","` + id + `"],"format":"image","sortBy":"platformCpmCny","refresh":true}`,
			CompareInput{UserIDs: []string{other, id}, Format: FormatImage, SortBy: ByPlatformCPM, Refresh: true}},
		{`{"userIds":["` + id + `"],"maxPriceCny":"15000.5"}`, limited},
		{`{"userIds":["` + id + `"],"format":"","sortBy":"null","maxPriceCny":"","refresh":""}`, one},
		// One id, several parted, or an array in a string.
		{`{"userIds":"` + id + `"}`, one},
		{`{"userIds":"` + id + `, ` + id + `"}`, one},
		{`{"userIds":"[\"` + id + `\"]"}`, one},
		// An item with one id among other words, and arrays in arrays.
		{`{"userIds":["团子 ` + id + `"]}`, one},
		{`{"userIds":"团子 ` + id + `"}`, one},
		{`{"userIds":["[\"` + id + `\"]"]}`, one},
		{`{"userIds":[["` + id + `"]]}`, one},
		// However it is written, a blogger counts once.
		{`{"userIds":["` + id + `","` + strings.ToUpper(id) + `","https://www.xiaohongshu.com/user/profile/` + id + `"]}`, one},
	} {
		if got, err := CompareArguments.Decode(json.RawMessage(c.in)); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %+v, %v; want %+v", c.in, got, err, c.want)
		}
	}
}

// What cannot be an id costs its own row, and is shown as it was given.
func TestMalformedUserIDs(t *testing.T) {
	long := "https://example.com/" + strings.Repeat("a", 200)
	for _, c := range []struct{ in, given, why string }{
		{`"4639645438"`, "4639645438", "looks like a 小红书号"},
		{`"https://xhslink.com/a"`, "https://xhslink.com/a", "short link"},
		{`"` + long + `"`, long[:119] + "…", "another site"},
		{`"a\u202eb\n\u0007c|d"`, "abc|d", "neither 24 hex digits"},
		{`""`, `""`, "is empty"},
		{`" \t"`, `""`, "is empty"},
		{`null`, "null", "is empty"},
		{`{"userId":"x"}`, `{"userId":"x"}`, "must be a string, not an object"},
		{`true`, "true", "must be a string, not a boolean"},
	} {
		in, err := CompareArguments.Decode(json.RawMessage(`{"userIds":["` + id + `",` + c.in + `,` + c.in + `]}`))
		if err != nil || len(in.UserIDs) != 1 || len(in.Malformed) != 1 {
			t.Errorf("%s: got %+v, %v; want one id and one that is malformed", c.in, in, err)
			continue
		}
		if got := in.Malformed[0].Given; got != c.given {
			t.Errorf("%s: shown as %q, want %q", c.in, got, c.given)
		}
		got := in.Malformed[0].Err.Error()
		if want := "userId "; !strings.HasPrefix(got, want) {
			t.Errorf("%s: the error is %q, want one that begins with %q", c.in, got, want)
		}
		if !strings.Contains(got, c.why) {
			t.Errorf("%s: the error is %q, want %q in it", c.in, got, c.why)
		}
	}
}

func TestAddUsers(t *testing.T) {
	var given []string
	for n := range 30 {
		given = append(given, fmt.Sprintf("%024X", n))
	}
	for range 2 {
		given = append(given, "https://www.xiaohongshu.com/user/profile/"+strings.Repeat("0", 24), "4639645438")
	}
	var in CompareInput
	in.AddUsers(given)
	if len(in.UserIDs) != 30 {
		t.Errorf("%d ids, want 30", len(in.UserIDs))
	}
	if len(in.Malformed) != 1 || in.Malformed[0].Given != "4639645438" {
		t.Errorf("malformed: got %+v, want 4639645438 once", in.Malformed)
	}
}

func TestCompareArgumentsRefusals(t *testing.T) {
	ids := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(`"%024x"`, i)
		}
		return `{"userIds":[` + strings.Join(list, ",") + `]}`
	}
	with := func(member string) string { return `{"userIds":["` + id + `"],` + member + `}` }
	if _, err := CompareArguments.Decode(json.RawMessage(ids(20))); err != nil {
		t.Errorf("20 ids: got %v, want no error", err)
	}
	twice := strings.Replace(ids(20), `]}`, `,"`+strings.Repeat("0", 24)+`"]}`, 1)
	if in, err := CompareArguments.Decode(json.RawMessage(twice)); err != nil || len(in.UserIDs) != 20 {
		t.Errorf("20 ids and one again: got %d ids, %v; want 20", len(in.UserIDs), err)
	}
	for _, c := range []struct{ in, want string }{
		{``, "userIds is missing"},
		{`{"userIds":null}`, "userIds is missing"},
		{`[]`, "userIds is missing"},
		{ids(0), "userIds is empty: give 1 to 20"},
		{ids(21), "userIds has more than 20 bloggers: give 1 to 20"},
		{`{"userIds":"null"}`, "userIds is missing"},
		{`{"userIds":{"a":"` + id + `"}}`, "userIds must be an array of user ids or profile URLs, not an object"},
		{`{"userIds":true}`, "userIds must be an array of user ids or profile URLs, not a boolean"},
		{strings.Replace(ids(20), `]}`, `,"4639645438"]}`, 1), "userIds has more than 20 bloggers"},
		{`{"userId":"` + id + `"}`, `unknown argument "userId": the arguments are userIds`},
		{with(`"format":"text"`), "format must be one of video, image"},
		{with(`"format":1`), "format must be one of video, image, not a number"},
		{with(`"sortBy":"price"`), "sortBy must be one of cnyPerEngagement, cnyPerRead, cnyPerThousandFollowers, cnyPerSponsoredEngagement, cnyPerSponsoredRead, cnyPerFormatEngagement, cnyPerFormatRead, priceCny, followers, followerGrowthRate30dPercent, "},
		{with(`"maxPriceCny":0`), "maxPriceCny must be a number above 0, in CNY"},
		{with(`"maxPriceCny":-1`), "maxPriceCny must be a number above 0, in CNY"},
		{with(`"maxPriceCny":1e999`), "maxPriceCny must be a number above 0, in CNY"},
		{with(`"maxPriceCny":"x"`), "maxPriceCny must be a number above 0, in CNY"},
		{with(`"maxPriceCny":[1]`), "maxPriceCny must be a number above 0, in CNY"},
		{with(`"refresh":"yes"`), "refresh must be true or false"},
	} {
		_, err := CompareArguments.Decode(json.RawMessage(c.in))
		if err == nil {
			t.Errorf("%.80s: got no error, want %q in it", c.in, c.want)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80s: %v; want %q in it", c.in, err, c.want)
		}
		checkSentence(t, c.in, err)
	}
}

// Costs and prices rank the other way round; their names say so.
func TestAscending(t *testing.T) {
	for _, key := range SortKeys {
		if want := strings.Contains(strings.ToLower(string(key)), "cny"); key.Ascending() != want {
			t.Errorf("%s ascending: %v, want %v", key, key.Ascending(), want)
		}
	}
}

// The published enums are the lists that arguments are read by, the default first.
func TestPublishedEnums(t *testing.T) {
	var s struct {
		Properties map[string]struct {
			Enum    []string
			Default any
		}
	}
	if err := json.Unmarshal(CompareArguments.Schema(), &s); err != nil {
		t.Fatalf("the schema of the arguments is no JSON: %v, want JSON", err)
	}
	for name, want := range map[string]string{"format": List(Formats), "sortBy": List(SortKeys)} {
		got := s.Properties[name]
		if List(got.Enum) != want {
			t.Errorf("%s: enum is %s, want %s", name, List(got.Enum), want)
		}
		if got.Default != got.Enum[0] {
			t.Errorf("%s: default is %v, want %s", name, got.Default, got.Enum[0])
		}
	}
}
