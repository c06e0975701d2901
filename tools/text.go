package tools

import (
	"strconv"
	"strings"
	"time"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Fact is one line of a text.
type Fact struct{ Label, Value string }

// summaryFacts gives what a summary says as lines for a reader, units included.
func summaryFacts(l Language, s *schema.Summary) []Fact {
	var out []Fact
	add := func(label, value string) {
		if value != "" {
			out = append(out, l.fact(label, value))
		}
	}
	add("Blogger", s.Name)
	add("User ID", s.UserID)
	add("Red ID (小红书号)", s.RedID)
	add("Profile page", s.ProfileURL)
	add("Pgy page", s.PgyURL)
	add("Gender", l.say(s.Gender))
	add("Location", s.Location)
	add("Agency (MCN)", s.MCN)
	add("Content categories", l.categories(s.ContentCategories))
	add("Personal tags", l.list(s.PersonalTags))
	add("Feature tags", l.list(s.FeatureTags))
	add("Cooperation industries", l.list(s.CooperationIndustries))
	add("Onboarded on Pgy", l.yesNo(s.OnPgy))
	add("Low-active", l.yesNo(s.LowActive))
	add("Health level", count(s.HealthLevel, l.say(" (scale not documented)")))
	add("Followers", count(s.Followers, ""))
	add("Likes and collects", count(s.LikesAndCollects, l.say(" (lifetime, together)")))
	add("Business notes", count(s.BusinessNotes, l.say(" (cumulative)")))
	add("Read median", count(s.ReadMedian, l.say(" reads per note (daily notes, 30 days, all formats)")))
	add("Engagement median", count(s.EngagementMedian, l.say(" engagements per note (all formats)")))
	add("Engagement/read ratio", fraction(s.EngagementToReadRatio, l.say(" (of the medians)")))
	add("Read/follower ratio", fraction(s.ReadToFollowerRatio, ""))
	add("Image quote", l.quote(s.Quotes.Image))
	add("Video quote", l.quote(s.Quotes.Video))
	if q := s.Quotes; q.Image.PriceCNY != nil || q.Video.PriceCNY != nil {
		add("Quotes are", l.say("CNY per note without the platform's service fee; unit costs are per all-format median"))
	}
	for _, m := range s.PlatformMetrics {
		add(m.Metric.Label, l.withUnit(number(m.Value), m.Metric.Unit)+l.say(" (platform's figure)"))
	}
	return append(out, l.mind(s.NotProvided, s.Caveats)...)
}

// mind is what there is to mind: what is not known, and the caveats.
func (l Language) mind(notProvided, caveats []string) []Fact {
	var names []string
	for _, name := range notProvided {
		names = append(names, l.say(name))
	}
	var out []Fact
	if names != nil {
		out = append(out, l.fact("Not provided", l.list(names)+l.say(" (unknown, not zero)")))
	}
	for _, c := range caveats {
		out = append(out, l.fact("Caveat", c))
	}
	return out
}

// metaFacts says where the profile comes from and what the call cost.
func metaFacts(l Language, m *schema.Meta) []Fact {
	out := []Fact{
		l.fact("Source", l.source(m.Source)),
		l.fact("Fetched", l.fetched(m.AnswerMeta)),
		l.fact("This call", l.cost(m.AnswerMeta)),
	}
	if m.CallsLeft != nil {
		out = append(out, l.callsLeft(*m.CallsLeft))
	}
	if m.RequestID != "" {
		out = append(out, l.fact("Request ID", m.RequestID))
	}
	return out
}

func (l Language) fetched(m schema.AnswerMeta) string {
	return m.FetchedAt + l.say(", ") + l.age(m.AgeSeconds)
}

func (l Language) source(source string) string {
	if source == upstream.SampleName {
		return source + l.say(" (recorded, not live data)")
	}
	return source
}

func (l Language) callsLeft(n int) Fact {
	return l.fact("Requests left", strconv.Itoa(n)+l.say(" in the 24-hour budget"))
}

// rawFact says where the raw data is and, where it has them, how to read zeros
// that look like figures. The command line prints no raw data: this is for
// agents alone, in English.
func rawFact(mode schema.RawMode) Fact {
	return Fact{"Raw data", map[schema.RawMode]string{
		schema.RawCompact: "in the next block, without null and unfilled members",
		schema.RawFull:    "in the next block; 0 there often means not filled",
		schema.RawNone:    "left out (raw: none)",
	}[mode]}
}

// cost says who answered a call and whether it was charged.
func (l Language) cost(m schema.AnswerMeta) string {
	s := l.say("asked the upstream")
	switch {
	case m.Stale:
		s = l.say("from memory, stale")
	case m.Cached:
		s = l.say("from memory")
	}
	if m.Billed {
		return s + l.say(", billed")
	}
	return s + l.say(", not billed")
}

func (l Language) categories(cs []schema.Category) string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = c.Category
		if len(c.Subcategories) > 0 {
			out[i] = l.say("%s (%s)", c.Category, l.list(c.Subcategories))
		}
	}
	return l.list(out)
}

func (l Language) yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return l.say("yes")
	}
	return l.say("no")
}

// statuses are the words of a profile for what can be done with a quote.
var statuses = map[schema.QuoteStatus]string{
	schema.QuoteOpen:        "open",
	schema.QuoteClosed:      "closed, cannot be booked now",
	schema.QuoteNone:        "open, but no quote given (not free of charge)",
	schema.QuotePlaceholder: "placeholder price, means do not book",
	schema.QuoteUnknown:     "unknown",
}

func (l Language) quote(q schema.Quote) string {
	out := []string{l.say(statuses[q.Status])}
	add := func(n *float64, unit string) {
		if n != nil {
			out = append(out, number(*n)+unit)
		}
	}
	add(q.PriceCNY, l.say(" CNY"))
	add(q.CNYPerEngagement, l.say(" CNY per engagement"))
	add(q.CNYPerRead, l.say(" CNY per read"))
	add(q.CNYPerThousandFollowers, l.say(" CNY per 1,000 followers"))
	return strings.Join(out, l.say("; "))
}

func count(n *int64, unit string) string {
	if n == nil {
		return ""
	}
	return group(strconv.FormatInt(*n, 10)) + unit
}

func fraction(x *float64, unit string) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', -1, 64) + unit
}

// number shows all digits of x, grouped by thousands.
func number(x float64) string { return group(strconv.FormatFloat(x, 'f', -1, 64)) }

// withUnit puts a unit behind a number; the blank between them is a part of the
// text, since not every language has it.
func (l Language) withUnit(n, unit string) string {
	if unit == "" {
		return n
	}
	return n + l.say(" "+unit)
}

// group sets commas between the thousands of a decimal number.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, dotted := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + frac
	}
	return sign + whole
}

// age says how old an answer is in one unit that a person takes in.
func (l Language) age(seconds int64) string {
	d := time.Duration(seconds) * time.Second
	switch {
	case d < 2*time.Minute:
		return strconv.FormatInt(seconds, 10) + l.say(" s ago")
	case d < 2*time.Hour:
		return strconv.FormatInt(int64(d/time.Minute), 10) + l.say(" min ago")
	}
	return strconv.FormatInt(int64(d/time.Hour), 10) + l.say(" h ago")
}

// Text puts facts into lines, "label: value".
func (l Language) Text(facts []Fact) string {
	var b strings.Builder
	for i, f := range facts {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(f.Label)
		b.WriteString(l.say(": "))
		b.WriteString(f.Value)
	}
	return b.String()
}
