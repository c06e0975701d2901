package condense

import (
	"cmp"
	"encoding/json"
	"math"
	"strings"
	"time"

	"pgy-mcp/schema"
)

// youngDays: a note published fewer days ago gets a caveat.
const youngDays = 7

// china is the time zone of the platform's dates, which has no daylight saving time.
var china = time.FixedZone("Asia/Shanghai", 8*60*60)

// Note turns the answer about a note into the row of a review. paidCNY is what was paid
// for the note; 0 is unknown.
func Note(data json.RawMessage, noteID string, paidCNY float64, fetchedAt time.Time) (row schema.ReviewRow, caveats []schema.Caveat) {
	f := parseFields(data)
	author := f.object("userInfo")
	row = schema.ReviewRow{
		NoteID: noteID,
		URL:    noteURL + noteID,
		Title:  cut(cmp.Or(f.cleanText("title"), contentText(f)), maxTitle),
		UserID: cmp.Or(f.userID(), author.userID()),
		Name:   cmp.Or(f.cleanText("name"), author.cleanText("nickName")),
		Brand:  cut(f.cleanText("reportBrandName"), maxTitle),
	}
	if noteType, ok := f.integer("type"); ok {
		row.Format = map[int64]schema.Format{1: schema.FormatImage, 2: schema.FormatVideo}[noteType]
	}
	if paidCNY > 0 {
		row.PaidCNY = &paidCNY
	}
	if published, ok := dayOf(f.text("createTime")); ok {
		row.PublishedOn = published.Format(time.DateOnly)
		fetched := fetchedAt.In(china)
		today := time.Date(fetched.Year(), fetched.Month(), fetched.Day(), 0, 0, 0, 0, china)
		if days := int(today.Sub(published) / (24 * time.Hour)); days >= 0 {
			row.DaysOut = &days
		}
	}
	readCounts(&row, f)
	_, readMedian := author.wholeAndExact("clickMidNum")
	_, engagementMedian := author.wholeAndExact("mEngagementNum", "mengagementNum", "interMidNum")
	if count(row.Reads) <= count(row.Impressions) { // a rate above 100 % is an error of the platform
		row.ReadRatePercent = rate(row.Reads, count(row.Impressions)/100)
	}
	row.EngagementRatePercent = rate(row.Engagements, count(row.Reads)/100)
	row.ReadsToMedian = rate(row.Reads, readMedian)
	row.EngagementsToMedian = rate(row.Engagements, engagementMedian)
	row.NoteCosts = schema.NoteCosts{
		CPM:              quotient(paidCNY*1000, count(row.Impressions)),
		CNYPerRead:       quotient(paidCNY, count(row.Reads)),
		CNYPerEngagement: quotient(paidCNY, count(row.Engagements)),
	}
	if !row.HasCounts() {
		row.NotProvided = []string{"counts"}
		caveats = append(caveats, schema.NoCounts.With())
	}
	if row.DaysOut != nil && *row.DaysOut < youngDays {
		caveats = append(caveats, schema.YoungNote.With())
	}
	return row, caveats
}

// contentText is the content of a note without the platform's marks behind topics.
func contentText(f fields) string {
	return clean(strings.ReplaceAll(f.text("content"), "[话题]", ""))
}

// userID reads the member userId; "" is no id.
func (f fields) userID() string {
	id := strings.ToLower(f.cleanText("userId"))
	if !noteID.MatchString(id) {
		return ""
	}
	return id
}

// dayOf reads the day of a time such as "2026-04-28 12:00", in China's time zone.
func dayOf(s string) (time.Time, bool) {
	day, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	t, err := time.ParseInLocation(time.DateOnly, day, china)
	return t, err == nil
}

// readCounts sets the counts of a row. If all counts are 0, the platform has not filled
// them and they are unknown. Otherwise 0 means 0, except for impressions and reads: a note
// with other counts was shown and read, so 0 there is unknown.
func readCounts(row *schema.ReviewRow, f fields) {
	members := map[string]**int64{
		"impNum": &row.Impressions, "readNum": &row.Reads, "likeNum": &row.Likes, "favNum": &row.Collects,
		"cmtNum": &row.Comments, "shareNum": &row.Shares, "followCnt": &row.NewFollowers,
	}
	isFilled := false
	for key, member := range members {
		if n := f.counted(key); n != nil && *n <= mostNumber {
			*member = n
			isFilled = isFilled || *n > 0
		}
	}
	if !isFilled {
		for _, member := range members {
			*member = nil
		}
		return
	}
	for _, n := range []**int64{&row.Impressions, &row.Reads} {
		if *n != nil && **n == 0 {
			*n = nil
		}
	}
	if row.Likes != nil {
		sum := int64(0)
		for _, n := range []*int64{row.Likes, row.Collects, row.Comments, row.Shares, row.NewFollowers} {
			if n != nil {
				sum += *n
			}
		}
		row.Engagements = &sum
	}
}

// rate divides a count, of which 0 is a fact, and rounds to 4 significant digits; nil if
// the count is unknown or the divisor 0.
func rate(count *int64, by float64) *float64 {
	if count == nil || by == 0 {
		return nil
	}
	r := schema.Significant(float64(*count) / by)
	return &r
}

// count returns a count for calculations; 0 is unknown.
func count(n *int64) float64 { return float64(valueOrZero(n)) }

// Totals sums up the rows that have counts.
func Totals(rows []schema.ReviewRow) schema.ReviewTotals {
	var t schema.ReviewTotals
	var paid float64
	var impressions, reads, engagements countSum
	for i := range rows {
		r := &rows[i]
		if !r.HasCounts() {
			continue
		}
		t.Notes++
		if r.PaidCNY != nil {
			t.PaidNotes++
			paid += *r.PaidCNY
		}
		impressions.add(r.Impressions, r.PaidCNY)
		reads.add(r.Reads, r.PaidCNY)
		engagements.add(r.Engagements, r.PaidCNY)
	}
	if t.PaidNotes > 0 {
		paid = math.Round(paid*100) / 100
		t.PaidCNY = &paid
	}
	t.Impressions, t.Reads, t.Engagements = impressions.all, reads.all, engagements.all
	t.NoteCosts = schema.NoteCosts{CPM: impressions.costOf(1000), CNYPerRead: reads.costOf(1), CNYPerEngagement: engagements.costOf(1)}
	return t
}

// countSum is the sum of one count over notes.
type countSum struct {
	all     *int64 // nil if it is unknown for all notes
	paid    float64
	paidFor float64 // the sum over the notes that have an amount
}

func (s *countSum) add(count *int64, paidCNY *float64) {
	if count == nil {
		return
	}
	sum := *count
	if s.all != nil {
		sum += *s.all
	}
	s.all = &sum
	if paidCNY != nil {
		s.paid += *paidCNY
		s.paidFor += float64(*count)
	}
}

// costOf returns what n of the count cost.
func (s *countSum) costOf(n float64) *float64 { return quotient(s.paid*n, s.paidFor) }
