package tools

import (
	"strconv"
	"strings"
	"time"

	"pgy-mcp/schema"
)

// Fact is one line of a profile's text.
type Fact struct{ Label, Value string }

// Facts gives what a summary says as lines for a reader, units included.
func Facts(s *schema.Summary) []Fact {
	var out []Fact
	add := func(label, value string) {
		if value != "" {
			out = append(out, Fact{label, value})
		}
	}
	add("Blogger", s.Name)
	add("User ID", s.UserID)
	add("Red ID (小红书号)", s.RedID)
	add("Profile page", s.ProfileURL)
	add("Pgy page", s.PgyURL)
	add("Gender", s.Gender)
	add("Location", s.Location)
	add("Agency (MCN)", s.MCN)
	add("Content categories", categories(s.ContentCategories))
	add("Personal tags", strings.Join(s.PersonalTags, ", "))
	add("Feature tags", strings.Join(s.FeatureTags, ", "))
	add("Cooperation industries", strings.Join(s.CooperationIndustries, ", "))
	add("Onboarded on Pgy", yesNo(s.OnPgy))
	add("Low-active", yesNo(s.LowActive))
	add("Health level", count(s.HealthLevel, " (scale not documented)"))
	add("Followers", count(s.Followers, ""))
	add("Likes and collects", count(s.LikesAndCollects, " (lifetime, together)"))
	add("Business notes", count(s.BusinessNotes, " (cumulative)"))
	add("Read median", count(s.ReadMedian, " reads per note (daily notes, 30 days, all formats)"))
	add("Engagement median", count(s.EngagementMedian, " engagements per note (all formats)"))
	add("Engagement/read ratio", fraction(s.EngagementToReadRatio, " (of the medians)"))
	add("Read/follower ratio", fraction(s.ReadToFollowerRatio, ""))
	add("Image quote", quoteText(s.Quotes.Image))
	add("Video quote", quoteText(s.Quotes.Video))
	if q := s.Quotes; q.Image.PriceCNY != nil || q.Video.PriceCNY != nil {
		add("Quotes are", "CNY per note without the platform's service fee; unit costs are per all-format median")
	}
	for _, m := range s.PlatformMetrics {
		add(m.Metric.Label, withUnit(number(m.Value), m.Metric.Unit)+" (platform's figure)")
	}
	if len(s.NotProvided) > 0 {
		add("Not provided", strings.Join(s.NotProvided, ", ")+" (unknown, not zero)")
	}
	for _, c := range s.Caveats {
		add("Caveat", c)
	}
	return out
}

// sampleSource is the source whose profiles are recorded: every result says so.
const sampleSource = "sample"

// metaFacts says where the profile comes from and what the call cost.
func metaFacts(m *schema.Meta) []Fact {
	out := []Fact{
		{"Source", sourceText(m.Source)},
		{"Fetched", m.FetchedAt + ", " + age(m.AgeSeconds)},
		{"This call", callText(m)},
	}
	if m.CallsLeft != nil {
		out = append(out, Fact{"Requests left", strconv.Itoa(*m.CallsLeft) + " in the 24-hour budget"})
	}
	if m.RequestID != "" {
		out = append(out, Fact{"Request ID", m.RequestID})
	}
	return out
}

func sourceText(source string) string {
	if source == sampleSource {
		return source + " (recorded, not live data)"
	}
	return source
}

// rawFact says where the raw data is and, where it has them, how to read zeros
// that look like figures.
func rawFact(mode schema.RawMode) Fact {
	value := "in the next block, without null and unfilled members"
	switch mode {
	case schema.RawNone:
		value = "left out (raw: none)"
	case schema.RawFull:
		value = "in the next block; 0 there often means not filled"
	}
	return Fact{"Raw data", value}
}

func callText(m *schema.Meta) string {
	s := "asked the upstream"
	switch {
	case m.Stale:
		s = "from memory, stale"
	case m.Cached:
		s = "from memory"
	}
	if m.Billed {
		return s + ", billed"
	}
	return s + ", not billed"
}

func categories(cs []schema.Category) string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = c.Category
		if len(c.Subcategories) > 0 {
			out[i] += " (" + strings.Join(c.Subcategories, ", ") + ")"
		}
	}
	return strings.Join(out, ", ")
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}

func quoteText(q schema.Quote) string {
	words := map[schema.QuoteStatus]string{
		schema.QuoteOpen:        "open",
		schema.QuoteClosed:      "closed, cannot be booked now",
		schema.QuoteNone:        "open, but no quote given (not free of charge)",
		schema.QuotePlaceholder: "placeholder price, means do not book",
		schema.QuoteUnknown:     "unknown",
	}
	out := []string{words[q.Status]}
	add := func(n *float64, unit string) {
		if n != nil {
			out = append(out, number(*n)+unit)
		}
	}
	add(q.PriceCNY, " CNY")
	add(q.CNYPerEngagement, " CNY per engagement")
	add(q.CNYPerRead, " CNY per read")
	add(q.CNYPerThousandFollowers, " CNY per 1,000 followers")
	return strings.Join(out, "; ")
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

func withUnit(n, unit string) string {
	if unit == "" {
		return n
	}
	return n + " " + unit
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
func age(seconds int64) string {
	d := time.Duration(seconds) * time.Second
	switch {
	case d < 2*time.Minute:
		return strconv.FormatInt(seconds, 10) + " s ago"
	case d < 2*time.Hour:
		return strconv.FormatInt(int64(d/time.Minute), 10) + " min ago"
	}
	return strconv.FormatInt(int64(d/time.Hour), 10) + " h ago"
}

// Text puts facts into lines, "label: value".
func Text(facts []Fact) string {
	var b strings.Builder
	for i, f := range facts {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(f.Label)
		b.WriteString(": ")
		b.WriteString(f.Value)
	}
	return b.String()
}
