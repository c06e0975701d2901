package schema

import (
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
)

// sentFor reads arguments and gives what the first page is asked with.
func sentFor(t *testing.T, arguments string, feePercent float64) url.Values {
	t.Helper()
	in, err := FindArguments.Decode(json.RawMessage(arguments))
	if err != nil {
		t.Fatalf("Decode(%s): got the error %v, want none", arguments, err)
	}
	return in.Parameters(in.Page, feePercent)
}

// asked is what a search without a keyword is asked with besides.
func asked(t *testing.T, query string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatalf("ParseQuery(%q): got %v, want no error", query, err)
	}
	for name, value := range map[string]string{"searchType": "NICKNAME", "sort": "DEFAULT", "page": "1"} {
		if !v.Has(name) {
			v.Set(name, value)
		}
	}
	return v
}

// everyFilter has a value for each filter, and what is sent for it.
var everyFilter = map[string]struct{ argument, sent string }{
	"categories":             {`["母婴","早教"]`, "contentTag=母婴,早教"},
	"personas":               {`["妈妈","孕妈"]`, "personalTags=妈妈,孕妈"},
	"location":               {`"广东 深圳"`, "location=广东 深圳"},
	"audienceLocation":       {`"中国 广东"`, "fansLocation=中国 广东"},
	"gender":                 {`"female"`, "gender=FEMALE"},
	"audienceGender":         {`"mostly_female"`, "fansGender=FE_MALE_HIGH"},
	"audienceAge":            {`"25_34"`, "fansAge=AGE_25_34"},
	"childStages":            {`["0-6月","1-3岁"]`, "fansChildAgeInfo=0-6月,1-3岁"},
	"minFollowers":           {`10000`, "fansNumberLower=10000"},
	"maxFollowers":           {`500000`, "fansNumberUpper=500000"},
	"format":                 {`"image"`, "noteType=PHOTO_TEXT"},
	"minPriceCny":            {`1000`, "videoPrice=1000,-1"},
	"maxPriceCny":            {`5000`, "videoPrice=-1,5000"},
	"minReadMedian":          {`3000`, "readMidNor30=3000,-1"},
	"minEngagementMedian":    {`200`, "interMidNor30=200,-1"},
	"minSponsoredReadMedian": {`1500`, "readMidCoop30=1500,-1"},
	"maxCpmCny":              {`150.5`, "estimateVideoCpm=0,150.5"},
	"maxCnyPerEngagement":    {`12`, "estimateVideoEngageCost=0,12"},
	"maxCnyPerRead":          {`0.8`, "estimateVideoReadPrice=0,0.8"},
	"minReplyPercent":        {`90`, "inviteReply48hNumRatio=90,-1"},
	"industry":               {`"mother_baby_supplies"`, "industry=MOTHER_BABY_SUPPLIES"},
	"excludeLowActive":       {`true`, "excludeLowActive=true"},
	"growing":                {`true`, "fansNumUp=true"},
}

func TestEveryFilterAlone(t *testing.T) {
	for _, f := range filters {
		c, has := everyFilter[f.name]
		if !has {
			t.Errorf("the filter %s: got no test, want one", f.name)
			continue
		}
		arguments, want := `{"`+f.name+`":`+c.argument+`}`, asked(t, c.sent)
		if f.name == "format" { // is no search alone
			arguments, want = `{"topic":"x","format":"image"}`, asked(t, "searchType=NOTE&keyword=x&"+c.sent)
		}
		if got := sentFor(t, arguments, 0); !reflect.DeepEqual(got, want) {
			t.Errorf("Parameters of %s: got %q, want %q", arguments, got, want)
		}
	}
	if len(everyFilter) != len(filters) {
		t.Errorf("the filters: got %d, want %d", len(filters), len(everyFilter))
	}
}

func TestSearchParameters(t *testing.T) {
	for _, c := range []struct {
		arguments  string
		feePercent float64
		want       string
	}{
		{`{"who":"团子有点咸"}`, 0, "keyword=团子有点咸"},
		{`{"who":4639645438}`, 0, "keyword=4639645438"},
		{`{"who":"小红书号：4639645438"}`, 0, "keyword=4639645438"},
		{`{"who":"@团子"}`, 0, "keyword=团子"},
		{`{"who":"团子","location":"河北"}`, 0, "keyword=团子&location=河北"},
		{`{"topic":" 防晒\n\u001b通勤 "}`, 0, "searchType=NOTE&keyword=防晒 通勤"},
		{`{"categories":["母婴\n"]}`, 0, "contentTag=母婴"},
		{`{"topic":"\ufeff防\u200b晒\u202e"}`, 0, "searchType=NOTE&keyword=防晒"},
		{`{"topic":"👩\u200d👧 日记"}`, 0, "searchType=NOTE&keyword=👩\u200d👧 日记"},
		{`{"who":"团\u200b子"}`, 0, "keyword=团子"},
		{`{"categories":["母\u200b婴"],"personas":["\u2060妈妈"],"location":"广东\u200b 深圳"}`, 0, "contentTag=母婴&personalTags=妈妈&location=广东 深圳"},
		{`{"topic":"防晒 通勤"}`, 0, "searchType=NOTE&keyword=防晒 通勤"},
		{`{"topic":"辅食","categories":["母婴"],"page":3}`, 0, "searchType=NOTE&keyword=辅食&contentTag=母婴&page=3"},
		{`{"categories":["出行旅游","移动数码","减脂塑形","科技","母婴育儿"]}`, 0, "contentTag=出行,数码,健身减肥,科技数码,母婴"},
		{`{"categories":["母婴育儿","母婴"]}`, 0, "contentTag=母婴"},
		{`{"categories":"母婴，美食探店"}`, 0, "contentTag=母婴,美食探店"},
		{`{"categories":["火星探险"],"personas":["宝妈"]}`, 0, "contentTag=火星探险&personalTags=宝妈"},
		{`{"location":" 广东   深圳 "}`, 0, "location=广东 深圳"},
		{`{"gender":"male","audienceGender":"mostly_male","audienceAge":"under_18"}`, 0, "gender=MALE&fansGender=MALE_HIGH&fansAge=LT_18"},
		{`{"audienceAge":"18_24"}`, 0, "fansAge=AGE_18_24"},
		{`{"audienceAge":"35_44"}`, 0, "fansAge=AGE_35_44"},
		{`{"audienceAge":"over_44"}`, 0, "fansAge=GT_44"},
		{`{"childStages":["1-3岁","备孕"]}`, 0, "fansChildAgeInfo=备孕,1-3岁"},
		{`{"minFollowers":"1e4","maxFollowers":10000}`, 0, "fansNumberLower=10000&fansNumberUpper=10000"},
		{`{"format":"video","minPriceCny":1000,"maxPriceCny":5000}`, 0, "noteType=VIDEO&videoPrice=1000,5000"},
		{`{"format":"image","minPriceCny":"1千","maxPriceCny":"1.5万"}`, 0, "noteType=PHOTO_TEXT&notePrice=1000,15000"},
		{`{"format":"image","maxCpmCny":100,"maxCnyPerEngagement":7.5,"maxCnyPerRead":0.5}`, 0,
			"noteType=PHOTO_TEXT&estimatePictureCpm=0,100&estimatePictureEngageCost=0,7.5&estimatePicReadPrice=0,0.5"},
		{`{"minPriceCny":1000,"maxPriceCny":10000}`, 10, "videoPrice=909,9091"}, // 909.09 and 9090.9
		{`{"minPriceCny":1100,"maxPriceCny":11000}`, 10, "videoPrice=1000,10000"},
		{`{"maxPriceCny":10000}`, 7.5, "videoPrice=-1,9303"},
		{`{"maxCpmCny":110,"topic":"x"}`, 10, "searchType=NOTE&keyword=x&estimateVideoCpm=0,110"},
		{`{"minFollowers":0,"minReplyPercent":0,"growing":false,"topic":"x"}`, 0, "searchType=NOTE&keyword=x"},
		{`{"location":"广东","gender":"","maxPriceCny":"null","growing":"false"}`, 0, "location=广东"},
	} {
		if got, want := sentFor(t, c.arguments, c.feePercent), asked(t, c.want); !reflect.DeepEqual(got, want) {
			t.Errorf("Parameters of %s with a fee of %v: got %q, want %q", c.arguments, c.feePercent, got, want)
		}
	}
}

func TestSearchesThatAreRefused(t *testing.T) {
	for arguments, want := range map[string][2]string{
		`{}`: {"nothing to search for: give who, topic or a filter such as categories", "没有搜索条件"},
		`{"format":"image","sortBy":"priceCny","page":2,"pages":2,"growing":false,"refresh":true}`: {"nothing to search for", "没有搜索条件"},
		`{"budgetCny":50000,"maxPicks":3}`: {"nothing to search for", "没有搜索条件"},
		`{"who":"a","topic":"b"}`:          {"who and topic exclude each other", "who 与 topic 不能同时使用"},
		`{"who":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c1","gender":"female"}`: {"who is a link, which names one blogger and takes no filters", "who 是链接"},
		`{"minFollowers":2,"maxFollowers":1}`:                                                      {"minFollowers is above maxFollowers", "minFollowers 大于 maxFollowers"},
		`{"minPriceCny":2,"maxPriceCny":1}`:                                                        {"minPriceCny is above maxPriceCny", "minPriceCny 大于 maxPriceCny"},
		`{"industry":"MOTHER_BABY"}`:                                                               {"industry is none of the platform's presets; the nearest are MOTHER_BABY_SUPPLIES, MOTHER_BABY_FORMULA_FOOD (", "industry 不是平台的行业预设；最接近的是 MOTHER_BABY_SUPPLIES"},
		`{"industry":"母婴"}`:                                                                        {"industry is none of the platform's presets, such as", "industry 不是平台的行业预设（如"},
		`{"childStages":["5岁"]}`:                                                                   {"childStages must be one or some of 备孕, 0-6月", "childStages 必须是 备孕, 0-6月"},
		`{"audienceAge":"30"}`:                                                                     {"audienceAge must be one of under_18, 18_24", "audienceAge 必须是以下之一"},
		`{"maxPriceCny":0}`:                                                                        {"maxPriceCny must be a number above 0, in CNY", "maxPriceCny 必须是大于 0 的数字"},
		`{"minReplyPercent":101}`:                                                                  {"minReplyPercent must be a whole number, 0–100", "minReplyPercent 必须是整数，0–100"},
		`{"topic":"x","page":251}`:                                                                 {"page must be a whole number, 1–250", "page 必须是整数，1–250"},
		`{"topic":"x","pages":6}`:                                                                  {"pages must be a whole number, 1–5", "pages 必须是整数，1–5"},
		`{"topic":"x","maxPicks":2}`:                                                               {"maxPicks bounds the plan of budgetCny", "maxPicks 限制 budgetCny"},
		`{"topic":"x","refresh":true,"cachedOnly":true}`:                                           {"refresh and cachedOnly exclude each other", "refresh 与 cachedOnly 不能同时使用"},
		`{"topic":"` + strings.Repeat("长", 101) + `"}`:                                             {"topic has more than 100 characters", "topic 超过 100 个字符"},
		`{"categories":["` + strings.Repeat("长", 101) + `"]}`:                                      {"categories has a label of more than 100 characters", "categories 含有超过 100 个字符的标签"},
		"{\"topic\":\"\xb7\xc0\xc9\xb9\"}":                                                         {"topic holds a character that was lost", "topic 含有丢失的字符"},
		`{"who":"团子\ud83d"}`:                                                                       {"who holds a character that was lost", "who 含有丢失的字符"},
		`{"personas":["妈妈","\ufffd"]}`:                                                             {"personas holds a character that was lost", "personas 含有丢失的字符"},
		`{"location":"\ufffd\ufffd"}`:                                                              {"location holds a character that was lost", "location 含有丢失的字符"},
		`{"topic":"x","sortBy":"cheapest"}`:                                                        {"sortBy must be one of cnyPerEngagement", "sortBy 必须是以下之一"},
		`{"city":"深圳"}`:                                                                            {`unknown argument "city": the arguments are who, topic, categories`, "未知参数“city”"},
	} {
		_, err := FindArguments.Decode(json.RawMessage(arguments))
		refusal := (*Refusal)(nil)
		if !errors.As(err, &refusal) {
			t.Errorf("Decode(%.80s): got the error %v, want a *Refusal", arguments, err)
			continue
		}
		for i, got := range []string{refusal.Error(), refusal.In(lang.Chinese)} {
			if !strings.HasPrefix(got, want[i]) {
				t.Errorf("Decode(%.80s): got %q, want it to begin with %q", arguments, got, want[i])
			}
		}
		checkSentence(t, arguments, err)
	}
}

// The command line has the flags that are published, and no others.
func TestFlagsOfASearch(t *testing.T) {
	const published = "topic category persona location audience-location gender audience-gender audience-age child-stage min-followers max-followers format min-price max-price min-reads " +
		"min-engagements min-sponsored-reads max-cpm max-cny-per-engagement max-cny-per-read min-reply industry exclude-low-active growing sort budget-cny max-picks page pages cached-only"
	var in FindInput
	fs := flag.NewFlagSet("find", flag.ContinueOnError)
	FindArguments.Flags(fs, &in)
	got := map[string]bool{}
	fs.VisitAll(func(f *flag.Flag) { got[f.Name] = true })
	if want := strings.Fields(published); !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("the flags: got %q, want %q", slices.Sorted(maps.Keys(got)), want)
	}
	if err := FindArguments.CheckFlags(&in); err == nil || !strings.HasPrefix(err.Error(), "nothing to search for: give WHO, -topic or a filter such as -category") {
		t.Errorf("CheckFlags of no flags: got %v, want what to give, by the names of flags", err)
	}
}

func TestUnknownLabels(t *testing.T) {
	f := Filters{Categories: []string{"母婴", "育儿经验", "科技", "护肤品", "火星", "妈妈"}, Personas: []string{"妈妈", "宝妈", "美食探店"}}
	want := []UnknownLabel{
		{Label: "护肤品", Nearest: []string{"护肤", "护肤合集", "护肤其他"}}, {Label: "火星"}, {Label: "妈妈", IsPersona: true},
		{Label: "宝妈", Nearest: []string{"妈妈", "孕妈"}}, {Label: "美食探店", IsCategory: true},
	}
	if got := f.UnknownLabels(); !reflect.DeepEqual(got, want) {
		t.Errorf("UnknownLabels of %+v: got %+v, want %+v", f, got, want)
	}
}

func TestProvinceOf(t *testing.T) {
	for place, want := range map[string]string{
		"深圳": "广东 深圳", "中国 深圳": "广东 深圳", "成都市": "四川 成都", "呼和浩特": "内蒙古 呼和浩特",
		"广东": " ", "吉林": " ", "火星": " ", "": " ", "深圳 南山": " ",
	} {
		if province, city := ProvinceOf(place); province+" "+city != want {
			t.Errorf("ProvinceOf(%q): got %q, want %q", place, province+" "+city, want)
		}
	}
	for province := range citiesOf {
		if !slices.Contains(SearchLabels.Locations, china+" "+province) {
			t.Errorf("the province %s of the cities: got one that the platform does not list, want one of %q", province, SearchLabels.Locations)
		}
	}
}

func TestSeveralPlaces(t *testing.T) {
	for place, want := range map[string]bool{
		"江苏 浙江": true, "中国 江苏 浙江": true, "江苏,浙江": true, "江苏、上海": true, "日本 广东": true,
		"广东": false, "广东 深圳": false, "中国 广东 深圳": false, "吉林 吉林": false, "深圳": false, "火星 金星": false, "": false,
	} {
		if got := SeveralPlaces(place); got != want {
			t.Errorf("SeveralPlaces(%q): got %t, want %t", place, got, want)
		}
	}
}

func TestUnknownPlaces(t *testing.T) {
	for place, known := range map[string]bool{
		"广东": true, "广东 深圳": true, "中国 广东": true, "中国 广东 深圳": true, "中国": true, "日本": true, "日本 东京": true, "上海": true,
		"深圳": false, "中国 深圳": false, "Guangdong": false, "广东,浙江": false, "江苏 浙江": false, "中国 江苏 浙江": false, "日本 广东": false, "吉林 吉林": true,
	} {
		f := Filters{AudienceLocation: place}
		if got := f.UnknownPlaces() == nil; got != known {
			t.Errorf("UnknownPlaces of %q: got %q, want it known: %t", place, f.UnknownPlaces(), known)
		}
	}
}

// Followers, reads and engagements are read as people write them.
func TestQuantities(t *testing.T) {
	for _, name := range []string{"minFollowers", "maxFollowers", "minReadMedian", "minEngagementMedian", "minSponsoredReadMedian"} {
		for given, want := range map[string]string{
			`10000`: "10000", `"10000"`: "10000", `1e4`: "10000", `10000.0`: "10000", `"10,000"`: "10000", `"10 000"`: "10000",
			`"1万"`: "10000", `"1 萬"`: "10000", `"1.5w"`: "15000", `"10W"`: "100000", `"3k"`: "3000", `"3千"`: "3000", `"１．５万"`: "15000",
			`1000000000`: "1000000000", `"10万"`: "100000",
		} {
			in, err := FindArguments.Decode(json.RawMessage(`{"topic":"x","` + name + `":` + given + `}`))
			sent := in.Sent(0)
			if err != nil || len(sent) != 2 || !slices.ContainsFunc(slices.Collect(maps.Values(sent)), func(s string) bool { return strings.TrimSuffix(s, ",-1") == want }) {
				t.Errorf("%s %s sends %q, %v; want %s", name, given, sent, err, want)
			}
		}
		for _, given := range []string{`-1`, `1.5`, `"1.00005万"`, `"1万e2"`, `"¥1万"`, `"10000元"`, `"1,00"`, `"10万万"`, `1000000001`, `"11亿"`, `"0x10"`, `[1]`} {
			_, err := FindArguments.Decode(json.RawMessage(`{"topic":"x","` + name + `":` + given + `}`))
			if want := name + " must be a whole number, 0–1000000000"; err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s %s: the error is %v, want %q in front", name, given, err, want)
			}
		}
	}
}
