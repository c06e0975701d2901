package tools

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"pgy-mcp/schema"
)

const (
	profileURL = "https://www.xiaohongshu.com/user/profile/"
	pgyURL     = "https://pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/"

	// maxList is the most entries of one list that a summary shows; the
	// subcategories of all categories count as one list.
	maxList = 20
)

// summarize condenses the upstream's data object by the field guide's rules.
// What it cannot read counts as not provided; it never fails. The language is
// that of the caveats.
func summarize(l Language, data json.RawMessage) schema.Summary {
	f := parseFields(data)
	s := schema.Summary{
		UserID:                strings.ToLower(f.words("userId")),
		Name:                  f.words("name"),
		RedID:                 f.words("redId"),
		Gender:                cmp.Or(genders[f.words("gender")], "unknown"),
		Location:              f.words("location"),
		MCN:                   f.object("noteSign").words("name"),
		PersonalTags:          f.list("personalTags"),
		FeatureTags:           f.list("featureTags"),
		ContentCategories:     contentCategories(f),
		CooperationIndustries: f.split("tradeType"),
		OnPgy:                 onPgy(f),
		LowActive:             f.boolean("lowActive"),
		LikesAndCollects:      f.positive("likeCollectCountInfo"),
		BusinessNotes:         f.counted("businessNoteCount"),
		PlatformMetrics:       platformMetrics(f),
	}
	if s.UserID != "" {
		s.ProfileURL, s.PgyURL = profileURL+s.UserID, pgyURL+s.UserID
	}
	// The scale is not known: a level between two is none that could be shown.
	if x, ok := f.number("currentLevel"); ok && x == math.Trunc(x) {
		n := int64(x)
		s.HealthLevel = &n
	}
	var by delivery
	s.Followers, by.followers = f.figure("fansNum", "fansCount")
	s.ReadMedian, by.reads = f.figure("clickMidNum")
	s.EngagementMedian, by.engagements = f.figure("mEngagementNum", "mengagementNum", "interMidNum")
	s.EngagementToReadRatio = quotient(by.engagements, by.reads)
	s.ReadToFollowerRatio = quotient(by.reads, by.followers)
	s.Quotes.Image = quote(f, "pictureState", "picturePrice", by)
	s.Quotes.Video = quote(f, "videoState", "videoPrice", by)
	s.NotProvided = notProvided(&s)
	s.Caveats = append([]string{}, slices.Concat(profileCaveats(l, &s), quoteCaveats(l, schema.FormatImage, s.Quotes.Image),
		quoteCaveats(l, schema.FormatVideo, s.Quotes.Video), shorten(l, &s))...)
	return s
}

var genders = map[string]string{"女": "female", "男": "male"}

// onPgy follows cooperType; userType decides only where that is absent.
func onPgy(f fields) *bool {
	n, ok := f.number("cooperType")
	if !ok {
		n, ok = f.number("userType")
		n = 3 - n // the older member counts the other way round
	}
	if !ok || n != 1 && n != 2 {
		return nil
	}
	yes := n == 1
	return &yes
}

func contentCategories(f fields) []schema.Category {
	var out []schema.Category
	for _, tag := range f.objects("contentTags") {
		if name := tag.words("taxonomy1Tag"); name != "" {
			sub := append([]string{}, tag.list("taxonomy2Tags")...)
			out = append(out, schema.Category{Category: name, Subcategories: sub})
		}
	}
	return out
}

func platformMetrics(f fields) schema.MetricValues {
	var out schema.MetricValues
	for i := range schema.Metrics {
		m := &schema.Metrics[i]
		if n, ok := f.number(m.Upstream); ok && n != 0 {
			out = append(out, schema.MetricValue{Metric: m, Value: n})
		}
	}
	return out
}

func notProvided(s *schema.Summary) []string {
	out := []string{}
	add := func(name string, missing bool) {
		if missing {
			out = append(out, name)
		}
	}
	add("followers", s.Followers == nil)
	add("likesAndCollects", s.LikesAndCollects == nil)
	add("readMedian", s.ReadMedian == nil)
	add("engagementMedian", s.EngagementMedian == nil)
	add("quotes.image", s.Quotes.Image.Status == schema.QuoteUnknown)
	add("quotes.video", s.Quotes.Video.Status == schema.QuoteUnknown)
	return out
}

// profileCaveats says what is easily overlooked about the blogger.
func profileCaveats(l Language, s *schema.Summary) []string {
	var out []string
	if s.OnPgy != nil && !*s.OnPgy {
		out = append(out, l.say("Not onboarded on Pugongying: cannot be booked there."))
	}
	if s.LowActive != nil && *s.LowActive {
		out = append(out, l.say("The platform marks this blogger as low-active."))
	}
	return out
}

// quoteCaveats says what is easily overlooked about one quote.
func quoteCaveats(l Language, f schema.Format, q schema.Quote) []string {
	switch q.Status {
	case schema.QuotePlaceholder:
		return []string{l.say("The %s quote is a placeholder that means \"do not book\".", l.say(string(f)))}
	case schema.QuoteNone:
		return []string{l.say("The %s format is open without a quote: not free of charge, ask for the price.", l.say(string(f)))}
	}
	return nil
}

// shorten bounds the lists, and gives a caveat for each one that it cuts.
func shorten(l Language, s *schema.Summary) []string {
	var out []string
	kept := func(what string, n int) int {
		if n > maxList {
			out = append(out, l.say("Only the first %d of %d %s are shown; raw has them all.", maxList, n, what))
		}
		return min(n, maxList)
	}
	s.PersonalTags = s.PersonalTags[:kept(l.say("personal tags"), len(s.PersonalTags))]
	s.FeatureTags = s.FeatureTags[:kept(l.say("feature tags"), len(s.FeatureTags))]
	s.CooperationIndustries = s.CooperationIndustries[:kept(l.say("cooperation industries"), len(s.CooperationIndustries))]
	s.ContentCategories = s.ContentCategories[:kept(l.say("content categories"), len(s.ContentCategories))]
	total := 0
	for _, c := range s.ContentCategories {
		total += len(c.Subcategories)
	}
	room := kept(l.say("subcategories"), total)
	for i := range s.ContentCategories {
		c := &s.ContentCategories[i]
		c.Subcategories = c.Subcategories[:min(len(c.Subcategories), room)]
		room -= len(c.Subcategories)
	}
	return out
}

// delivery is what a blogger delivers, unrounded; 0 is not known.
type delivery struct{ followers, reads, engagements float64 }

// quotient divides two figures and rounds to 4 significant digits; nil if either
// is 0, which is unknown.
func quotient(a, b float64) *float64 {
	if a == 0 || b == 0 {
		return nil
	}
	r := significant(a / b)
	return &r
}

// significant rounds to 4 significant digits.
func significant(x float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64) // it reads what was just written
	return r
}
