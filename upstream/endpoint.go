package upstream

import (
	"cmp"
	"net/url"
	"strconv"
)

// Endpoint is one paid question of Just One API.
type Endpoint struct {
	// Name labels the endpoint in keys, metrics and words, and is the section of
	// the insights that it answers.
	Name string
	path string // "" for an endpoint that is never asked: other answers bring its entries
	// subject is the name of the parameter that holds the subject; "" if there is none.
	subject string
	// echoed: the answer has a member of the subject's name, which must be the subject.
	echoed bool
	// nullable: null data is an answer, not a NotFound.
	nullable bool
	// parameters are those beside token and subject; nil if Options have none.
	parameters func(Options) url.Values
	// rows finds the bloggers in an answer, for entries of their own; nil if there are none.
	rows func(data []byte) []row
}

// The endpoints. Where a path has "userId" or "noteId", it is that very word: the
// id is a query parameter.
var (
	Profile      = &Endpoint{Name: "profile", path: solar + "/cooperator/user/blogger/userId/v1", subject: "userId", echoed: true}
	Performance  = &Endpoint{Name: "performance", path: solar + "/kol/dataV3/notesRate/v1", subject: "userId", parameters: performanceParameters}
	Audience     = &Endpoint{Name: "audience", path: solar + "/kol/data/userId/fans_profile/v1", subject: "userId"}
	Followers    = &Endpoint{Name: "followers", path: solar + "/kol/dataV3/fansSummary/v1", subject: "userId"}
	Costs        = &Endpoint{Name: "costs", path: solar + "/kol/dataV2/costEffective/v1", subject: "userId"}
	Notes        = &Endpoint{Name: "notes", path: solar + "/kol/dataV2/notesDetail/v1", subject: "userId", parameters: notesParameters}
	Trend        = &Endpoint{Name: "trend", path: "/api/xiaohongshu-pgy/api/pgy/kol/data/core_data/v1", subject: "userId", nullable: true, parameters: performanceParameters}
	Growth       = &Endpoint{Name: "growth", path: solar + "/kol/data/userId/fans_overall_new_history/v1", subject: "userId", parameters: growthParameters}
	Availability = &Endpoint{Name: "availability", path: solar + "/kol/dataV3/dataSummary/v1", subject: "userId", parameters: availabilityParameters}
	Search       = &Endpoint{Name: "search", path: solar + "/cooperator/blogger/v2/v1", rows: searchRows}
	Link         = &Endpoint{Name: "link", path: "/api/xiaohongshu/share-url-transfer/v1"}
	Note         = &Endpoint{Name: "note", path: solar + "/note/noteId/detail/v1", subject: "noteId", echoed: true, rows: noteAuthor}

	// SearchRow is a blogger as the latest search had them, NoteAuthor as the
	// latest answer about one of their notes did. They are never asked for: a
	// look-up of them gives what is kept, or NotCached.
	SearchRow  = &Endpoint{Name: "searchRow", subject: "userId"}
	NoteAuthor = &Endpoint{Name: "noteAuthor", subject: "userId"}
)

const solar = "/api/xiaohongshu-pgy/api/solar"

// Endpoints are those that can be asked, in the order in which they are listed.
var Endpoints = []*Endpoint{
	Profile, Performance, Audience, Followers, Costs, Notes, Trend, Growth, Availability, Search, Link, Note,
}

// Options narrow an endpoint's answer down. The zero value asks for the first
// page of daily notes of all formats over 30 days, paid traffic included.
type Options struct {
	Sponsored bool   // sponsored notes instead of daily ones
	Format    string // "image" or "video"; anything else is both
	Days      int    // 90; anything else is 30
	Organic   bool   // without paid traffic
	Page      int    // of notes; 0 is 1
}

// Query is one paid question with its parameters. Queries that are equal get
// the same answer.
type Query struct {
	Endpoint   *Endpoint
	Subject    string // a userId or noteId, 24 lower-case hex digits; "" if the endpoint has none
	Parameters string // as in a URL; "" if the endpoint has none
}

// Query asks the endpoint about a blogger or a note. Options that the endpoint
// does not have change nothing.
func (e *Endpoint) Query(subject string, o Options) Query {
	q := Query{Endpoint: e, Subject: subject}
	if e.parameters != nil {
		q.Parameters = e.parameters(o).Encode()
	}
	return q
}

// With asks an endpoint without a subject: Search or Link.
func (e *Endpoint) With(parameters url.Values) Query {
	return Query{Endpoint: e, Parameters: parameters.Encode()}
}

// Key names the answer in memory and in every store.
func (q Query) Key() string {
	key := q.Endpoint.Name + "/" + q.Subject
	if q.Parameters != "" {
		key += "?" + q.Parameters
	}
	return key
}

// url has every parameter: without the defaults too, answers of HTTP 400 were seen.
func (q Query) url(base string, token Token) string {
	values := url.Values{"token": {token.reveal()}}
	if q.Endpoint.subject != "" {
		values.Set(q.Endpoint.subject, q.Subject)
	}
	u := base + q.Endpoint.path + "?" + values.Encode()
	if q.Parameters != "" {
		u += "&" + q.Parameters
	}
	return u
}

func performanceParameters(o Options) url.Values {
	v := availabilityParameters(o)
	v.Set("noteType", cmp.Or(noteTypes[o.Format], "PHOTO_TEXT_AND_VIDEO"))
	v.Set("dateType", dateType(o))
	v.Set("advertiseSwitch", "ALL")
	if o.Organic {
		v.Set("advertiseSwitch", "ORGANIC_ONLY")
	}
	return v
}

// notesParameters have one parameter for scope and format: with sponsored notes
// the caller applies the format to the rows.
func notesParameters(o Options) url.Values {
	noteType := cmp.Or(noteTypes[o.Format], "ALL")
	if o.Sponsored {
		noteType = "COOPERATION"
	}
	page := strconv.Itoa(cmp.Or(o.Page, 1))
	return url.Values{"noteType": {noteType}, "orderType": {"LATEST"}, "advertiseSwitch": {"ALL"}, "isThirdPlatform": {"NO"}, "pageNumber": {page}}
}

func growthParameters(o Options) url.Values {
	return url.Values{"dateType": {dateType(o)}, "increaseType": {"FANS_TOTAL"}}
}

func availabilityParameters(o Options) url.Values {
	if o.Sponsored {
		return url.Values{"business": {"COOPERATE_NOTE"}}
	}
	return url.Values{"business": {"DAILY_NOTE"}}
}

func dateType(o Options) string {
	if o.Days == 90 {
		return "DAY_90"
	}
	return "DAY_30"
}

var noteTypes = map[string]string{"image": "PHOTO_TEXT", "video": "VIDEO"}
