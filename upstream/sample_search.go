package upstream

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// pageSize is how many bloggers a page of a search has at most.
const pageSize = 20

// sampleBlogger is a made-up blogger who can be searched for.
type sampleBlogger struct {
	Data     json.RawMessage // as a search and a profile have them
	Audience struct {        // what only filters know
		Country          string
		FansLocation     []string
		FansGender       string
		FansAge          []string
		FansChildAgeInfo []string
		Industry         []string
	}

	data sampleData
}

// sampleData are the members of Data that filters look at.
type sampleData struct {
	UserID, Name, RedID, Location, Gender string
	PersonalTags, FeatureTags             []string
	ContentTags                           []struct {
		Taxonomy1Tag  string
		Taxonomy2Tags []string
	}
	LowActive bool
}

// labels are the categories of both levels.
func (d *sampleData) labels() []string {
	var out []string
	for _, tag := range d.ContentTags {
		out = append(append(out, tag.Taxonomy1Tag), tag.Taxonomy2Tags...)
	}
	return out
}

// number reads a member, also from a string; 0 where there is none.
func (b *sampleBlogger) number(name string) float64 {
	x, _ := strconv.ParseFloat(string(bytes.Trim(member(b.Data, name), `"`)), 64)
	return x
}

// sampleFilters says for each parameter of a search whether a blogger meets its value. A
// parameter that is not in it filters nobody.
var sampleFilters = map[string]func(b *sampleBlogger, value string) bool{
	"contentTag":   func(b *sampleBlogger, v string) bool { return anyOf(v, b.data.labels()) },
	"personalTags": func(b *sampleBlogger, v string) bool { return anyOf(v, b.data.PersonalTags) },
	"location":     func(b *sampleBlogger, v string) bool { return isIn(v, b.Audience.Country, b.data.Location) },
	"fansLocation": func(b *sampleBlogger, v string) bool { return isInAny(v, b.Audience.FansLocation) },
	"gender": func(b *sampleBlogger, v string) bool {
		return b.data.Gender == map[string]string{"MALE": "男", "FEMALE": "女"}[v]
	},
	"fansGender":       func(b *sampleBlogger, v string) bool { return b.Audience.FansGender == v },
	"fansAge":          func(b *sampleBlogger, v string) bool { return anyOf(v, b.Audience.FansAge) },
	"fansChildAgeInfo": func(b *sampleBlogger, v string) bool { return anyOf(v, b.Audience.FansChildAgeInfo) },
	"industry":         func(b *sampleBlogger, v string) bool { return anyOf(v, b.Audience.Industry) },
	"fansNumberLower":  func(b *sampleBlogger, v string) bool { return isWithin(v+",-1", b.number("fansNum")) },
	"fansNumberUpper":  func(b *sampleBlogger, v string) bool { return isWithin("-1,"+v, b.number("fansNum")) },
	"noteType": func(b *sampleBlogger, v string) bool {
		return b.number(map[string]string{"PHOTO_TEXT": "pictureState", "VIDEO": "videoState"}[v]) == 1
	},
	"notePrice":                 ofMember("picturePrice"),
	"videoPrice":                ofMember("videoPrice"),
	"readMidNor30":              ofMember("clickMidNum"),
	"interMidNor30":             ofMember("interMidNum"),
	"readMidCoop30":             ofMember("readMidCoop30"),
	"estimatePictureCpm":        ofMember("estimatePictureCpm"),
	"estimateVideoCpm":          ofMember("estimateVideoCpm"),
	"estimatePictureEngageCost": ofMember("estimatePictureEngageCost"),
	"estimateVideoEngageCost":   ofMember("estimateVideoEngageCost"),
	"estimatePicReadPrice":      ofMember("pictureReadCost"),
	"estimateVideoReadPrice":    ofMember("videoReadCost"),
	"inviteReply48hNumRatio":    ofMember("inviteReply48hNumRatio"),
	"excludeLowActive":          func(b *sampleBlogger, _ string) bool { return !b.data.LowActive },
	"fansNumUp":                 func(b *sampleBlogger, _ string) bool { return b.number("fans30GrowthNum") > 0 },
}

// ofMember makes a filter that wants a member within a range; 0 is not filled and meets none.
func ofMember(name string) func(*sampleBlogger, string) bool {
	return func(b *sampleBlogger, v string) bool { return b.number(name) > 0 && isWithin(v, b.number(name)) }
}

// isWithin reports whether a number is within "least,most", where -1 is no bound.
func isWithin(bounds string, x float64) bool {
	low, high, _ := strings.Cut(bounds, ",")
	least, _ := strconv.ParseFloat(low, 64)
	most, _ := strconv.ParseFloat(high, 64)
	return x >= least && (most < 0 || x <= most)
}

func anyOf(wanted string, has []string) bool {
	return slices.ContainsFunc(strings.Split(wanted, ","), func(w string) bool { return slices.Contains(has, w) })
}

// isIn reports whether a place is the wanted one, or in it.
func isIn(wanted, country, place string) bool {
	wanted, _ = strings.CutPrefix(wanted+" ", country+" ")
	return strings.HasPrefix(place+" ", wanted)
}

func isInAny(wanted string, places []string) bool {
	return slices.ContainsFunc(places, func(p string) bool { return isIn(wanted, "中国", p) })
}

// matches reports whether a blogger is one that a search asks for.
func (b *sampleBlogger) matches(asked url.Values) bool {
	if word := asked.Get("keyword"); word != "" {
		texts := slices.Concat(b.data.FeatureTags, b.data.PersonalTags, b.data.labels())
		if asked.Get("searchType") == "NICKNAME" {
			texts = []string{b.data.Name, b.data.RedID}
		}
		if !slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, word) }) {
			return false
		}
	}
	for name := range asked {
		if keeps := sampleFilters[name]; keeps != nil && !keeps(b, asked.Get(name)) {
			return false
		}
	}
	return true
}

// bloggers are all that can be searched for.
func (s *Sample) bloggers() ([]sampleBlogger, error) {
	file, err := fs.ReadFile(s.answers, "search/bloggers.json")
	if err != nil {
		return nil, err
	}
	var recorded struct{ Bloggers []sampleBlogger }
	if err := json.Unmarshal(file, &recorded); err != nil {
		return nil, err
	}
	for i := range recorded.Bloggers {
		b := &recorded.Bloggers[i]
		if err := json.Unmarshal(b.Data, &b.data); err != nil {
			return nil, err
		}
	}
	return recorded.Bloggers, nil
}

// search makes a page of the bloggers that are asked for. A file search/KEYWORD-PAGE.json
// is that page instead.
func (s *Sample) search(parameters string) ([]byte, error) {
	asked, err := url.ParseQuery(parameters)
	if err != nil {
		return nil, err
	}
	if body, err := fs.ReadFile(s.answers, "search/"+asked.Get("keyword")+"-"+asked.Get("page")+".json"); err == nil {
		return body, nil
	}
	all, err := s.bloggers()
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(all, func(b sampleBlogger) bool { return !b.matches(asked) })
	page, _ := strconv.Atoi(asked.Get("page"))
	from := min(max(page-1, 0)*pageSize, len(found))
	kols := []json.RawMessage{}
	for _, b := range found[from:min(from+pageSize, len(found))] {
		kols = append(kols, b.Data)
	}
	return enveloped(map[string]any{"kols": kols, "total": len(found)})
}

// profile gives a blogger of the searches as the answer to a profile; the error is
// fs.ErrNotExist where there is none.
func (s *Sample) profile(userID string) ([]byte, error) {
	all, err := s.bloggers()
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		if b.data.UserID == userID {
			return enveloped(b.Data)
		}
	}
	return nil, fs.ErrNotExist
}

func enveloped(data any) ([]byte, error) {
	return json.Marshal(map[string]any{"code": 0, "data": data})
}
