package upstream_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"pgy-mcp/upstream"
)

// sampled searches the samples, and gives how many are found and on the page.
func sampled(t *testing.T, query string) (total, onPage int) {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatalf("ParseQuery(%q): got %v, want no error", query, err)
	}
	r, err := upstream.NewSample(recordings).Fetch(t.Context(), upstream.Search.With(v))
	if err != nil {
		t.Fatalf("Fetch of %s: got %v, want no error", query, err)
	}
	var page struct {
		Kols  []json.RawMessage
		Total int
	}
	if err := json.Unmarshal(r.Data(), &page); err != nil {
		t.Fatalf("Fetch of %s: got %.300s (%v), want a page", query, r.Data(), err)
	}
	return page.Total, len(page.Kols)
}

// Each filter of a search finds some of the samples and leaves some out.
func TestSampleFilters(t *testing.T) {
	all, _ := sampled(t, "page=1")
	for _, filter := range []string{
		"contentTag=母婴", "contentTag=早教,护肤", "personalTags=妈妈", "location=广东", "location=中国 广东", "location=广东 深圳", "location=日本", "location=中国",
		"fansLocation=四川", "gender=MALE", "fansGender=MALE_HIGH", "fansAge=AGE_35_44", "fansChildAgeInfo=0-6月,备孕", "industry=GAMES,AUTOMOTIVE",
		"fansNumberLower=100000", "fansNumberUpper=100000", "noteType=PHOTO_TEXT", "noteType=VIDEO", "notePrice=-1,5000", "videoPrice=10000,20000",
		"readMidNor30=20000,-1", "interMidNor30=1000,-1", "readMidCoop30=10000,-1",
		"estimatePictureCpm=0,100", "estimateVideoCpm=0,150", "estimatePictureEngageCost=0,8", "estimateVideoEngageCost=0,15", "estimatePicReadPrice=0,0.4", "estimateVideoReadPrice=0,0.6",
		"inviteReply48hNumRatio=90,-1", "excludeLowActive=true", "fansNumUp=true",
		"searchType=NICKNAME&keyword=5566778899", "searchType=NICKNAME&keyword=妈妈", "searchType=NOTE&keyword=防晒",
	} {
		if n, _ := sampled(t, filter+"&page=1&sort=DEFAULT"); n == 0 || n >= all {
			t.Errorf("%s: got %d of %d samples, want some and not all", filter, n, all)
		}
	}
}

func TestSamplePages(t *testing.T) {
	for query, want := range map[string][2]int{
		"page=1":               {34, 20},
		"page=2":               {34, 14}, // a short page
		"page=3":               {34, 0},
		"contentTag=火星&page=1": {0, 0}, // nobody
	} {
		if total, onPage := sampled(t, query); [2]int{total, onPage} != want {
			t.Errorf("%s: got %d found and %d on the page, want %v", query, total, onPage, want)
		}
	}
	_, err := upstream.NewSample(recordings).Fetch(t.Context(), upstream.Search.With(url.Values{"keyword": {"fails"}, "page": {"1"}}))
	if e := typed(t, err); e == nil || e.Kind != upstream.UpstreamError {
		t.Errorf("the page that fails: got %v, want %s", err, upstream.UpstreamError)
	}
}

// A blogger who can be searched for can be looked up.
func TestSampleProfilesOfSearches(t *testing.T) {
	r, err := upstream.NewSample(recordings).Fetch(t.Context(), profile("5a3e1e000000000000000109"))
	if err != nil {
		t.Fatalf("Fetch of a blogger of the searches: got %v, want no error", err)
	}
	if len(r.Data()) == 0 {
		t.Errorf("the profile is empty, want the data of the search")
	}
}

func TestSampleLinks(t *testing.T) {
	s := upstream.NewSample(recordings)
	ask := func(address string) error {
		_, err := s.Fetch(t.Context(), upstream.Link.With(url.Values{"shareUrl": {address}}))
		return err
	}
	for _, link := range []string{"http://xhslink.com/a/note", "https://xhslink.com/note?x=1"} {
		if err := ask(link); err != nil {
			t.Errorf("the recorded short link %s: got %v, want no error", link, err)
		}
	}
	e := typed(t, ask("http://xhslink.com/a/other"))
	if e == nil || e.Kind != upstream.NotFound || len(e.Known) == 0 {
		t.Errorf("another short link: got %v, want not_found with the recorded ones", e)
	}
}
