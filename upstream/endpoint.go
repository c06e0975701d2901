package upstream

import (
	"cmp"
	"net/url"
	"strconv"
)

// Endpoint is one kind of paid request of Just One API.
type Endpoint struct {
	// Name is the endpoint's name in keys, logs and metrics. An endpoint of the insights
	// has the name of its section.
	Name string
	path string // "" for an endpoint that is never asked: other answers bring its entries
	// subject is the name of the parameter that holds the subject; "" if there is none.
	subject string
	// echoed: the answer names its subject in a member that has the parameter's name, and
	// an answer that names another subject is refused.
	echoed bool
	// nullable: null data is an answer, not a NotFound.
	nullable bool
	// parameters makes the parameters besides token and subject; nil if the endpoint takes
	// no Options.
	parameters func(Options) url.Values
	// rows finds the bloggers in an answer, each of whom gets an entry; nil if answers have
	// none.
	rows func(data []byte) []row
}

// The endpoints. A "userId" or "noteId" in a path is literal: the id is a query
// parameter.
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

	// SearchRow keeps a blogger as the latest search described them, NoteAuthor as the
	// latest answer about one of their notes did. No request asks for them: a look-up
	// gives what is kept, or NotCached.
	SearchRow  = &Endpoint{Name: "searchRow", subject: "userId"}
	NoteAuthor = &Endpoint{Name: "noteAuthor", subject: "userId"}
)

const solar = "/api/xiaohongshu-pgy/api/solar"

// Endpoints lists those that requests can ask, in the order of tables and documents.
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

// Query is an endpoint with the parameters of one request. Equal queries share an answer.
type Query struct {
	Endpoint   *Endpoint
	Subject    string // a userId or noteId, 24 lower-case hex digits; "" if the endpoint has none
	Parameters string // as in a URL; "" if the endpoint has none
}

// Query makes the query about a blogger or a note. Options that the endpoint does not
// have change nothing.
func (e *Endpoint) Query(subject string, o Options) Query {
	q := Query{Endpoint: e, Subject: subject}
	if e.parameters != nil {
		q.Parameters = e.parameters(o).Encode()
	}
	return q
}

// With makes the query of an endpoint without a subject: Search or Link.
func (e *Endpoint) With(parameters url.Values) Query {
	return Query{Endpoint: e, Parameters: parameters.Encode()}
}

// Key is the answer's key in memory and in stores.
func (q Query) Key() string {
	key := q.Endpoint.Name + "/" + q.Subject
	if q.Parameters != "" {
		key += "?" + q.Parameters
	}
	return key
}

// url gives the address of the request. It sends every parameter, since the upstream was
// seen to answer HTTP 400 where a parameter with its default was left out.
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

// notesParameters has one parameter, noteType, for both scope and format. It cannot ask for
// sponsored notes of one format: the caller picks those rows.
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
