package schema

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Part is one section's object. Which members it can have, the tables Figures,
// Groups and Distributions say; what is not known is absent.
type Part struct {
	Section Section

	Scope  Scope  // what was asked for: performance and notes
	Format Format // the same
	Days   int    // what was asked for: performance
	AsOf   string // the day of the figures: audience

	Figures       []FigureValue       // in the order of the table
	Distributions []DistributionValue // in the order of the table
	Rows          []NoteRow           // notes: never nil there

	NotProvided []string // costs: formats without any figure
	Caveats     []string
}

// FigureValue is one figure that the upstream gave, in our scale.
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

// Figure gives the number of a figure that is in no group; "" where the upstream
// did not give it.
func (p *Part) Figure(name string) json.Number {
	for _, v := range p.Figures {
		if v.Figure.Group == "" && v.Figure.Name == name {
			return v.Number
		}
	}
	return ""
}

// Amount is Figure as a number; 0 where the upstream did not give it.
func (p *Part) Amount(name string) float64 {
	x, _ := p.Figure(name).Float64() // 0 of ""
	return x
}

// MarshalJSON implements json.Marshaler.
func (p *Part) MarshalJSON() ([]byte, error) {
	o := &object{}
	o.setIf(p.Scope != "", "scope", p.Scope)
	o.setIf(p.Scope != "", "format", p.Format)
	o.setIf(p.Days != 0, "days", p.Days)
	o.setIf(p.AsOf != "", "asOf", p.AsOf)
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
	o.setIf(p.Section == SectionNotes, "rows", append([]NoteRow{}, p.Rows...))
	o.setIf(len(p.NotProvided) > 0, "notProvided", p.NotProvided)
	o.setIf(len(p.Caveats) > 0, "caveats", p.Caveats)
	return o.MarshalJSON()
}

// object is a JSON object whose members keep the order in which they were set.
type object struct {
	names  []string
	values []any
}

func (o *object) set(name string, value any) {
	o.names = append(o.names, name)
	o.values = append(o.values, value)
}

func (o *object) setIf(given bool, name string, value any) {
	if given {
		o.set(name, value)
	}
}

// within gives the object at a dotted path and makes it where it is missing.
func (o *object) within(path string) *object {
	if path == "" {
		return o
	}
	name, rest, _ := strings.Cut(path, ".")
	i := slices.Index(o.names, name)
	if i < 0 {
		i = len(o.names)
		o.set(name, &object{})
	}
	return o.values[i].(*object).within(rest)
}

// MarshalJSON implements json.Marshaler, without HTML escapes.
func (o *object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, name := range o.names {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(name) + ":") // a plain word
		if err := e.Encode(o.values[i]); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
