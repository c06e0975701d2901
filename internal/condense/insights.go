package condense

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"pgy-mcp/schema"
)

// fewNotes: a median of fewer notes gets a caveat.
const fewNotes = 5

// Section turns the upstream's data into one section, by the tables of package schema.
// It never fails: a member that it cannot read is not provided. quote is the blogger's
// quote of in.Format, for the unit costs; nil is unknown. Part.Caveats stays empty: the
// caller renders the returned caveats into it.
func Section(section schema.Section, data json.RawMessage, in *schema.InsightsInput, quote *schema.Quote) (*schema.Part, []schema.Caveat) {
	f := parseFields(data)
	p := newPart(section, f, in)
	var caveats []schema.Caveat
	if schema.DayLists[section] != "" {
		var lastDay fields
		lastDay, caveats = addDays(p, f)
		if section == schema.SectionTrend {
			f = lastDay
		}
	}
	for i := range schema.Figures {
		if fig := &schema.Figures[i]; fig.Section == section {
			if n, ok := figureOf(fig, p, f, quote); ok {
				p.Figures = append(p.Figures, schema.FigureValue{Figure: fig, Number: n})
			}
		}
	}
	has := needsMet(p)
	p.Figures = slices.DeleteFunc(p.Figures, func(v schema.FigureValue) bool { return !has[v.Figure.Needs] })
	dropUnfilled(p)
	for i := range schema.Distributions {
		d := &schema.Distributions[i]
		if d.Section == section && has[d.Needs] {
			caveats = append(caveats, addDistribution(p, d, f)...)
		}
	}
	for i := range schema.Marks {
		m := &schema.Marks[i]
		if is := f.boolean(m.Upstream); m.Section == section && is != nil {
			p.Marks = append(p.Marks, schema.MarkValue{Mark: m, Is: *is})
		}
	}
	switch section {
	case schema.SectionPerformance:
		caveats = slices.Concat(caveats, unitCostCaveats(p, quote), performanceCaveats(p))
	case schema.SectionFollowers:
		caveats = append(caveats, followersCaveats(p)...)
	case schema.SectionCosts:
		p.NotProvided = formatsWithoutFigures(p)
	case schema.SectionNotes:
		caveats = append(caveats, listNotes(p, f)...)
	case schema.SectionGrowth:
		if len(p.DaysOf("followers")) == 0 {
			p.Figures = slices.DeleteFunc(p.Figures, func(v schema.FigureValue) bool { return v.Number == "0" }) // not filled
		}
		addLargestDay(p)
	case schema.SectionAvailability:
		caveats = append(caveats, addIndustries(p, f)...)
	}
	if len(p.Figures)+len(p.Distributions)+len(p.Marks)+len(p.Industries)+len(p.Points)+len(p.Rows)+len(p.NotProvided)+len(caveats) == 0 {
		caveats = []schema.Caveat{schema.NothingReported.With()}
	}
	return p, caveats
}

// newPart makes a section that has no figures yet, only what was asked for.
func newPart(section schema.Section, f fields, in *schema.InsightsInput) *schema.Part {
	p := &schema.Part{Section: section}
	if section.HasScope() {
		p.Scope, p.Format = in.Scope, in.Format
		p.PaidTraffic = in.Traffic != schema.TrafficOrganic || section == schema.SectionNotes // the lists of notes cannot leave paid traffic out
	}
	if section.HasWindow() {
		p.Days = in.Days
	}
	if section.IsDated() {
		p.AsOf = f.day("dateKey")
	}
	if section == schema.SectionNotes {
		p.Page = in.Page
	}
	return p
}

// figureOf reads a figure from the upstream's members, takes it from the quote, or
// computes it from the figures before it.
func figureOf(fig *schema.Figure, p *schema.Part, f fields, quote *schema.Quote) (json.Number, bool) {
	if fig.Upstream != "" {
		n, ok := f.scaled(fig)
		if fig.Scale == schema.Median && n == "0" && p.Figure("notes") == "" {
			return "", false
		}
		return n, ok
	}
	if fig.Path() == schema.QuotedPrice {
		if p.Format == schema.FormatAll || quote == nil || quote.Status != schema.QuoteOpen || !hasMedian(p) {
			return "", false
		}
		return decimalNumber(*quote.PriceCNY), true
	}
	q := schema.QuotientOf(fig)
	divisor := p.Amount(q.Divisor)
	if p.Figure(q.Dividend) == "" || divisor == 0 {
		return "", false
	}
	x := schema.Significant(p.Amount(q.Dividend) * q.Times / divisor)
	return decimalNumber(x), isWithin(x, fig.Scale)
}

// follow resolves a dotted key: the part before the dot is an object, or a list of shares
// whose names are then the keys.
func (f fields) follow(key string) (fields, string) {
	parent, member, dotted := strings.Cut(key, ".")
	if !dotted {
		return f, key
	}
	if o := f.object(parent); o != nil {
		return o, member
	}
	shares := fields{}
	for _, o := range f.objects(parent) {
		if name := o.cleanText("name"); shares[name] == nil {
			shares[name] = o["percent"]
		}
	}
	return shares, member
}

// scaled reads a figure by its Upstream, as it is published.
func (f fields) scaled(fig *schema.Figure) (json.Number, bool) {
	if strings.Contains(fig.Upstream, " + ") {
		return f.sum(fig)
	}
	for key := range strings.SplitSeq(fig.Upstream, ", ") {
		o, member := f.follow(key)
		if n, ok := o.numberIn(member, fig.Scale); ok {
			return n, true
		}
	}
	return "", false
}

// sum adds up the fractions of a figure that can be read, as a percent.
func (f fields) sum(fig *schema.Figure) (json.Number, bool) {
	sum, found := 0.0, false
	for key := range strings.SplitSeq(fig.Upstream, " + ") {
		o, member := f.follow(key)
		if _, ok := o.inScale(member, fig.Scale); ok {
			x, _ := o.number(member)
			sum += x * 100
			found = true
		}
	}
	return decimalNumber(schema.Significant(sum)), found && isWithin(schema.Significant(sum), fig.Scale)
}

// numberIn reads a member in a scale and spells it as it is published.
func (f fields) numberIn(key string, s schema.Scale) (json.Number, bool) {
	if s.Whole() {
		n, ok := f.integer(key)
		return json.Number(strconv.FormatInt(n, 10)), ok && isWithin(float64(n), s)
	}
	x, ok := f.inScale(key, s)
	return decimalNumber(x), ok
}

// noise is rounding error: the upstream computes some shares as 1 minus the rest.
const noise = 1e-9

// inScale reads a member in a scale, as it is published: a Fraction is a percent. ok is
// false if the number is outside the scale's bounds, since it then means something else.
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
	if s == schema.ChangeFraction {
		x = schema.Significant(x * 100)
	}
	return x, ok && isWithin(x, s)
}

// isWithin reports whether a published number is within the bounds of its scale.
func isWithin(x float64, s schema.Scale) bool {
	switch s {
	case schema.Positive, schema.Cost:
		return x > 0
	case schema.Count, schema.Median, schema.Proportion:
		return x >= 0
	case schema.Percent, schema.Fraction:
		return x >= 0 && x <= 100
	case schema.ChangePercent, schema.ChangeFraction:
		return x >= -100
	case schema.DaysOf7:
		return x >= 0 && x <= 7
	}
	return true
}

// decimalNumber spells a number without an exponent.
func decimalNumber(x float64) json.Number {
	if x == 0 {
		return "0" // not -0
	}
	return json.Number(strconv.FormatFloat(x, 'f', -1, 64))
}

// needsMet says of each need whether the counts of the section meet it.
func needsMet(p *schema.Part) map[schema.Need]bool {
	notes, videos := p.Amount("notes"), p.Amount("videoNotes")
	hasNotes := notes > 0 || p.Figure("notes") == ""
	return map[schema.Need]bool{
		"":                      true,
		schema.NeedsNotes:       hasNotes,
		schema.NeedsVideos:      hasNotes && videos > 0,
		schema.NeedsImages:      notes > videos && p.Figure("videoNotes") != "",
		schema.NeedsFollowers:   p.Amount("followers") > 0,
		schema.NeedsInvitations: p.Amount("invitations") > 0,
	}
}

// dropUnfilled removes the fractions of a group if all figures of the group are 0: the
// platform did not fill them.
func dropUnfilled(p *schema.Part) {
	// Figures without a Group belong together if one object of the upstream has them.
	groupOf := func(f *schema.Figure) string {
		object, _, _ := strings.Cut(f.Upstream, ".")
		return f.Group + " " + object
	}
	filled := map[string]bool{}
	for _, v := range p.Figures {
		if v.Number != "0" {
			filled[groupOf(v.Figure)] = true
		}
	}
	p.Figures = slices.DeleteFunc(p.Figures, func(v schema.FigureValue) bool {
		return v.Figure.Scale == schema.Fraction && !filled[groupOf(v.Figure)]
	})
}

// maxListName is how many characters a name in a list of shares or industries has at most.
const maxListName = 20

// addDistribution reads a list of shares. If all are 0, the list is not filled.
func addDistribution(p *schema.Part, d *schema.Distribution, f fields) (caveats []schema.Caveat) {
	type share struct {
		name           string
		exact, percent float64
	}
	var shares []share
	filled := false
	for _, o := range f.objects(d.Upstream) {
		name := ""
		for key := range strings.SplitSeq(d.UpstreamKey, ", ") {
			name = cmp.Or(name, o.cleanText(key))
		}
		x, ok := o.inScale("percent", d.Scale)
		if !ok || name == "" || slices.Contains(d.Except, name) {
			continue
		}
		exact, _ := o.number("percent")
		shares = append(shares, share{cut(name, maxListName), exact, x})
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
	var out []schema.Caveat
	notes, videos := p.Amount("notes"), p.Amount("videoNotes")
	switch isKnown := p.Figure("notes") != ""; {
	case !isKnown && len(p.Figures)+len(p.Distributions) == 0:
		return nil
	case !isKnown:
		out = append(out, schema.NotesUnknown.With())
	case notes == 0:
		out = append(out, schema.NoNotesInScope.With())
	case notes == 1:
		out = append(out, schema.OneNoteInScope.With())
	case notes < fewNotes:
		out = append(out, schema.FewNotesInScope.With(int(notes)))
	}
	if p.Figure("notes") != "" && videos > notes {
		out = append(out, schema.VideosAboveNotes.With(videos, notes))
	}
	return out
}

// unitCostCaveats says why one format has no unit costs.
func unitCostCaveats(p *schema.Part, quote *schema.Quote) []schema.Caveat {
	switch {
	case p.Format == schema.FormatAll || !hasMedian(p):
		return nil
	case quote == nil:
		return []schema.Caveat{schema.QuoteNotCached.With(p.Format.Word())}
	case quote.Status != schema.QuoteOpen:
		return []schema.Caveat{schema.QuoteNotOpen.With(p.Format.Word())}
	}
	return nil
}

// hasMedian reports whether there is a median by which unit costs divide the quote.
func hasMedian(p *schema.Part) bool {
	return p.Figure("impressionMedian")+p.Figure("readMedian")+p.Figure("engagementMedian") != ""
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

// formatsWithoutFigures lists the formats that have no costs.
func formatsWithoutFigures(p *schema.Part) []string {
	var out []string
	for _, format := range []schema.Format{schema.FormatImage, schema.FormatVideo} {
		if !slices.ContainsFunc(p.Figures, func(v schema.FigureValue) bool { return v.Figure.Group == string(format) }) {
			out = append(out, string(format))
		}
	}
	return out
}

// addIndustries reads the industries that the creator works for.
func addIndustries(p *schema.Part, f fields) []schema.Caveat {
	p.Industries = f.list("tradeNames")
	n := len(p.Industries)
	p.Industries = p.Industries[:min(maxList, n)]
	for i, name := range p.Industries {
		p.Industries[i] = cut(name, maxListName)
	}
	if n <= maxList {
		return nil
	}
	return []schema.Caveat{schema.ListCut.With(maxList, n, schema.CooperationIndustries)}
}
