package condense

import (
	"cmp"
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgy-mcp/schema"
)

const (
	profileURL = "https://www.xiaohongshu.com/user/profile/"
	pgyURL     = "https://pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/"

	// maxList is how many entries of a list are shown; the subcategories of all
	// categories are one list.
	maxList = 20
)

// ProfileURL returns the address of a blogger's page on Xiaohongshu.
func ProfileURL(userID string) string { return profileURL + userID }

// Terms are the operator's fee and the caller's limit; the zero value has neither.
type Terms struct {
	FeePercent  float64 // the platform's addition to a quote
	MaxPriceCNY float64 // the most for one note, fee included; 0 is no limit
}

// Profile turns the upstream's data into a summary. It never fails: a member that it cannot read is not provided. Summary.Caveats stays empty: the
// caller renders the returned caveats into it.
func Profile(data json.RawMessage, terms Terms) (schema.Summary, []schema.Caveat) {
	return ProfileSince(data, terms, time.Time{}, nil)
}

// ProfileSince is Profile with Summary.Changes: what changed since the blogger's history,
// whose oldest line is first. at is when the profile was fetched.
func ProfileSince(data json.RawMessage, terms Terms, at time.Time, history [][]byte) (schema.Summary, []schema.Caveat) {
	b := read(data, schema.SeenInProfile, terms)
	b.Changes = b.changes(at, history)
	caveats := slices.Concat(b.caveats(), b.quoteCaveats(schema.FormatImage), b.quoteCaveats(schema.FormatVideo), shorten(&b.Summary))
	return b.Summary, caveats
}

// blogger is a summary without its caveats, and what the caveats are made from.
type blogger struct {
	schema.Summary
	fields         fields
	nothingKnown   bool  // the answer has none of profileMembers
	otherFollowers int64 // a second follower count that contradicts the first; 0 if there is none
}

// profileMembers lists the upstream's members that a summary is made of. Data with none of
// them is no profile.
var profileMembers = func() []string {
	keys := []string{"name", "redId", "location", "gender", "noteSign", "contentTags", "personalTags", "featureTags", "tradeType", "cooperType", "userType", "lowActive", "currentLevel",
		"fansNum", "fansCount", "likeCollectCountInfo", "businessNoteCount", "clickMidNum", "mEngagementNum", "mengagementNum", "interMidNum", "pictureState", "picturePrice", "videoState", "videoPrice", "pictureShowState", "videoShowState", "clothingIndustryPrice"}
	for _, m := range schema.Metrics {
		keys = append(keys, m.Upstream)
	}
	return keys
}()

// read makes the summary of a blogger from an answer of the kind from. All kinds have members
// of the same names, a few of which differ in meaning.
func read(data json.RawMessage, from schema.AnswerKind, terms Terms) *blogger {
	f := parseFields(data)
	b := &blogger{fields: f, nothingKnown: !slices.ContainsFunc(profileMembers, func(key string) bool { _, has := f[key]; return has })}
	s := &b.Summary
	*s = schema.Summary{
		UserID:                strings.ToLower(f.cleanText("userId")),
		Name:                  f.cleanText("name"),
		RedID:                 f.cleanText("redId"),
		Gender:                cmp.Or(genders[f.cleanText("gender")], "unknown"),
		Location:              f.cleanText("location"),
		MCN:                   f.object("noteSign").cleanText("name"),
		PersonalTags:          f.list("personalTags"),
		FeatureTags:           f.list("featureTags"),
		ContentCategories:     contentCategories(f),
		CooperationIndustries: f.split("tradeType"),
		OnPgy:                 onPgy(f),
		LowActive:             f.boolean("lowActive"),
		LikesAndCollects:      f.displayed("likeCollectCountInfo"),
		BusinessNotes:         f.counted("businessNoteCount"),
		PlatformMetrics:       platformMetrics(f),
	}
	if s.UserID != "" {
		s.ProfileURL, s.PgyURL = profileURL+s.UserID, pgyURL+s.UserID
	}
	// A level with a fraction is not shown.
	if x, ok := f.number("currentLevel"); ok && x == math.Trunc(x) {
		n := int64(x)
		s.HealthLevel = &n
		if n >= 0 && n < int64(len(schema.Healths)) {
			s.Health = schema.Healths[n]
		}
	}
	var by divisors
	switch from {
	case schema.SeenInSearch: // in a search 0 means not filled
		s.BusinessNotes = f.positive("businessNoteCount")
	case schema.SeenInNote:
		s.Name = f.cleanText("nickName")
	}
	s.Followers, by.followers = f.wholeAndExact(figureMembers["followers"]...)
	if second := f.positive("fansCount"); s.Followers != nil && second != nil && *second != *s.Followers {
		b.otherFollowers = *second
	}
	s.ReadMedian, by.reads = f.wholeAndExact(figureMembers["readMedian"]...)
	s.EngagementMedian, by.engagements = f.wholeAndExact(figureMembers["engagementMedian"]...)
	s.EngagementToReadRatio = quotient(by.engagements, by.reads)
	s.ReadToFollowerRatio = quotient(by.reads, by.followers)
	_, by.sponsoredReads = f.wholeAndExact("readMidCoop30")
	_, by.sponsoredEngagements = f.wholeAndExact("interMidCoop30")
	s.Quotes.Image = quote(f, "picture", by, terms)
	s.Quotes.Video = quote(f, "video", by, terms)
	s.NotProvided = notProvided(s)
	return b
}

var genders = map[string]string{"女": "female", "男": "male"}

// onPgy reads cooperType, and userType if that is absent.
func onPgy(f fields) *bool {
	n, ok := f.number("cooperType")
	if !ok {
		n, ok = f.number("userType")
		n = 3 - n // userType has 1 and 2 swapped
	}
	if !ok || n != 1 && n != 2 {
		return nil
	}
	yes := n == 1
	return &yes
}

// contentCategories reads a list of objects (a first level with its second levels) and of
// strings (a first level).
func contentCategories(f fields) []schema.Category {
	var out []schema.Category
	for _, e := range f.elements("contentTags") {
		tag := e.object("")
		name := cmp.Or(tag.cleanText("taxonomy1Tag"), e.cleanText(""))
		if name == "" {
			continue
		}
		sub := append([]string{}, tag.list("taxonomy2Tags")...)
		if single := tag.cleanText("taxonomy2Tag"); single != "" && len(sub) == 0 {
			sub = append(sub, single)
		}
		out = append(out, schema.Category{Category: name, Subcategories: sub})
	}
	return out
}

// platformMetrics reads the platform's own figures, in which 0 is not filled.
func platformMetrics(f fields) schema.MetricValues {
	var out schema.MetricValues
	for i := range schema.Metrics {
		m := &schema.Metrics[i]
		if n, ok := f.inScale(m.Upstream, m.Scale); ok && n != 0 {
			out = append(out, schema.MetricValue{Metric: m, Value: n})
		}
	}
	return out
}

// notProvided lists the main figures of a summary that are unknown; it is never nil.
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

// caveats are about the blogger as a whole.
func (b *blogger) caveats() []schema.Caveat {
	var out []schema.Caveat
	if b.nothingKnown {
		out = append(out, schema.NothingKnown.With())
	}
	if b.OnPgy != nil && !*b.OnPgy {
		out = append(out, schema.NotOnboarded.With())
	}
	switch b.Health {
	case schema.HealthAbnormal:
		out = append(out, schema.AbnormalHealth.With())
	case schema.HealthOrdinary:
		out = append(out, schema.OrdinaryHealth.With())
	}
	if b.LowActive != nil && *b.LowActive {
		out = append(out, schema.LowActive.With())
	}
	if b.otherFollowers != 0 {
		out = append(out, schema.FollowersDisagree.With(*b.Followers, b.otherFollowers))
	}
	return slices.Concat(out, b.sponsoredCaveats(), b.likesCaveats())
}

// sponsoredCaveats say of how many sponsored notes the medians of sponsored notes are.
func (b *blogger) sponsoredCaveats() []schema.Caveat {
	notes := b.PlatformMetrics.Value(schema.SponsoredNotes)
	medians := []string{schema.SponsoredImpressions, schema.SponsoredReads, schema.SponsoredEngagements}
	var out []schema.Caveat
	switch {
	case !slices.ContainsFunc(medians, func(name string) bool { return b.PlatformMetrics.Value(name) != nil }):
	case notes == nil:
		out = append(out, schema.SponsoredNotesUnknown.With())
	case *notes < fewNotes:
		out = append(out, schema.FewSponsoredNotes.With(*notes))
	}
	for _, all := range []*int64{b.fields.positive("totalNoteCount"), b.BusinessNotes} {
		if notes != nil && all != nil && *notes > float64(*all) {
			return append(out, schema.SponsoredAboveAll.With(*notes, *all))
		}
	}
	return out
}

func (b *blogger) likesCaveats() []schema.Caveat {
	hundred, thousand := b.PlatformMetrics.Value("notesOver100LikesPercent30d"), b.PlatformMetrics.Value("notesOver1000LikesPercent30d")
	if hundred != nil && thousand != nil && *thousand > *hundred {
		return []schema.Caveat{schema.LikesOutOfOrder.With(*thousand, *hundred)}
	}
	return nil
}

// quoteOf returns one format's quote.
func (b *blogger) quoteOf(f schema.Format) schema.Quote {
	if f == schema.FormatImage {
		return b.Quotes.Image
	}
	return b.Quotes.Video
}

// quoteCaveats are about one format's quote.
func (b *blogger) quoteCaveats(f schema.Format) []schema.Caveat {
	q := b.quoteOf(f)
	var out []schema.Caveat
	switch q.Status {
	case schema.QuotePlaceholder:
		out = append(out, schema.PlaceholderQuote.With(f.Word()))
	case schema.QuoteNone:
		out = append(out, schema.OpenWithoutQuote.With(f.Word()))
	case schema.QuoteHidden:
		out = append(out, schema.HiddenQuote.With(f.Word()))
	}
	if q.ClothingPriceCNY != nil {
		out = append(out, schema.ClothingQuote.With(f.Word(), *q.ClothingPriceCNY))
	}
	return out
}

// shorten cuts the summary's lists to maxList, and returns a caveat for each one it cut.
func shorten(s *schema.Summary) []schema.Caveat {
	var out []schema.Caveat
	first := func(list []string, name any) []string {
		if len(list) <= maxList {
			return list
		}
		out = append(out, schema.ListCut.With(maxList, len(list), name))
		return list[:maxList]
	}
	s.PersonalTags = first(s.PersonalTags, schema.PersonalTags)
	s.FeatureTags = first(s.FeatureTags, schema.FeatureTags)
	s.CooperationIndustries = first(s.CooperationIndustries, schema.CooperationIndustries)
	total := 0
	for _, c := range s.ContentCategories {
		total += len(c.Subcategories)
	}
	if n := len(s.ContentCategories); n > maxList {
		out = append(out, schema.ListCut.With(maxList, n, schema.ContentCategories))
		s.ContentCategories = s.ContentCategories[:maxList]
	}
	shown := 0
	for i := range s.ContentCategories {
		c := &s.ContentCategories[i]
		c.Subcategories = c.Subcategories[:min(len(c.Subcategories), maxList-shown)]
		shown += len(c.Subcategories)
	}
	if total > shown {
		out = append(out, schema.ListCut.With(shown, total, schema.Subcategories))
	}
	return out
}

// divisors are the unrounded figures that a quote is divided by; 0 is unknown.
type divisors struct {
	followers, reads, engagements        float64
	sponsoredReads, sponsoredEngagements float64
}

// quotient divides two figures, with 4 significant digits; nil if either is 0, unknown.
func quotient(a, b float64) *float64 {
	if a == 0 || b == 0 {
		return nil
	}
	r := schema.Significant(a / b)
	return &r
}

// placeholderPrice is from which price on a quote means "do not book".
const placeholderPrice = 9_999_999

// quote reads the quote of one format, "picture" or "video", and computes its unit costs.
func quote(f fields, format string, by divisors, terms Terms) schema.Quote {
	price, priced := f.unbounded(format + "Price") // a placeholder may be any number
	q := schema.Quote{Status: quoteStatus(f, format, price, priced)}
	if priced && price > 0 && q.Status != schema.QuotePlaceholder {
		q.PriceCNY, q.PriceWithFeeCNY = &price, withFee(price, terms.FeePercent)
	}
	clothing := f.object("clothingIndustryPrice")
	if state, _ := clothing.number(format + "State"); state == 1 {
		if x, ok := clothing.unbounded(format + "Price"); ok && x > 0 && x < placeholderPrice {
			q.ClothingPriceCNY = &x
		}
	}
	if q.Status == schema.QuoteOpen {
		_, formatReads := f.wholeAndExact(format + "ClickMidNum")
		_, formatEngagements := f.wholeAndExact(format + "InterMidNum")
		q.UnitCosts = schema.UnitCosts{
			CNYPerEngagement:          quotient(price, by.engagements),
			CNYPerRead:                quotient(price, by.reads),
			CNYPerThousandFollowers:   quotient(price*1000, by.followers),
			CNYPerFormatEngagement:    quotient(price, formatEngagements),
			CNYPerFormatRead:          quotient(price, formatReads),
			CNYPerSponsoredEngagement: quotient(price, by.sponsoredEngagements),
			CNYPerSponsoredRead:       quotient(price, by.sponsoredReads),
		}
	}
	return q
}

// quoteStatus tests the cases in their order: the first that holds is the status.
func quoteStatus(f fields, format string, price float64, priced bool) schema.QuoteStatus {
	state, stated := f.number(format + "State")
	shown := f.boolean(format + "ShowState")
	switch {
	case priced && price >= placeholderPrice:
		return schema.QuotePlaceholder
	case !stated:
		return schema.QuoteUnknown
	case state == 1 && priced && price > 0 && shown != nil && !*shown:
		return schema.QuoteHidden
	case state == 1 && priced && price > 0:
		return schema.QuoteOpen
	case state == 1 && (!priced || price == 0):
		return schema.QuoteNone
	case state == 0:
		return schema.QuoteClosed
	}
	return schema.QuoteUnknown
}

// withFee returns a quote with the platform's fee, exact to 0.01 CNY; nil without a fee.
func withFee(price, percent float64) *float64 {
	if percent == 0 {
		return nil
	}
	x := float64(fen(price, percent)) / 100
	return &x
}

// fen returns a price with its fee in fen, hundredths of a CNY, computed exactly.
func fen(price, percent float64) int64 {
	sum := new(big.Rat).Add(schema.Decimal(percent), big.NewRat(100, 1)) // price × (100 + percent) / 100 × 100
	sum.Mul(sum, schema.Decimal(price))
	n, _ := strconv.ParseInt(sum.FloatString(0), 10, 64) // rounded half away from zero
	return n
}
