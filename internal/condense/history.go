package condense

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"pgy-mcp/schema"
)

const day = 24 * time.Hour

// storedLine is a line of a history as a store has it.
type storedLine struct {
	schema.HistoryLine
	// Upstream maps each figure to the upstream's member that it came from. It is not
	// published.
	Upstream map[string]string `json:"upstream,omitempty"`

	at time.Time
	// values has a float64 or a string for each of schema.ChangingColumns; nil is
	// unknown.
	values []any
}

// storedLine returns the line of the history that the blogger's answer makes. at is when the
// answer was fetched.
func (b *blogger) storedLine(from schema.AnswerKind, at time.Time) *storedLine {
	at = at.UTC().Truncate(time.Second)
	s := &storedLine{HistoryLine: schema.HistoryLine{
		At:               at.Format(time.RFC3339),
		From:             from,
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
			s.Upstream[c.Name] = members[max(first, 0)] // none is above 0: a price below 0.5 is rounded to 0
		}
	}
	return s
}

// figureMembers lists the upstream's members that a figure may come from. The first one
// above 0 counts.
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

// readStoredLine reads a line of a history, which another version of this program may have
// written. A member that it cannot read is unknown. It returns nil if it is no line.
func readStoredLine(line []byte) *storedLine {
	f := parseFields(line)
	at, err := time.Parse(time.RFC3339, f.text("at"))
	s := &storedLine{HistoryLine: schema.HistoryLine{
		At:               at.UTC().Format(time.RFC3339),
		From:             schema.AnswerKind(f.text("from")),
		ImagePriceCNY:    storedPrice(f, "imagePriceCny"),
		ImageStatus:      knownStatus(schema.QuoteStatus(f.text("imageStatus"))),
		VideoPriceCNY:    storedPrice(f, "videoPriceCny"),
		VideoStatus:      knownStatus(schema.QuoteStatus(f.text("videoStatus"))),
		Followers:        f.positive("followers"),
		ReadMedian:       f.positive("readMedian"),
		EngagementMedian: f.positive("engagementMedian"),
		Health:           schema.Health(f.text("health")),
	}, Upstream: map[string]string{}, at: at}
	if err != nil || !slices.Contains(schema.AnswerKinds, s.From) {
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

func storedPrice(f fields, name string) *float64 {
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

// HistoryLine returns the line that an answer adds to its blogger's history. It returns nil if
// the answer has no figure, or if the last line is at most a day old and has the same figures.
func HistoryLine(data json.RawMessage, from schema.AnswerKind, at time.Time, last []byte) []byte {
	now, before := read(data, from, Terms{}).storedLine(from, at), readStoredLine(last)
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
		panic("condense: " + err.Error()) // it always marshals
	}
	return line
}

// HistoryLines reads the lines of a history as they are published.
func HistoryLines(lines [][]byte) []schema.HistoryLine {
	out := []schema.HistoryLine{}
	for _, line := range lines {
		if s := readStoredLine(line); s != nil {
			out = append(out, s.HistoryLine)
		}
	}
	return out
}

// changes compares a profile that was fetched at a time with its blogger's history: each
// figure with the newest line that is at least 24 hours older and comparable. A figure
// without such a line is left out.
func (b *blogger) changes(at time.Time, history [][]byte) []schema.ProfileChange {
	if len(history) == 0 {
		return nil
	}
	now := b.storedLine(schema.SeenInProfile, at)
	lines := make([]*storedLine, len(history)) // read when they are needed
	var out []schema.ProfileChange
	for i, column := range schema.ChangingColumns {
		if now.values[i] == nil {
			continue
		}
		for n, line := range slices.Backward(history) {
			if lines[n] == nil {
				lines[n] = cmp.Or(readStoredLine(line), new(storedLine))
			}
			before := lines[n]
			if before.values == nil || now.at.Sub(before.at) < day || !isComparable(column.Name, i, before, now) {
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

// isComparable reports whether a line has a figure and whether its difference from a
// profile's figure can only mean that the blogger changed. Two answers may also define a
// figure differently.
func isComparable(name string, i int, before, profile *storedLine) bool {
	was, is := before.values[i], profile.values[i]
	if _, isFigure := was.(float64); isFigure {
		return before.Upstream[name] == profile.Upstream[name]
	}
	switch {
	case was == nil:
		return false
	case was == is, before.From == schema.SeenInProfile:
		return true
	}
	// Only a profile says whether a price is shown. Other answers may lack the price. So
	// their open or no_quote may be the profile's open or hidden.
	const open, hidden, none = string(schema.QuoteOpen), string(schema.QuoteHidden), string(schema.QuoteNone)
	notClosed := []any{open, hidden, none}
	return is == none || !slices.Contains(notClosed, was) || !slices.Contains(notClosed, is)
}
