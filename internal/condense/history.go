package condense

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"pgy-mcp/schema"
)

const day = 24 * time.Hour

// sighting is what one answer said of a blogger, as a history keeps it.
type sighting struct {
	schema.HistoryLine
	// Upstream names the member of the upstream that each figure came from, by the
	// figure's own name. It is not published.
	Upstream map[string]string `json:"upstream,omitempty"`

	at time.Time
	// values are a float64 or a string for each of schema.ChangingColumns; nil where it
	// is not known.
	values []any
}

var origins = map[Origin]schema.Sighting{OfProfile: schema.SeenInProfile, OfSearch: schema.SeenInSearch, OfNote: schema.SeenInNote}

// seen is what an answer said, as a sighting.
func (b *blogger) seen(from Origin, at time.Time) *sighting {
	at = at.UTC().Truncate(time.Second)
	s := &sighting{HistoryLine: schema.HistoryLine{
		At:               at.Format(time.RFC3339),
		From:             origins[from],
		ImagePriceCNY:    b.Quotes.Image.PriceCNY,
		ImageStatus:      knownStatus(b.Quotes.Image.Status),
		VideoPriceCNY:    b.Quotes.Video.PriceCNY,
		VideoStatus:      knownStatus(b.Quotes.Video.Status),
		Followers:        b.Followers,
		ReadMedian:       b.ReadMedian,
		EngagementMedian: b.EngagementMedian,
		Health:           b.Health,
	}, Upstream: map[string]string{}, at: at}
	s.values = valuesOf(s.HistoryLine)
	for i, c := range schema.ChangingColumns {
		if _, isFigure := s.values[i].(float64); isFigure {
			members := figureMembers[c.Name]
			first := slices.IndexFunc(members, func(m string) bool { return b.fields.positive(m) != nil })
			s.Upstream[c.Name] = members[max(first, 0)] // a price may be below 0.5
		}
	}
	return s
}

// figureMembers are the members of the upstream that a figure may come from; the first
// that is above 0 counts.
var figureMembers = map[string][]string{
	"imagePriceCny":    {"picturePrice"},
	"videoPriceCny":    {"videoPrice"},
	"followers":        {"fansNum", "fansCount"},
	"readMedian":       {"clickMidNum"},
	"engagementMedian": {"mEngagementNum", "mengagementNum", "interMidNum"},
}

func knownStatus(s schema.QuoteStatus) schema.QuoteStatus {
	if s == schema.QuoteUnknown || !slices.Contains(schema.QuoteStatuses, s) {
		return ""
	}
	return s
}

// recall reads a line of a history, which other versions of this program may have
// written: a member that it cannot read is not known. It gives nil for what is no line.
func recall(line []byte) *sighting {
	f := parseFields(line)
	at, err := time.Parse(time.RFC3339, f.text("at"))
	s := &sighting{HistoryLine: schema.HistoryLine{
		At:               at.UTC().Format(time.RFC3339),
		From:             schema.Sighting(f.text("from")),
		ImagePriceCNY:    price(f, "imagePriceCny"),
		ImageStatus:      knownStatus(schema.QuoteStatus(f.text("imageStatus"))),
		VideoPriceCNY:    price(f, "videoPriceCny"),
		VideoStatus:      knownStatus(schema.QuoteStatus(f.text("videoStatus"))),
		Followers:        f.positive("followers"),
		ReadMedian:       f.positive("readMedian"),
		EngagementMedian: f.positive("engagementMedian"),
		Health:           schema.Health(f.text("health")),
	}, Upstream: map[string]string{}, at: at}
	if err != nil || !slices.Contains(schema.Sightings, s.From) {
		return nil
	}
	if !slices.Contains(schema.Healths, s.Health) {
		s.Health = ""
	}
	of := f.object("upstream")
	for name := range of {
		s.Upstream[name] = of.text(name)
	}
	s.values = valuesOf(s.HistoryLine)
	return s
}

func price(f fields, name string) *float64 {
	if x, ok := f.number(name); ok && x > 0 && x < placeholderPrice {
		return &x
	}
	return nil
}

func valuesOf(line schema.HistoryLine) []any {
	row := schema.HistoryRow{HistoryLine: line}
	out := make([]any, len(schema.ChangingColumns))
	for i, c := range schema.ChangingColumns {
		if c.Figure != nil {
			if x, ok := c.Figure(&row); ok {
				out[i] = x
			}
		} else if word := c.Text(&row); word != "" {
			out[i] = word
		}
	}
	return out
}

// HistoryLine makes the line that an answer leaves in its blogger's history; nil where
// nothing is known, or where the last line says the same and is no more than a day old.
func HistoryLine(data json.RawMessage, from Origin, at time.Time, last []byte) []byte {
	now, before := read(data, from, Terms{}).seen(from, at), recall(last)
	isNew := before == nil || now.at.Sub(before.at) > day
	known := false
	for i, v := range now.values {
		known = known || v != nil
		isNew = isNew || v != nil && v != before.values[i]
	}
	if !known || !isNew {
		return nil
	}
	line, err := json.Marshal(now)
	if err != nil {
		panic("condense: " + err.Error()) // its members are plain
	}
	return line
}

// HistoryLines reads the lines of a history as they are published.
func HistoryLines(lines [][]byte) []schema.HistoryLine {
	out := []schema.HistoryLine{}
	for _, line := range lines {
		if s := recall(line); s != nil {
			out = append(out, s.HistoryLine)
		}
	}
	return out
}

// changes holds a profile that was fetched at that time against its blogger's history:
// each member against the newest line that is at least 24 hours older and has it, read
// alike. A member without such a line has not changed.
func (b *blogger) changes(at time.Time, history [][]byte) []schema.ProfileChange {
	if len(history) == 0 {
		return nil
	}
	now := b.seen(OfProfile, at)
	recalled := make([]*sighting, len(history)) // as far as they are needed
	var out []schema.ProfileChange
	for i, column := range schema.ChangingColumns {
		if now.values[i] == nil {
			continue
		}
		for n, line := range slices.Backward(history) {
			if recalled[n] == nil {
				recalled[n] = cmp.Or(recall(line), new(sighting))
			}
			before := recalled[n]
			if before.values == nil || now.at.Sub(before.at) < day || !readAlike(column.Name, i, before, now) {
				continue
			}
			if from := before.values[i]; from != now.values[i] {
				out = append(out, schema.ProfileChange{What: column.Name, From: from, To: now.values[i], Since: before.at.UTC().Format(time.DateOnly)})
			}
			break
		}
	}
	return out
}

// readAlike reports whether a line has a member, and another value in a profile is a
// change of the blogger and not another reading.
func readAlike(name string, i int, before, profile *sighting) bool {
	was, is := before.values[i], profile.values[i]
	if _, isFigure := was.(float64); isFigure {
		return before.Upstream[name] == profile.Upstream[name]
	}
	if was == nil || was == is || before.From == schema.SeenInProfile {
		return was != nil
	}
	// Only a profile says whether a price is shown; elsewhere the price may be missing.
	const open, hidden, none = string(schema.QuoteOpen), string(schema.QuoteHidden), string(schema.QuoteNone)
	notClosed := []any{open, hidden, none}
	return is == none || !slices.Contains(notClosed, was) || !slices.Contains(notClosed, is)
}
