package schema

import "encoding/json"

// Section is one part of a blogger's insights. Each section is an endpoint of the
// upstream, and one paid request.
type Section string

// The sections.
const (
	SectionPerformance  Section = "performance"
	SectionAudience     Section = "audience"
	SectionFollowers    Section = "followers"
	SectionCosts        Section = "costs"
	SectionNotes        Section = "notes"
	SectionTrend        Section = "trend"
	SectionGrowth       Section = "growth"
	SectionAvailability Section = "availability"
)

// Sections lists the sections in the order in which results have them.
var Sections = []Section{
	SectionPerformance, SectionAudience, SectionFollowers, SectionCosts, SectionNotes, SectionTrend, SectionGrowth, SectionAvailability,
}

// defaultSections are the sections of a call that names none.
var defaultSections = []Section{SectionPerformance, SectionAudience}

// HasScope reports whether the section says of which scope, format and traffic it is.
func (s Section) HasScope() bool {
	return s == SectionPerformance || s == SectionNotes || s == SectionTrend
}

// HasWindow reports whether the section depends on the number of days.
func (s Section) HasWindow() bool {
	return s == SectionPerformance || s == SectionTrend || s == SectionGrowth
}

// IsDated reports whether the section's answer names the day of its figures.
func (s Section) IsDated() bool { return s == SectionAudience || s == SectionAvailability }

// Scope says which notes a section covers.
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

// windows lists the windows in days, the default first.
var windows = []int{30, 90}

// Insights is the structured result of get_blogger_insights: the sections that
// were asked for and came.
type Insights struct {
	UserID       string          `json:"userId"`
	Name         string          `json:"name,omitempty"` // where an answer in memory has it
	Performance  *Part           `json:"performance,omitempty"`
	Audience     *Part           `json:"audience,omitempty"`
	Followers    *Part           `json:"followers,omitempty"`
	Costs        *Part           `json:"costs,omitempty"`
	Notes        *Part           `json:"notes,omitempty"`
	Trend        *Part           `json:"trend,omitempty"`
	Growth       *Part           `json:"growth,omitempty"`
	Availability *Part           `json:"availability,omitempty"`
	Failed       []FailedSection `json:"failed,omitempty"`
	Raw          json.RawMessage `json:"raw,omitempty"` // an object of the sections' data
	Meta         InsightsMeta    `json:"meta"`
}

// Set sets the member of the part's section.
func (i *Insights) Set(p *Part) { *i.member(p.Section) = p }

// Parts returns the sections that came, in the order of Sections.
func (i *Insights) Parts() []*Part {
	var out []*Part
	for _, s := range Sections {
		if p := *i.member(s); p != nil {
			out = append(out, p)
		}
	}
	return out
}

func (i *Insights) member(s Section) **Part {
	return map[Section]**Part{
		SectionPerformance:  &i.Performance,
		SectionAudience:     &i.Audience,
		SectionFollowers:    &i.Followers,
		SectionCosts:        &i.Costs,
		SectionNotes:        &i.Notes,
		SectionTrend:        &i.Trend,
		SectionGrowth:       &i.Growth,
		SectionAvailability: &i.Availability,
	}[s]
}

// FailedSection is a section that did not come.
type FailedSection struct {
	Section Section `json:"section"`
	Error   string  `json:"error"`

	IsWaiting bool `json:"-"` // pending or not cached: not a failure
}

// InsightsMeta says where the sections come from and what this call cost. Cached, Pending,
// Failed and NotCached count sections, Billed counts paid requests.
type InsightsMeta struct {
	Source    string        `json:"source"`
	Sections  []SectionMeta `json:"sections"` // those that came, in the order of Sections; never nil
	Cached    int           `json:"cached"`
	Billed    int           `json:"billed"`
	Pending   int           `json:"pending"`
	Failed    int           `json:"failed"`
	NotCached int           `json:"notCached"`
	CallsLeft *int          `json:"callsLeft,omitempty"`
}

// SectionMeta is Meta for one section.
type SectionMeta struct {
	Section Section `json:"section"`
	AnswerMeta
	RequestID string `json:"requestId,omitempty"`
}
