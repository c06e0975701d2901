package upstream_test

import (
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// Every parameter goes out, those with a default too.
func TestWhatIsAsked(t *testing.T) {
	const base = "/api/xiaohongshu-pgy/api/solar"
	for _, c := range []struct {
		endpoint *upstream.Endpoint
		options  upstream.Options
		path     string
		query    string // beside token and userId
	}{
		{upstream.Profile, upstream.Options{Sponsored: true, Days: 90}, "/cooperator/user/blogger/userId/v1", ""},
		{upstream.Performance, upstream.Options{}, "/kol/dataV3/notesRate/v1", "advertiseSwitch=ALL&business=DAILY_NOTE&dateType=DAY_30&noteType=PHOTO_TEXT_AND_VIDEO"},
		{upstream.Performance, upstream.Options{Sponsored: true, Format: "image", Days: 90}, "/kol/dataV3/notesRate/v1", "advertiseSwitch=ALL&business=COOPERATE_NOTE&dateType=DAY_90&noteType=PHOTO_TEXT"},
		{upstream.Performance, upstream.Options{Format: "video", Days: 30}, "/kol/dataV3/notesRate/v1", "advertiseSwitch=ALL&business=DAILY_NOTE&dateType=DAY_30&noteType=VIDEO"},
		{upstream.Audience, upstream.Options{Format: "video"}, "/kol/data/userId/fans_profile/v1", ""},
		{upstream.Followers, upstream.Options{}, "/kol/dataV3/fansSummary/v1", ""},
		{upstream.Costs, upstream.Options{}, "/kol/dataV2/costEffective/v1", ""},
		{upstream.Notes, upstream.Options{Format: "all"}, "/kol/dataV2/notesDetail/v1", "advertiseSwitch=ALL&isThirdPlatform=NO&noteType=ALL&orderType=LATEST&pageNumber=1"},
		{upstream.Notes, upstream.Options{Format: "image"}, "/kol/dataV2/notesDetail/v1", "advertiseSwitch=ALL&isThirdPlatform=NO&noteType=PHOTO_TEXT&orderType=LATEST&pageNumber=1"},
		{upstream.Performance, upstream.Options{Organic: true}, "/kol/dataV3/notesRate/v1", "advertiseSwitch=ORGANIC_ONLY&business=DAILY_NOTE&dateType=DAY_30&noteType=PHOTO_TEXT_AND_VIDEO"},
		{upstream.Growth, upstream.Options{Days: 90}, "/kol/data/userId/fans_overall_new_history/v1", "dateType=DAY_90&increaseType=FANS_TOTAL"},
		{upstream.Availability, upstream.Options{Sponsored: true, Days: 90}, "/kol/dataV3/dataSummary/v1", "business=COOPERATE_NOTE"},
		{upstream.Notes, upstream.Options{Page: 3, Organic: true}, "/kol/dataV2/notesDetail/v1", "advertiseSwitch=ALL&isThirdPlatform=NO&noteType=ALL&orderType=LATEST&pageNumber=3"},
		{upstream.Notes, upstream.Options{Format: "video", Sponsored: true}, "/kol/dataV2/notesDetail/v1", "advertiseSwitch=ALL&isThirdPlatform=NO&noteType=COOPERATION&orderType=LATEST&pageNumber=1"},
	} {
		var path string
		var query url.Values
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			path, query = r.URL.Path, r.URL.Query()
			_, _ = w.Write([]byte(`{"code":0,"data":{"a":1}}`))
		})
		client := upstream.NewClient(s.URL, upstream.NewToken(canary), time.Minute)
		if _, err := client.Fetch(t.Context(), c.endpoint.Query(documented, c.options)); err != nil {
			t.Errorf("%s: the error is %v, want an answer", c.endpoint.Name, err)
		}
		if path != base+c.path {
			t.Errorf("%s: the path is %q, want %q", c.endpoint.Name, path, base+c.path)
		}
		if got := query.Get("token"); got != canary {
			t.Errorf("%s: the token is %q, want %q", c.endpoint.Name, got, canary)
		}
		if got := query.Get("userId"); got != documented {
			t.Errorf("%s: the userId is %q, want %q", c.endpoint.Name, got, documented)
		}
		query.Del("token")
		query.Del("userId")
		if got := query.Encode(); got != c.query {
			t.Errorf("%s: the parameters are %q, want %q", c.endpoint.Name, got, c.query)
		}
	}
}

// The endpoints that are not asked about a blogger.
func TestOtherSubjects(t *testing.T) {
	for _, c := range []struct {
		query      upstream.Query
		path, want string // the query beside the token
	}{
		{upstream.Note.Query(documented, upstream.Options{}), "/api/xiaohongshu-pgy/api/solar/note/noteId/detail/v1", "noteId=" + documented},
		{upstream.Link.With(url.Values{"shareUrl": {"http://xhslink.com/a/b?c=d"}}), "/api/xiaohongshu/share-url-transfer/v1", "shareUrl=http%3A%2F%2Fxhslink.com%2Fa%2Fb%3Fc%3Dd"},
		{upstream.Search.With(url.Values{"searchType": {"NICKNAME"}, "page": {"1"}}), "/api/xiaohongshu-pgy/api/solar/cooperator/blogger/v2/v1", "page=1&searchType=NICKNAME"},
		{upstream.Trend.Query(documented, upstream.Options{}), "/api/xiaohongshu-pgy/api/pgy/kol/data/core_data/v1", "advertiseSwitch=ALL&business=DAILY_NOTE&dateType=DAY_30&noteType=PHOTO_TEXT_AND_VIDEO&userId=" + documented},
	} {
		var path string
		var query url.Values
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			path, query = r.URL.Path, r.URL.Query()
			_, _ = w.Write([]byte(`{"code":0,"data":{"a":1}}`))
		})
		client := upstream.NewClient(s.URL, upstream.NewToken(canary), time.Minute)
		if _, err := client.Fetch(t.Context(), c.query); err != nil {
			t.Errorf("%s: the error is %v, want an answer", c.query.Endpoint.Name, err)
		}
		query.Del("token")
		if path != c.path || query.Encode() != c.want {
			t.Errorf("%s asks %s?%s, want %s?%s", c.query.Endpoint.Name, path, query.Encode(), c.path, c.want)
		}
	}
}

// An answer without data is a not_found, but for a trend without figures and a
// search that finds nobody. A note's answer says which note it is about.
func TestAnswersOfOtherEndpoints(t *testing.T) {
	search := upstream.Search.With(url.Values{"page": {"1"}})
	note, trend := upstream.Note.Query(documented, upstream.Options{}), upstream.Trend.Query(documented, upstream.Options{})
	for _, c := range []struct {
		query upstream.Query
		data  string
		want  string // "" for what kind says
		kind  upstream.Kind
	}{
		{trend, `null`, `null`, ""},
		{trend, `{}`, `null`, ""},
		{trend, `{"dailyData":[]}`, `{"dailyData":[]}`, ""},
		{search, `null`, "", upstream.NotFound},
		{search, `{"kols":[],"total":0}`, `{"kols":[],"total":0}`, ""},
		{note, `null`, "", upstream.NotFound},
		{note, `{"noteId":"` + documented + `"}`, `{"noteId":"` + documented + `"}`, ""},
		{note, `{"noteId":"` + blogger(1) + `"}`, "", upstream.BadResponse},
		{note, `{"userId":"` + blogger(1) + `"}`, `{"userId":"` + blogger(1) + `"}`, ""},
	} {
		s := serve(t, answering(http.StatusOK, `{"code":0,"data":`+c.data+`}`))
		r, err := upstream.NewClient(s.URL, upstream.NewToken(canary), time.Minute).Fetch(t.Context(), c.query)
		if e := typed(t, err); kindOf(e) != c.kind {
			t.Errorf("%s with the data %s ends with %v, want %q", c.query.Endpoint.Name, c.data, err, c.kind)
		}
		if err == nil && string(r.Data()) != c.want {
			t.Errorf("%s with the data %s gives %s, want %s", c.query.Endpoint.Name, c.data, r.Data(), c.want)
		}
	}
}

// Only what changes the answer is in the key.
func TestKeys(t *testing.T) {
	if got, want := upstream.Costs.Query(documented, upstream.Options{Days: 90, Sponsored: true}).Key(), upstream.Costs.Query(documented, upstream.Options{}).Key(); got != want {
		t.Errorf("the key of the same question is %q, want %q", got, want)
	}
	seen := map[string]bool{}
	for _, e := range []*upstream.Endpoint{upstream.Profile, upstream.Performance, upstream.Audience, upstream.Followers, upstream.Costs, upstream.Notes} {
		seen[e.Query(documented, upstream.Options{}).Key()] = true
		seen[e.Query(blogger(1), upstream.Options{}).Key()] = true
	}
	for _, o := range []upstream.Options{{Sponsored: true}, {Format: "image"}, {Format: "video"}, {Days: 90}} {
		seen[upstream.Performance.Query(documented, o).Key()] = true
	}
	if len(seen) != 16 {
		t.Errorf("16 questions have %d keys, want 16", len(seen))
	}
}

// What one endpoint refuses says nothing of another: a token may be allowed one
// of them alone.
func TestHoldingOffIsPerEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &source{answer: sequence(&upstream.Error{Kind: upstream.PermissionDenied, Billed: upstream.NotBilled})}
		d := open(f)
		defer d.Close()
		l := d.Lookup(upstream.Performance.Query(documented, upstream.Options{}), upstream.Ask{})
		<-l.Done()
		_, err := l.Answer()
		wantError(t, typed(t, err), upstream.PermissionDenied, upstream.NotBilled)
		mustGet(t, d, documented, false)
		f.wantRequests(t, 2)
	})
}

// The profile alone says whose it is; a member of that name elsewhere is just a
// member.
func TestOnlyTheProfileNamesItsBlogger(t *testing.T) {
	s := serve(t, answering(http.StatusOK, `{"code":0,"data":{"userId":"`+blogger(1)+`"}}`))
	client := upstream.NewClient(s.URL, upstream.NewToken(canary), time.Minute)
	_, err := client.Fetch(t.Context(), profile(documented))
	wantError(t, typed(t, err), upstream.BadResponse, upstream.UnknownBilling)
	if _, err := client.Fetch(t.Context(), upstream.Costs.Query(documented, upstream.Options{})); err != nil {
		t.Errorf("costs: the error is %v, want an answer", err)
	}
}

// A byte order mark before an answer is skipped: the answer is paid for.
func TestAByteOrderMarkBeforeAnAnswer(t *testing.T) {
	p, err := ask(t, answering(http.StatusOK, "\ufeff"+whole))
	wantProfile(t, p, err, `{"userId":"`+documented+`"}`)
}
