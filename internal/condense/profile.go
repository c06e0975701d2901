package condense

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
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

// Profile condenses the upstream's data object by the field guide's rules. A member
// that it cannot read counts as not provided; it never fails. The summary's Caveats
// are left for package render to say.
func Profile(data json.RawMessage) (schema.Summary, []schema.Caveat) {
	s := summarize(data)
	caveats := slices.Concat(profileCaveats(&s), quoteCaveats(schema.FormatImage, s.Quotes.Image), quoteCaveats(schema.FormatVideo, s.Quotes.Video))
	return s, append(caveats, shorten(&s)...)
}

func summarize(data json.RawMessage) schema.Summary {
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

// profileCaveats are about the blogger as a whole.
func profileCaveats(s *schema.Summary) []schema.Caveat {
	var out []schema.Caveat
	if s.OnPgy != nil && !*s.OnPgy {
		out = append(out, schema.NotOnboarded.With())
	}
	if s.LowActive != nil && *s.LowActive {
		out = append(out, schema.LowActive.With())
	}
	return out
}

// quoteCaveats are about one format's quote.
func quoteCaveats(f schema.Format, q schema.Quote) []schema.Caveat {
	switch q.Status {
	case schema.QuotePlaceholder:
		return []schema.Caveat{schema.PlaceholderQuote.With(f.Word())}
	case schema.QuoteNone:
		return []schema.Caveat{schema.OpenWithoutQuote.With(f.Word())}
	}
	return nil
}

// shorten bounds the lists and gives a caveat for each list that it cuts.
func shorten(s *schema.Summary) []schema.Caveat {
	var out []schema.Caveat
	shorten := func(list []string, name any) []string {
		if len(list) <= maxList {
			return list
		}
		out = append(out, schema.ListCut.With(maxList, len(list), name))
		return list[:maxList]
	}
	s.PersonalTags = shorten(s.PersonalTags, schema.PersonalTags)
	s.FeatureTags = shorten(s.FeatureTags, schema.FeatureTags)
	s.CooperationIndustries = shorten(s.CooperationIndustries, schema.CooperationIndustries)
	if n := len(s.ContentCategories); n > maxList {
		out = append(out, schema.ListCut.With(maxList, n, schema.ContentCategories))
		s.ContentCategories = s.ContentCategories[:maxList]
	}
	total, room := 0, maxList
	for i := range s.ContentCategories {
		c := &s.ContentCategories[i]
		total += len(c.Subcategories)
		c.Subcategories = c.Subcategories[:min(len(c.Subcategories), room)]
		room -= len(c.Subcategories)
	}
	if total > maxList {
		out = append(out, schema.ListCut.With(maxList, total, schema.Subcategories))
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
	r := schema.Significant(a / b)
	return &r
}

// placeholderPrice and above is how a blogger says "do not book".
const placeholderPrice = 9_999_999

// quote reads one format's state and price, and divides it by what is delivered.
func quote(f fields, stateKey, priceKey string, by delivery) schema.Quote {
	state, stated := f.number(stateKey)
	price, priced := f.amount(priceKey) // however large: a placeholder is one
	q := schema.Quote{Status: quoteStatus(state, stated, price, priced)}
	if priced && price > 0 && q.Status != schema.QuotePlaceholder {
		q.PriceCNY = &price
	}
	if q.Status == schema.QuoteOpen {
		q.CNYPerEngagement = quotient(price, by.engagements)
		q.CNYPerRead = quotient(price, by.reads)
		q.CNYPerThousandFollowers = quotient(price*1000, by.followers)
	}
	return q
}

func quoteStatus(state float64, stated bool, price float64, priced bool) schema.QuoteStatus {
	switch {
	case priced && price >= placeholderPrice:
		return schema.QuotePlaceholder
	case !stated:
		return schema.QuoteUnknown
	case state == 1 && priced && price > 0:
		return schema.QuoteOpen
	case state == 1 && (!priced || price == 0):
		return schema.QuoteNone
	case state == 0:
		return schema.QuoteClosed
	}
	return schema.QuoteUnknown
}
