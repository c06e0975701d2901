package schema

import "encoding/json"

// Section is one part of a blogger's insights; each one is an endpoint of the
// upstream of its own, and paid for by itself.
type Section string

// The sections.
const (
	SectionPerformance Section = "performance"
	SectionAudience    Section = "audience"
	SectionFollowers   Section = "followers"
	SectionCosts       Section = "costs"
	SectionNotes       Section = "notes"
)

// Sections lists the sections in the order in which results have them.
var Sections = []Section{SectionPerformance, SectionAudience, SectionFollowers, SectionCosts, SectionNotes}

// DefaultSections are those of a call that names none.
var DefaultSections = []Section{SectionPerformance, SectionAudience}

// Scope is which notes the performance and notes sections are about.
type Scope string

// The scopes.
const (
	ScopeDaily     Scope = "daily"
	ScopeSponsored Scope = "sponsored"
)

// Scopes lists the scopes, the default first.
var Scopes = []Scope{ScopeDaily, ScopeSponsored}

// FormatAll is image and video notes together.
const FormatAll Format = "all"

// NoteFormats lists the formats of notes, the default first.
var NoteFormats = []Format{FormatAll, FormatImage, FormatVideo}

// Windows lists the windows of the performance section in days, the default first.
var Windows = []int{30, 90}

// InsightsInput is what get_blogger_insights takes.
type InsightsInput struct {
	UserID   string    `json:"userId" jsonschema_description:"24 hex digits or a profile URL; no 小红书号 (redId), no note URL."`
	Sections []Section `json:"sections,omitempty" jsonschema:"minItems=1" jsonschema_description:"performance: medians, rates, traffic; audience: who follows; followers: growth, activity; costs: CPM, unit costs; notes: the latest 8."`
	Scope    Scope     `json:"scope,omitempty" jsonschema_description:"For performance and notes; for notes, daily is all."`
	Format   Format    `json:"format,omitempty" jsonschema_description:"For performance and notes."`
	Days     int       `json:"days,omitempty" jsonschema_description:"For performance."`
	Raw      RawMode   `json:"raw,omitempty" jsonschema:"enum=none,enum=compact,enum=full,default=none" jsonschema_description:"Add the upstream's data, up to 10 KB a section."`
	Refresh  bool      `json:"refresh,omitempty" jsonschema:"default=false" jsonschema_description:"Ask the upstream again; paid."`
}

// Insights is the structured result of get_blogger_insights: the sections that
// were asked for and came.
type Insights struct {
	UserID      string          `json:"userId"`
	Performance *Part           `json:"performance,omitempty"`
	Audience    *Part           `json:"audience,omitempty"`
	Followers   *Part           `json:"followers,omitempty"`
	Costs       *Part           `json:"costs,omitempty"`
	Notes       *Part           `json:"notes,omitempty"`
	Failed      []FailedSection `json:"failed,omitempty"`
	Raw         json.RawMessage `json:"raw,omitempty"` // an object of the sections' data
	Meta        InsightsMeta    `json:"meta"`
}

// Set puts a section in its place.
func (i *Insights) Set(p *Part) { *i.place(p.Section) = p }

// Parts gives the sections that came, in the order of Sections.
func (i *Insights) Parts() []*Part {
	var out []*Part
	for _, s := range Sections {
		if p := *i.place(s); p != nil {
			out = append(out, p)
		}
	}
	return out
}

func (i *Insights) place(s Section) **Part {
	return map[Section]**Part{
		SectionPerformance: &i.Performance,
		SectionAudience:    &i.Audience,
		SectionFollowers:   &i.Followers,
		SectionCosts:       &i.Costs,
		SectionNotes:       &i.Notes,
	}[s]
}

// FailedSection is a section that did not come.
type FailedSection struct {
	Section Section `json:"section"`
	Error   string  `json:"error"`
}

// InsightsMeta says where the sections come from and what this very call cost.
type InsightsMeta struct {
	Source    string        `json:"source"`
	Sections  []SectionMeta `json:"sections"` // those that came, in the order of Sections; never nil
	Cached    int           `json:"cached"`
	Billed    int           `json:"billed"`
	Failed    int           `json:"failed"`
	CallsLeft *int          `json:"callsLeft,omitempty"`
}

// SectionMeta is Meta for one section.
type SectionMeta struct {
	Section Section `json:"section"`
	AnswerMeta
	RequestID string `json:"requestId,omitempty"`
}
