package condense

import (
	"encoding/json"
	"slices"
	"strings"

	"pgy-mcp/schema"
)

// SearchPage is one page of a search.
type SearchPage struct {
	Rows      []SearchRow
	Total     *int64 // bloggers on all pages; nil is unknown
	Came      int    // bloggers on the page, those without an id included
	Malformed bool   // the answer has no list of bloggers
}

// SearchRow is one blogger of a search or of a link. The row's own NotBookable, Outside
// and Flags stay empty: the caller renders the members below into them.
type SearchRow struct {
	schema.FoundRow
	Place       int // on the page, from 1; 0 for the row of a link
	NotBookable []schema.Reason
	Outside     []schema.Reason // the filters of numbers that the row does not keep to
	Caveats     []schema.Caveat
}

// Search reads one page of a search. Bloggers without an id are left out. Price limits
// include the fee.
func Search(data json.RawMessage, in *schema.FindInput, feePercent float64) SearchPage {
	f := parseFields(data)
	kols, page := f.elements("kols"), SearchPage{Total: f.counted("total")}
	page.Came = len(kols)
	page.Malformed = len(kols) == 0 && !isList(f["kols"])
	for i, kol := range kols {
		r := searchRow(kol[""], schema.SeenInSearch, in, feePercent)
		r.Place = i + 1
		if noteID.MatchString(r.UserID) {
			page.Rows = append(page.Rows, r)
		}
	}
	return page
}

// IsWithinPrice reports whether the row is within the price limits.
func (r *SearchRow) IsWithinPrice() bool {
	return !slices.ContainsFunc(r.Outside, func(reason schema.Reason) bool {
		return reason == schema.ReasonNoPrice || reason == schema.ReasonUnderLimit || reason == schema.ReasonOverLimit
	})
}

// isList reports whether a member is a list or null.
func isList(member json.RawMessage) bool {
	var list []json.RawMessage
	return member != nil && json.Unmarshal(member, &list) == nil
}

// Author reads the author of a note; ok is false if the note does not give an id. The
// note's own userId and name stand in for those that userInfo lacks.
func Author(data json.RawMessage, in *schema.FindInput, feePercent float64) (r SearchRow, ok bool) {
	f := parseFields(data)
	userInfo := f["userInfo"]
	if author := f.object("userInfo"); author.userID() == "" && f.userID() != "" {
		if author == nil {
			author = fields{}
		}
		author["userId"] = f["userId"]
		if author.cleanText("nickName") == "" {
			author["nickName"] = f["name"]
		}
		userInfo, _ = json.Marshal(author) // its members were read from JSON
	}
	r = searchRow(userInfo, schema.SeenInNote, in, feePercent)
	return r, noteID.MatchString(r.UserID)
}

// LinkTarget returns the id of the note or of the blogger to which a short link leads;
// both are "" if it leads to neither.
func LinkTarget(data json.RawMessage) (note, user string) {
	f := parseFields(data)
	if id := strings.ToLower(schema.Text(f["noteId"])); noteID.MatchString(id) {
		return id, ""
	}
	return schema.LinkTarget(schema.Text(f["redirect_url"]))
}

func searchRow(data json.RawMessage, from schema.AnswerKind, in *schema.FindInput, feePercent float64) SearchRow {
	var r SearchRow
	r.Row, r.NotBookable, _, r.Caveats = Row(data, from, in.ShownFormat(), Terms{FeePercent: feePercent})
	f := parseFields(data)
	r.Match = schema.MatchOf(in.Who.Name, f.cleanText("redId"), r.Name)
	r.ReplyPercent = platformMetrics(f).Value(schema.InviteReply)
	r.Outside = outsideFilters(f, &r.Row, in, feePercent)
	return r
}

// outsideFilters returns which filters of followers, price, reads and engagements the row
// does not keep to. A row whose figure is unknown passes that filter; a row whose price is
// unknown does not.
func outsideFilters(f fields, r *schema.Row, in *schema.FindInput, feePercent float64) []schema.Reason {
	var out []schema.Reason
	add := func(reason schema.Reason, is bool) {
		if is {
			out = append(out, reason)
		}
	}
	followers := valueOrZero(r.Followers)
	add(schema.ReasonFewFollowers, followers > 0 && followers < int64(in.MinFollowers))
	add(schema.ReasonManyFollowers, in.MaxFollowers > 0 && followers > int64(in.MaxFollowers))
	isLimited := in.MinPriceCNY > 0 || in.MaxPriceCNY > 0
	add(schema.ReasonNoPrice, isLimited && r.PriceCNY == nil)
	if isLimited && r.PriceCNY != nil {
		price := fen(*r.PriceCNY, feePercent)
		add(schema.ReasonUnderLimit, price < fen(in.MinPriceCNY, 0))
		add(schema.ReasonOverLimit, in.MaxPriceCNY > 0 && price > fen(in.MaxPriceCNY, 0))
	}
	isFewer := func(member string, least int) bool {
		_, n := f.wholeAndExact(member)
		return n > 0 && n < float64(least)
	}
	add(schema.ReasonFewReads, isFewer("clickMidNum", in.MinReadMedian))
	add(schema.ReasonFewEngagements, isFewer("interMidNum", in.MinEngagementMedian))
	add(schema.ReasonFewSponsoredReads, isFewer("readMidCoop30", in.MinSponsoredReadMedian))
	return out
}
