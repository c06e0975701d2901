package condense

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"pgy-mcp/schema"
)

// fewNotes is below how many notes a median says little.
const fewNotes = 5

// Section condenses the upstream's data object to one section's figures, by the tables
// of package schema. A member that it cannot read counts as not provided; it never
// fails. The part's Caveats are left for package render to say.
func Section(section schema.Section, data json.RawMessage, in *schema.InsightsInput) (*schema.Part, []schema.Caveat) {
	f := parseFields(data)
	p := &schema.Part{Section: section}
	var caveats []schema.Caveat
	if section == schema.SectionPerformance || section == schema.SectionNotes {
		p.Scope, p.Format = in.Scope, in.Format
	}
	for i := range schema.Figures {
		v := schema.FigureValue{Figure: &schema.Figures[i]}
		if v.Figure.Section != section {
			continue
		}
		var ok bool
		if v.Number, ok = f.scaled(v.Figure); ok {
			p.Figures = append(p.Figures, v)
		}
	}
	has := needsMet(p)
	p.Figures = slices.DeleteFunc(p.Figures, func(v schema.FigureValue) bool { return !has[v.Figure.Needs] })
	dropUnfilled(p)
	for i := range schema.Distributions {
		d := &schema.Distributions[i]
		if d.Section == section && has[d.Needs] {
			caveats = append(caveats, distribute(p, d, f)...)
		}
	}
	switch section {
	case schema.SectionPerformance:
		p.Days = in.Days
		caveats = append(caveats, performanceCaveats(p)...)
	case schema.SectionAudience:
		p.AsOf = f.words("dateKey")
	case schema.SectionFollowers:
		caveats = append(caveats, followersCaveats(p)...)
	case schema.SectionCosts:
		p.NotProvided = formatsWithoutFigures(p)
	case schema.SectionNotes:
		caveats = append(caveats, listNotes(p, f)...)
	}
	if len(p.Figures)+len(p.Distributions)+len(p.Rows)+len(p.NotProvided)+len(caveats) == 0 {
		caveats = []schema.Caveat{schema.NothingReported.With()}
	}
	return p, caveats
}

// within follows a dotted key into an object, or into a list of shares by their
// names.
func (f fields) within(key string) (fields, string) {
	parent, member, dotted := strings.Cut(key, ".")
	if !dotted {
		return f, key
	}
	if o := f.object(parent); o != nil {
		return o, member
	}
	shares := fields{}
	for _, o := range f.objects(parent) {
		if name := o.words("name"); shares[name] == nil {
			shares[name] = o["percent"]
		}
	}
	return shares, member
}

// scaled reads a figure's number in our scale.
func (f fields) scaled(fig *schema.Figure) (json.Number, bool) {
	for key := range strings.SplitSeq(fig.Upstream, ", ") {
		o, member := f.within(key)
		if fig.Scale.Whole() {
			if n, ok := o.integer(member); ok && (n >= 0 || fig.Scale == schema.Change) {
				return json.Number(strconv.FormatInt(n, 10)), true
			}
		} else if x, ok := o.inScale(member, fig.Scale); ok {
			return decimalNumber(x), true
		}
	}
	return "", false
}

// noise is rounding error: the upstream computes some shares as 1 minus the rest.
const noise = 1e-9

// inScale reads a number that need not be whole in our scale; ok is false where
// it is beyond the scale's bounds, as it then has another meaning than ours.
func (f fields) inScale(key string, s schema.Scale) (x float64, ok bool) {
	if s == schema.Fraction {
		text, isNumber := f.literal(key)
		x, err := strconv.ParseFloat(text, 64)
		if !isNumber || err != nil || x < -noise || x > 1+noise {
			return 0, false
		}
		if x < noise {
			x = 0
		}
		return schema.Significant(x * 100), true
	}
	x, ok = f.number(key)
	switch s {
	case schema.Filled:
		ok = ok && x > 0
	case schema.Median:
		ok = ok && x >= 0
	case schema.Percent:
		ok = ok && x >= 0 && x <= 100
	case schema.ChangePercent:
		ok = ok && x >= -100
	}
	return x, ok
}

// decimalNumber spells a number without an exponent.
func decimalNumber(x float64) json.Number {
	if x == 0 {
		return "0" // not -0
	}
	return json.Number(strconv.FormatFloat(x, 'f', -1, 64))
}

// needsMet says which needs of figures the section's own counts meet. A count
// that is not known meets none.
func needsMet(p *schema.Part) map[schema.Need]bool {
	notes, videos := p.Amount("notes"), p.Amount("videoNotes")
	return map[schema.Need]bool{
		"":                    true,
		schema.NeedsNotes:     notes > 0,
		schema.NeedsVideos:    notes > 0 && videos > 0,
		schema.NeedsImages:    notes > videos && p.Figure("videoNotes") != "",
		schema.NeedsFollowers: p.Amount("followers") > 0,
	}
}

// dropUnfilled takes out the fractions of a group that are all 0: parts of a
// whole cannot be.
func dropUnfilled(p *schema.Part) {
	whole := func(f *schema.Figure) string {
		parent, _, _ := strings.Cut(f.Upstream, ".")
		return f.Group + " " + parent
	}
	filled := map[string]bool{}
	for _, v := range p.Figures {
		if v.Number != "0" {
			filled[whole(v.Figure)] = true
		}
	}
	p.Figures = slices.DeleteFunc(p.Figures, func(v schema.FigureValue) bool {
		return v.Figure.Scale == schema.Fraction && !filled[whole(v.Figure)]
	})
}

// maxShareName is the most characters of a name in a list of shares.
const maxShareName = 20

// distribute reads a list of shares. One that is all 0 is not filled.
func distribute(p *schema.Part, d *schema.Distribution, f fields) (caveats []schema.Caveat) {
	type share struct {
		name           string
		exact, percent float64
	}
	var shares []share
	filled := false
	for _, o := range f.objects(d.Upstream) {
		name := ""
		for key := range strings.SplitSeq(d.Words, ", ") {
			name = cmp.Or(name, o.words(key))
		}
		x, ok := o.inScale("percent", d.Scale)
		if !ok || name == "" || slices.Contains(d.Except, name) {
			continue
		}
		exact, _ := o.number("percent")
		shares = append(shares, share{cut(name, maxShareName), exact, x})
		filled = filled || x > 0
	}
	if !filled {
		return nil
	}
	most := cmp.Or(d.Most, maxList)
	if d.Most > 0 {
		slices.SortStableFunc(shares, func(a, b share) int { return cmp.Compare(b.exact, a.exact) })
	} else if len(shares) > most {
		name := d.Label
		name.En = d.Name
		caveats = append(caveats, schema.ListCut.With(most, len(shares), name))
	}
	v := schema.DistributionValue{Distribution: d}
	for _, s := range shares[:min(most, len(shares))] {
		v.Shares = append(v.Shares, schema.Share{Name: s.name, Percent: decimalNumber(s.percent)})
	}
	p.Distributions = append(p.Distributions, v)
	return caveats
}

func performanceCaveats(p *schema.Part) []schema.Caveat {
	notes := p.Amount("notes")
	switch {
	case notes == 0:
		return []schema.Caveat{schema.NoNotesInScope.With()}
	case notes == 1:
		return []schema.Caveat{schema.OneNoteInScope.With()}
	case notes < fewNotes:
		return []schema.Caveat{schema.FewNotesInScope.With(int(notes))}
	}
	return nil
}

func followersCaveats(p *schema.Part) []schema.Caveat {
	if len(p.Figures) == 0 {
		return []schema.Caveat{schema.NoFollowerCount.With()}
	}
	active, read := p.Figure("active28dPercent"), p.Figure("read30dPercent")
	if p.Amount("active28dPercent") >= 50 && read != "" && p.Amount("read30dPercent") < 1 {
		return []schema.Caveat{schema.ActiveNotReading.With(active, read)}
	}
	return nil
}

// formatsWithoutFigures names the formats whose costs the upstream left out.
func formatsWithoutFigures(p *schema.Part) []string {
	var out []string
	for _, format := range []schema.Format{schema.FormatImage, schema.FormatVideo} {
		if !slices.ContainsFunc(p.Figures, func(v schema.FigureValue) bool { return v.Figure.Group == string(format) }) {
			out = append(out, string(format))
		}
	}
	return out
}
