package condense

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

func TestOnPgy(t *testing.T) {
	// cooperType decides; userType does only where there is no cooperType.
	want := map[string]string{
		`{"fansNum":1}`:                       "absent",
		`{"cooperType":1}`:                    "true",
		`{"cooperType":2}`:                    "false",
		`{"cooperType":3}`:                    "absent",
		`{"cooperType":"1"}`:                  "true",
		`{"cooperType":2.0}`:                  "false",
		`{"cooperType":1,"userType":1}`:       "true",
		`{"cooperType":2,"userType":2}`:       "false",
		`{"cooperType":3,"userType":2}`:       "absent",
		`{"userType":2}`:                      "true",
		`{"userType":1}`:                      "false",
		`{"userType":0}`:                      "absent",
		`{"userType":3}`:                      "absent",
		`{"userType":"2"}`:                    "true",
		`{"cooperType":null,"userType":2}`:    "true",
		`{"cooperType":null,"userType":1}`:    "false",
		`{"cooperType":null,"userType":null}`: "absent",
		`{"cooperType":"-","userType":1}`:     "false",
	}
	check(t, "onPgy", want)
	for data, onPgy := range want {
		var want []schema.Caveat
		if onPgy == "false" {
			want = append(want, schema.NotOnboarded.With())
		}
		_, got := Profile(json.RawMessage(data), Terms{})
		sameCaveats(t, "Profile("+data+")", got, want...)
	}
}

func TestGender(t *testing.T) {
	check(t, "gender", map[string]string{
		`{"gender":"女"}`: `"female"`, `{"gender":"男"}`: `"male"`, `{"gender":" 女 "}`: `"female"`,
		`{"gender":""}`: `"unknown"`, `{"gender":null}`: `"unknown"`, `{}`: `"unknown"`, `{"gender":1}`: `"unknown"`,
		`{"gender":"female"}`: `"unknown"`, `{"gender":"保密"}`: `"unknown"`, `{"gender":["女"]}`: `"unknown"`,
	})
}

func TestTexts(t *testing.T) {
	for member, key := range map[string]string{"name": "name", "redId": "redId", "location": "location", "userId": "userId"} {
		check(t, member, map[string]string{
			`{"` + key + `":"某 x"}`: `"某 x"`,
			`{"` + key + `":""}`:    "absent",
			`{"` + key + `":"  "}`:  "absent",
			`{"` + key + `":null}`:  "absent",
			`{"` + key + `":7}`:     `"7"`,
			`{"` + key + `":7.0}`:   `"7"`,
			`{"` + key + `":true}`:  "absent",
			`{}`:                    "absent",
		})
	}
	for _, member := range []string{"profileUrl", "pgyUrl"} {
		check(t, member, map[string]string{`{}`: "absent", `{"userId":""}`: "absent"})
	}
	check(t, "location", map[string]string{
		`{"location":"","ipLocation":"北京"}`: "absent", // the location of the IP address is another fact
		`{"location":"-"}`:                  "absent",
	})
	check(t, "mcn", map[string]string{
		`{"noteSign":{"name":"机构","userId":"x"}}`: `"机构"`,
		`{"noteSign":{"name":""}}`:                "absent",
		`{"noteSign":{"name":null}}`:              "absent",
		`{"noteSign":{"name":{}}}`:                "absent",
		`{"noteSign":{}}`:                         "absent",
		`{"noteSign":null}`:                       "absent",
		`{"noteSign":"机构"}`:                       "absent",
		`{"noteSign":[{"name":"机构"}]}`:            "absent",
		`{"liveSign":{"name":"机构"}}`:              "absent",
		`{}`:                                      "absent",
	})
	check(t, "lowActive", map[string]string{
		`{"lowActive":true}`: "true", `{"lowActive":false}`: "false", `{"lowActive":null}`: "absent", `{}`: "absent",
		`{"lowActive":1}`: "true", `{"lowActive":1.0}`: "true", `{"lowActive":"1"}`: "true", `{"lowActive":"true"}`: "true", `{"lowActive":"True"}`: "true",
		`{"lowActive":0}`: "false", `{"lowActive":"0"}`: "false", `{"lowActive":"false"}`: "false",
		`{"lowActive":2}`: "absent", `{"lowActive":"yes"}`: "absent", `{"lowActive":""}`: "absent", `{"lowActive":{}}`: "absent",
	})
	for data, want := range map[string][]schema.Caveat{`{"lowActive":true}`: {schema.LowActive.With()}, `{"lowActive":1}`: {schema.LowActive.With()}, `{"lowActive":false}`: nil, `{"fansNum":1}`: nil} {
		_, got := Profile(json.RawMessage(data), Terms{})
		sameCaveats(t, "Profile("+data+")", got, want...)
	}
}

func TestLists(t *testing.T) {
	check(t, "cooperationIndustries", map[string]string{
		`{"tradeType":"3C数码 家用电器 汽车"}`:      `["3C数码","家用电器","汽车"]`,
		`{"tradeType":" 食品\t饮料\u3000美妆  "}`: `["食品","饮料","美妆"]`,
		`{"tradeType":"食品"}`:                `["食品"]`,
		`{"tradeType":"食品、饮料"}`:             `["食品、饮料"]`,
		`{"tradeType":""}`:                  "absent",
		`{"tradeType":"  "}`:                "absent",
		`{"tradeType":"-"}`:                 "absent",
		`{"tradeType":"暂无"}`:                "absent",
		`{"tradeType":null}`:                "absent",
		`{"tradeType":["食品"]}`:              "absent",
		`{"tradeType":7}`:                   `["7"]`,
	})
	for member, key := range map[string]string{"personalTags": "personalTags", "featureTags": "featureTags"} {
		check(t, member, map[string]string{
			`{"` + key + `":["a","b c"]}`:                  `["a","b c"]`,
			`{"` + key + `":["","a",null,7,{},["x"]," "]}`: `["a","7"]`,
			`{"` + key + `":[]}`:                           "absent",
			`{"` + key + `":null}`:                         "absent",
			`{"` + key + `":"a"}`:                          "absent",
			`{"` + key + `":{"0":"a"}}`:                    "absent",
			`{}`:                                           "absent",
		})
	}
	check(t, "contentCategories", map[string]string{
		`{"contentTags":[{"taxonomy1Tag":"母婴","taxonomy2Tags":["日常","用品"]},{"taxonomy1Tag":"家居"}]}`: `[{"category":"母婴","subcategories":["日常","用品"]},{"category":"家居","subcategories":[]}]`,
		`{"contentTags":[{"taxonomy1Tag":"母婴","taxonomy2Tags":null}]}`:                              `[{"category":"母婴","subcategories":[]}]`,
		`{"contentTags":[{"taxonomy1Tag":"母婴","taxonomy2Tags":"日常"}]}`:                              `[{"category":"母婴","subcategories":[]}]`,
		`{"contentTags":[{"taxonomy1Tag":"母婴","taxonomy2Tags":[null,"日常",3]}]}`:                     `[{"category":"母婴","subcategories":["日常","3"]}]`,
		`{"contentTags":[{"taxonomy1Tag":"母婴","taxonomy2Tag":"日常"}]}`:                               `[{"category":"母婴","subcategories":["日常"]}]`,
		`{"contentTags":[{"taxonomy1Tag":"母婴","taxonomy2Tag":"日常","taxonomy2Tags":["用品"]}]}`:        `[{"category":"母婴","subcategories":["用品"]}]`,
		`{"contentTags":["母婴","家居"," ",""]}`:                                                        `[{"category":"母婴","subcategories":[]},{"category":"家居","subcategories":[]}]`,
		`{"contentTags":[null,"母婴",7,{},[],{"taxonomy1Tag":null},{"taxonomy1Tag":"家居"}]}`:           `[{"category":"母婴","subcategories":[]},{"category":"7","subcategories":[]},{"category":"家居","subcategories":[]}]`,
		`{"contentTags":{"taxonomy1Tag":"母婴"}}`:                                                     "absent",
		`{"contentTags":[]}`:   "absent",
		`{"contentTags":null}`: "absent",
		`{"contentTags":"母婴"}`: "absent",
	})
}

// A list that is cut has a caveat: the model must not take the rest for absent.
func TestLongListsAreCutWithACaveat(t *testing.T) {
	names := func(n int) string {
		var s []string
		for i := range n {
			s = append(s, fmt.Sprintf("%q", fmt.Sprint("t", i)))
		}
		return "[" + strings.Join(s, ",") + "]"
	}
	trades := strings.NewReplacer(`"`, "", "[", `"`, "]", `"`, ",", " ").Replace(names(31))
	category := func(n int) string { return `{"taxonomy1Tag":"母婴","taxonomy2Tags":` + names(n) + `}` }
	categories := func(n, subcategories int) string {
		return `{"contentTags":[` + strings.TrimSuffix(strings.Repeat(category(subcategories)+",", n), ",") + `]}`
	}
	for _, c := range []struct {
		data, path string
		entries    int
		caveats    []schema.Caveat
	}{
		{`{"personalTags":` + names(31) + `}`, "personalTags", 20, []schema.Caveat{schema.ListCut.With(20, 31, schema.PersonalTags)}},
		{`{"featureTags":` + names(45) + `}`, "featureTags", 20, []schema.Caveat{schema.ListCut.With(20, 45, schema.FeatureTags)}},
		{`{"tradeType":` + trades + `}`, "cooperationIndustries", 20, []schema.Caveat{schema.ListCut.With(20, 31, schema.CooperationIndustries)}},
		{categories(31, 1), "contentCategories", 20, []schema.Caveat{schema.ListCut.With(20, 31, schema.ContentCategories), schema.ListCut.With(20, 31, schema.Subcategories)}},
		{categories(25, 2), "contentCategories", 20, []schema.Caveat{schema.ListCut.With(20, 25, schema.ContentCategories), schema.ListCut.With(20, 50, schema.Subcategories)}},
		{categories(31, 0), "contentCategories", 20, []schema.Caveat{schema.ListCut.With(20, 31, schema.ContentCategories)}},
		{categories(1, 31), "contentCategories", 1, []schema.Caveat{schema.ListCut.With(20, 31, schema.Subcategories)}},
		{`{"personalTags":` + names(20) + `}`, "personalTags", 20, nil},
	} {
		call := fmt.Sprintf("Profile(%.40s…)", c.data)
		s, caveats := Profile(json.RawMessage(c.data), Terms{})
		if list, _ := members(t, s)[c.path].([]any); len(list) != c.entries {
			t.Errorf("%s: got %d entries of %s, want %d", call, len(list), c.path, c.entries)
		}
		sameCaveats(t, call, caveats, c.caveats...)
	}
	s, _ := Profile(json.RawMessage(categories(1, 31)), Terms{})
	testkit.Equal(t, "the number of subcategories of Profile with 31", len(s.ContentCategories[0].Subcategories), 20)
}
