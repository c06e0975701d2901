package upstream

import (
	"cmp"
	"net/url"
)

// Endpoint is one paid question that can be asked about a blogger.
type Endpoint struct {
	// Name is the section of the results that it answers, and its label in
	// keys, metrics and words.
	Name string
	path string
	// namesBlogger: the answer holds the userId, which must be the one asked for.
	namesBlogger bool
	// parameters are those beside token and userId; nil if there are none.
	parameters func(Options) url.Values
}

// The endpoints. Where a path has "userId", it is that very word: the id is a
// query parameter.
var (
	UserBlogger = &Endpoint{Name: "profile", path: pgy + "/cooperator/user/blogger/userId/v1", namesBlogger: true}
	Performance = &Endpoint{Name: "performance", path: pgy + "/kol/dataV3/notesRate/v1", parameters: performanceParameters}
	Audience    = &Endpoint{Name: "audience", path: pgy + "/kol/data/userId/fans_profile/v1"}
	Followers   = &Endpoint{Name: "followers", path: pgy + "/kol/dataV3/fansSummary/v1"}
	Costs       = &Endpoint{Name: "costs", path: pgy + "/kol/dataV2/costEffective/v1"}
	Notes       = &Endpoint{Name: "notes", path: pgy + "/kol/dataV2/notesDetail/v1", parameters: notesParameters}
)

const pgy = "/api/xiaohongshu-pgy/api/solar"

// Options narrow an endpoint's answer down. The zero value asks for daily notes
// of all formats over 30 days.
type Options struct {
	Sponsored bool   // sponsored notes instead of daily ones
	Format    string // "image" or "video"; anything else is both
	Days      int    // 90; anything else is 30
}

// Query is one paid question with its parameters. Queries that are equal get
// the same answer.
type Query struct {
	Endpoint   *Endpoint
	UserID     string // 24 lower-case hex digits
	Parameters string // as in a URL; "" if the endpoint has none
}

// Query asks the endpoint about a blogger. Options that the endpoint does not
// have change nothing.
func (e *Endpoint) Query(userID string, o Options) Query {
	q := Query{Endpoint: e, UserID: userID}
	if e.parameters != nil {
		q.Parameters = e.parameters(o).Encode()
	}
	return q
}

// Key names the answer in memory and in every store.
func (q Query) Key() string {
	key := q.Endpoint.Name + "/" + q.UserID
	if q.Parameters != "" {
		key += "?" + q.Parameters
	}
	return key
}

// url has every parameter: without the defaults too, answers of HTTP 400 were seen.
func (q Query) url(base string, token Token) string {
	u := base + q.Endpoint.path + "?" + url.Values{"token": {token.reveal()}, "userId": {q.UserID}}.Encode()
	if q.Parameters != "" {
		u += "&" + q.Parameters
	}
	return u
}

func performanceParameters(o Options) url.Values {
	noteType := cmp.Or(noteTypes[o.Format], "PHOTO_TEXT_AND_VIDEO")
	v := url.Values{"business": {"DAILY_NOTE"}, "noteType": {noteType}, "dateType": {"DAY_30"}, "advertiseSwitch": {"ALL"}}
	if o.Sponsored {
		v.Set("business", "COOPERATE_NOTE")
	}
	if o.Days == 90 {
		v.Set("dateType", "DAY_90")
	}
	return v
}

// notesParameters have one place for scope and format: with sponsored notes the
// format is for the caller to apply.
func notesParameters(o Options) url.Values {
	noteType := cmp.Or(noteTypes[o.Format], "ALL")
	if o.Sponsored {
		noteType = "COOPERATION"
	}
	return url.Values{"noteType": {noteType}, "orderType": {"LATEST"}, "advertiseSwitch": {"ALL"}, "isThirdPlatform": {"NO"}, "pageNumber": {"1"}}
}

var noteTypes = map[string]string{"image": "PHOTO_TEXT", "video": "VIDEO"}
