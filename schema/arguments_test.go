package schema

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"reflect"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
)

// The rows of a search and of a review are of every kind there is.
type searchInput struct {
	Who, Topic       string
	Categories       []string
	Gender           gender
	ChildStages      []stage
	MinFollowers     int
	MaxPriceCNY      float64
	MinReplyPercent  int
	ExcludeLowActive bool
	Page             int
	Notes            []string
	PaidCNY          []float64
}

type (
	gender string
	stage  string
)

var searchArguments = newArguments(
	func(in *searchInput, named naming) *Refusal {
		if in.Who == "" || in.Topic == "" {
			return nil
		}
		return refuse(lang.T{En: "%s and %s exclude each other", Zh: "%s 与 %s 不能同时使用"}, named("who"), named("topic"))
	},
	arg("who", "who", "A name.", text(), func(in *searchInput) *string { return &in.Who }),
	arg("topic", "topic", "Words of notes.", text(), func(in *searchInput) *string { return &in.Topic }),
	arg("categories", "category", "Labels.", texts(3), func(in *searchInput) *[]string { return &in.Categories }),
	arg("gender", "gender", "The blogger's.", oneOfOrNone([]gender{"female", "male"}), func(in *searchInput) *gender { return &in.Gender }),
	arg("childStages", "child-stage", "Of their children.", someOf([]stage{"备孕", "0-6月", "1-3岁"}, nil), func(in *searchInput) *[]stage { return &in.ChildStages }),
	arg("minFollowers", "min-followers", "Least followers.", whole(0, 1e9, 0), func(in *searchInput) *int { return &in.MinFollowers }),
	arg("maxPriceCny", "max-price", "Most CNY for one note.", amount(), func(in *searchInput) *float64 { return &in.MaxPriceCNY }),
	arg("minReplyPercent", "min-reply", "0–100.", whole(0, 100, 0), func(in *searchInput) *int { return &in.MinReplyPercent }),
	arg("excludeLowActive", "exclude-low-active", "Leave low activity out.", boolean(), func(in *searchInput) *bool { return &in.ExcludeLowActive }),
	arg("page", "page", "The first page, 1–250.", whole(1, 250, 1), func(in *searchInput) *int { return &in.Page }),
	arg("paidCny", "", "What each note cost.", amounts(3), func(in *searchInput) *[]float64 { return &in.PaidCNY }),
)

func TestTableDecodes(t *testing.T) {
	for in, want := range map[string]searchInput{
		`{}`:                          {Page: 1},
		`{"who":" 团子 有点咸 "}`:          {Who: "团子 有点咸", Page: 1},
		`{"who":4639645438}`:          {Who: "4639645438", Page: 1},
		`{"who":"null","topic":"防晒"}`: {Topic: "防晒", Page: 1},
		`{"categories":["母婴","美食 探店"]}`:                                           {Categories: []string{"母婴", "美食 探店"}, Page: 1},
		`{"categories":"母婴，美食 探店, 母婴"}`:                                           {Categories: []string{"母婴", "美食 探店"}, Page: 1},
		`{"categories":"[\"母婴\"]"}`:                                               {Categories: []string{"母婴"}, Page: 1},
		`{"gender":"male","childStages":["1-3岁","备孕"]}`:                           {Gender: "male", ChildStages: []stage{"备孕", "1-3岁"}, Page: 1},
		`{"childStages":"0-6月 备孕"}`:                                               {ChildStages: []stage{"备孕", "0-6月"}, Page: 1},
		`{"minFollowers":"10000","maxPriceCny":"1.5万","excludeLowActive":"TRUE"}`: {MinFollowers: 10000, MaxPriceCNY: 15000, ExcludeLowActive: true, Page: 1},
		`{"minReplyPercent":90.0,"page":"3"}`:                                     {MinReplyPercent: 90, Page: 3},
		`{"paidCny":[12000,0,"1.2万"]}`:                                            {PaidCNY: []float64{12000, 0, 12000}, Page: 1},
		`{"paidCny":5000}`:                                                        {PaidCNY: []float64{5000}, Page: 1},
	} {
		if got, err := searchArguments.Decode(json.RawMessage(in)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v; want %+v", in, got, err, want)
		}
	}
}

func TestTableRefuses(t *testing.T) {
	for in, want := range map[string][2]string{
		`{"growing":true}`:        {`unknown argument "growing": the arguments are who, topic, `, "未知参数“growing”：可用的参数有 who, topic, "},
		`[1]`:                     {"the arguments must be an object with who, ", "参数必须是含有 who, "},
		`{"who":"a","topic":"b"}`: {"who and topic exclude each other", "who 与 topic 不能同时使用"},
		`{"who":true}`:            {"who must be a string, not a boolean", "who 必须是字符串，而不是布尔值"},
		`{"who":"` + strings.Repeat("团", 2049) + `"}`: {"who is longer than 2,048 characters", "who 超过 2,048 个字符"},
		`{"categories":[]}`:                           {"categories must be 1 to 3 texts", "categories 必须是 1 至 3 个文本"},
		`{"categories":["a","b","c","d"]}`:            {"categories must be 1 to 3 texts", "categories 必须是 1 至 3 个文本"},
		`{"categories":[{}]}`:                         {"categories must be a string, not an object", "categories 必须是字符串，而不是对象"},
		`{"gender":"Female"}`:                         {"gender must be one of female, male", "gender 必须是以下之一：female, male"},
		`{"gender":1}`:                                {"gender must be one of female, male, not a number", "gender 必须是以下之一：female, male，而不是数字"},
		`{"minFollowers":-1}`:                         {"minFollowers must be a whole number, 0–1000000000", "minFollowers 必须是整数，0–1000000000"},
		`{"minFollowers":1.5}`:                        {"minFollowers must be a whole number", "minFollowers 必须是整数"},
		`{"minReplyPercent":101}`:                     {"minReplyPercent must be a whole number, 0–100", "minReplyPercent 必须是整数，0–100"},
		`{"minReplyPercent":[90]}`:                    {"minReplyPercent must be a whole number, 0–100, not an array", "minReplyPercent 必须是整数，0–100，而不是数组"},
		`{"page":0}`:                                  {"page must be a whole number, 1–250", "page 必须是整数，1–250"},
		`{"paidCny":[1,-1]}`:                          {"paidCny must be numbers of CNY, 0 where", "paidCny 必须是以元为单位的数字"},
		`{"paidCny":[1,2,3,4]}`:                       {"paidCny must be 1 to 3 numbers", "paidCny 必须是 1 至 3 个数字"},
		`{"maxPriceCny":0}`:                           {"maxPriceCny must be a number above 0, in CNY", "maxPriceCny 必须是大于 0 的数字，单位为元"},
		`{"excludeLowActive":1}`:                      {"excludeLowActive must be true or false, not a number", "excludeLowActive 必须是 true 或 false，而不是数字"},
	} {
		_, err := searchArguments.Decode(json.RawMessage(in))
		refusal := new(Refusal)
		if !errors.As(err, &refusal) {
			t.Errorf("%.80s: the error is %v, want a *Refusal", in, err)
			continue
		}
		if got := refusal.Error(); !strings.HasPrefix(got, want[0]) {
			t.Errorf("%.80s: %q, want it to begin with %q", in, got, want[0])
		}
		if got := refusal.In(lang.Chinese); !strings.HasPrefix(got, want[1]) {
			t.Errorf("%.80s: %q, want it to begin with %q", in, got, want[1])
		}
		checkSentence(t, in, err)
	}
}

func TestTableAsFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		want searchInput
		err  string
	}{
		{nil, searchInput{Page: 1}, ""},
		{[]string{"-topic", "防晒", "-category", "母婴,美食 探店", "-min-followers", "1e4", "-exclude-low-active", "-page", "2"},
			searchInput{Topic: "防晒", Categories: []string{"母婴", "美食 探店"}, MinFollowers: 10000, ExcludeLowActive: true, Page: 2}, ""},
		{[]string{"-exclude-low-active=false", "-child-stage", "备孕"}, searchInput{ChildStages: []stage{"备孕"}, Page: 1}, ""},
		{[]string{"-page", "0"}, searchInput{Page: 1}, `invalid value "0" for flag -page: must be a whole number, 1–250`},
		{[]string{"-gender", ""}, searchInput{Page: 1}, `invalid value "" for flag -gender: must be one of female, male`},
		{[]string{"-growing"}, searchInput{Page: 1}, "flag provided but not defined: -growing"},
	} {
		var in searchInput
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		searchArguments.Flags(fs, &in)
		err := fs.Parse(c.args)
		if got := ""; err != nil || c.err != "" {
			if err != nil {
				got = err.Error()
			}
			if got != c.err {
				t.Errorf("%q: the error is %q, want %q", c.args, got, c.err)
			}
		}
		if !reflect.DeepEqual(in, c.want) {
			t.Errorf("%q: %+v, want %+v", c.args, in, c.want)
		}
	}
	err := searchArguments.CheckFlags(&searchInput{Who: "a", Topic: "b"})
	if want := "-who and -topic exclude each other"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("-who with -topic: the error is %v, want one that begins with %q", err, want)
	}
}

func TestUsageOfFlags(t *testing.T) {
	var in searchInput
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	searchArguments.Flags(fs, &in)
	for name, want := range map[string][2]string{
		"gender":             {"the blogger's: female, male", ""},
		"child-stage":        {"of their children: 备孕, 0-6月, 1-3岁; comma-separated", ""},
		"page":               {"the first page, 1–250", "1"},
		"exclude-low-active": {"leave low activity out", "false"},
	} {
		f := fs.Lookup(name)
		if got := [2]string{f.Usage, f.DefValue}; got != want {
			t.Errorf("-%s: usage and default are %q, want %q", name, got, want)
		}
	}
}

func TestTableAsSchema(t *testing.T) {
	const want = `{"properties":{` +
		`"userId":{"type":"string","description":"One."},` +
		`"kinds":{"items":{"type":"string","enum":["compact","full","none"]},"type":"array","maxItems":3,"minItems":1,"description":"Some.","default":["full"]},` +
		`"pages":{"type":"integer","description":"1–5.","default":1}` +
		`},"additionalProperties":false,"type":"object","required":["userId"]}`
	type input struct {
		userID string
		kinds  []RawMode
		pages  int
	}
	table := newArguments(noCheck,
		arg("userId", "", "One.", userID(), func(in *input) *string { return &in.userID }),
		arg("kinds", "", "Some.", someOf(rawModes, []RawMode{RawFull}), func(in *input) *[]RawMode { return &in.kinds }),
		arg("pages", "", "1–5.", whole(1, 5, 1), func(in *input) *int { return &in.pages }),
	)
	if got := string(table.Schema()); got != want {
		t.Errorf("the schema is\n%s, want\n%s", got, want)
	}
}

func TestArgumentsOfTheTools(t *testing.T) {
	profile, compare, insights := ProfileArguments, CompareArguments, InsightsArguments
	decode := func(tool, members string) (any, error) {
		switch tool {
		case "profile":
			return profile.Decode(json.RawMessage(with(members)))
		case "insights":
			return insights.Decode(json.RawMessage(with(members)))
		}
		return compare.Decode(json.RawMessage(`{"userIds":["` + id + `"],` + members + `}`))
	}
	compared := CompareInput{UserIDs: []string{id}, Format: FormatVideo, SortBy: ByCNYPerEngagement}
	told := InsightsInput{UserID: id, Sections: defaultSections, Scope: ScopeDaily, Format: FormatAll, Days: 30, Traffic: TrafficAll, Page: 1, Raw: RawNone}
	change := func(in InsightsInput, change func(*InsightsInput)) InsightsInput { change(&in); return in }
	planned := compared
	planned.BudgetCNY, planned.MaxPicks = 50000, 5
	for _, c := range []struct {
		tool, members string
		want          any
	}{
		{"profile", `"cachedOnly":"true"`, ProfileInput{UserID: id, Raw: RawCompact, CachedOnly: true}},
		{"compare", `"budgetCny":"5万","maxPicks":5`, planned},
		{"insights", `"raw":"none"`, told},
		{"insights", `"traffic":"organic","page":10`, change(told, func(in *InsightsInput) { in.Traffic, in.Page = TrafficOrganic, 10 })},
		{"insights", `"cachedOnly":true`, change(told, func(in *InsightsInput) { in.CachedOnly = true })},
	} {
		if got, err := decode(c.tool, c.members); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s of %s: %+v, %v; want %+v", c.members, c.tool, got, err, c.want)
		}
	}
	for _, c := range []struct{ tool, members, want string }{
		{"profile", `"refresh":true,"cachedOnly":true`, "refresh and cachedOnly exclude each other"},
		{"compare", `"refresh":true,"cachedOnly":true`, "refresh and cachedOnly exclude each other"},
		{"insights", `"refresh":true,"cachedOnly":true`, "refresh and cachedOnly exclude each other"},
		{"compare", `"maxPicks":5`, "maxPicks bounds the plan of budgetCny: give both"},
		{"compare", `"budgetCny":1,"maxPicks":21`, "maxPicks must be a whole number, 1–20"},
		{"compare", `"budgetCny":0`, "budgetCny must be a number above 0, in CNY"},
		{"insights", `"page":11`, "page must be a whole number, 1–10"},
		{"insights", `"traffic":"paid"`, "traffic must be one of all, organic"},
	} {
		if got, err := decode(c.tool, c.members); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s of %s: %+v, %v; want an error that begins with %q", c.members, c.tool, got, err, c.want)
		}
	}
	if err := compare.CheckFlags(&CompareInput{MaxPicks: 5}); err == nil || err.Error() != "-max-picks bounds the plan of -budget-cny: give both" {
		t.Errorf("-max-picks alone: the error is %v, want -max-picks bounds the plan of -budget-cny: give both", err)
	}
}
