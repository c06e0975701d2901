package schema

import "encoding/json"

// Part is one section of the insights. The tables Figures, Groups, Distributions, Marks
// and AllSeries list the members of its JSON; what is unknown is absent.
type Part struct {
	Section Section

	// What was asked for. Scope, Format and PaidTraffic are set if Section.HasScope, Days
	// if Section.HasWindow.
	Scope       Scope
	Format      Format
	Days        int
	PaidTraffic bool
	Page        int    // notes: 1 is the latest ones
	AsOf        string // the day of the figures, if Section.IsDated

	Points     []Point         // trend and growth: in order of date
	Summaries  []SeriesSummary // trend: of each series that has a value
	LargestDay *LargestDay     // growth: nil without a gain

	Figures       []FigureValue       // in the order of the table Figures
	Distributions []DistributionValue // in the order of the table Distributions
	Marks         []MarkValue         // in the order of the table Marks
	Industries    []string            // availability
	Rows          []NoteRow           // notes

	// Of the sponsored notes in Rows.
	Brands         []Brand
	WorstSponsored *WorstNote

	NotProvided []string // costs: formats without any figure
	Caveats     []string
}

// FigureValue is one figure that is known, as it is published.
type FigureValue struct {
	Figure *Figure
	Number json.Number // without an exponent
}

// DistributionValue is one list of shares that the upstream gave.
type DistributionValue struct {
	Distribution *Distribution
	Shares       []Share
}

// Share is one entry of a distribution.
type Share struct {
	Name    string
	Percent json.Number
}

// MarkValue is one yes or no that the upstream gave.
type MarkValue struct {
	Mark *Mark
	Is   bool
}

// Brand is a brand that paid for some of the listed notes.
type Brand struct {
	Brand  string `json:"brand"`
	Notes  int    `json:"notes"`
	LastOn string `json:"lastOn,omitempty"` // day of the latest one
}

// WorstNote is the listed note with the fewest reads.
type WorstNote struct {
	Reads int64  `json:"reads"`
	URL   string `json:"url,omitempty"`
}

// NoteRow is one note.
type NoteRow struct {
	Title       string `json:"title,omitempty"`
	URL         string `json:"url,omitempty"`
	PublishedOn string `json:"publishedOn,omitempty"`
	Format      Format `json:"format,omitempty" jsonschema:"enum=image,enum=video"`
	Brand       string `json:"brand,omitempty"`
	Reads       *int64 `json:"reads,omitempty"`
	Likes       *int64 `json:"likes,omitempty"`
	Collects    *int64 `json:"collects,omitempty"`
	ShopVisits  *int64 `json:"shopVisits,omitempty"`
}

// Figure returns a figure by its path; "" is unknown.
func (p *Part) Figure(path string) json.Number {
	for _, v := range p.Figures {
		if v.Figure.Path() == path {
			return v.Number
		}
	}
	return ""
}

// Amount is Figure as a number; 0 is unknown.
func (p *Part) Amount(path string) float64 {
	x, _ := p.Figure(path).Float64() // 0 of ""
	return x
}

// MarshalJSON implements json.Marshaler.
func (p *Part) MarshalJSON() ([]byte, error) {
	o := &object{}
	o.setIf(p.Section.HasScope(), "scope", p.Scope)
	o.setIf(p.Section.HasScope(), "format", p.Format)
	o.setIf(p.Section.HasWindow(), "days", p.Days)
	o.setIf(p.Section.HasScope(), "paidTraffic", p.PaidTraffic)
	o.setIf(p.Page > 1, "page", p.Page)
	o.setIf(p.AsOf != "", "asOf", p.AsOf)
	o.setIf(len(p.Points) > 0, "points", p.Points)
	for _, c := range p.Summaries {
		o.set(c.Series.Name, c)
	}
	for _, c := range p.Summaries {
		if c.ChangePercent != nil {
			o.within("changePercent").set(c.Series.Change, *c.ChangePercent)
		}
	}
	for _, v := range p.Figures {
		o.within(v.Figure.Group).set(v.Figure.Name, v.Number)
	}
	for _, v := range p.Distributions {
		entries := make([]*object, len(v.Shares))
		for i, s := range v.Shares {
			entries[i] = &object{}
			entries[i].set(v.Distribution.Key, s.Name)
			entries[i].set("percent", s.Percent)
		}
		o.set(v.Distribution.Name, entries)
	}
	for _, v := range p.Marks {
		o.set(v.Mark.Name, v.Is)
	}
	if d := p.LargestDay; d != nil {
		o.set("largestDay", d)
		o.setIf(d.Percent != nil, "largestDayPercent", d.Percent)
	}
	o.setIf(len(p.Industries) > 0, "industries", p.Industries)
	o.setIf(p.Section == SectionNotes, "rows", append([]NoteRow{}, p.Rows...))
	o.setIf(len(p.Brands) > 0, "brands", p.Brands)
	o.setIf(p.WorstSponsored != nil, "worstSponsored", p.WorstSponsored)
	o.setIf(len(p.NotProvided) > 0, "notProvided", p.NotProvided)
	o.setIf(len(p.Caveats) > 0, "caveats", p.Caveats)
	return o.MarshalJSON()
}
