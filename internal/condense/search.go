package condense

import (
	"encoding/json"
	"slices"
	"strings"

	"pgy-mcp/schema"
)

// SearchPage is one page of a search as it came.
type SearchPage struct {
	Rows      []SearchRow
	Total     *int64 // bloggers found in all; nil where the platform does not say
	Came      int    // bloggers on the page, those without an id included
	Malformed bool   // the answer has no list of bloggers
}

// SearchRow is one blogger of a search or of a link. The row's NotBookable and Outside
// are left for package render to say.
type SearchRow struct {
	schema.FoundRow
	Place       int // on the page, from 1; 0 for the row of a link
	NotBookable []schema.Reason
	Outside     []schema.Reason // the filters of numbers that the row does not keep to
	Caveats     []schema.Caveat
}

// Search condenses one page of a search. Bloggers without an id are left out. Prices are
// judged with the fee.
func Search(data json.RawMessage, in *schema.FindInput, feePercent float64) SearchPage {
	f := parseFields(data)
	kols, page := f.elements("kols"), SearchPage{Total: f.counted("total")}
	page.Came = len(kols)
	page.Malformed = len(kols) == 0 && !isEmptyList(f["kols"])
	for i, kol := range kols {
		r := searchRow(kol[""], OfSearch, in, feePercent)
		r.Place = i + 1
		if noteID.MatchString(r.UserID) {
			page.Rows = append(page.Rows, r)
		}
	}
	return page
}

// IsWithinPrice reports whether the row keeps to the limits of prices.
func (r *SearchRow) IsWithinPrice() bool {
	return !slices.ContainsFunc(r.Outside, func(reason schema.Reason) bool {
		return reason == schema.ReasonNoPrice || reason == schema.ReasonUnderLimit || reason == schema.ReasonOverLimit
	})
}

func isEmptyList(member json.RawMessage) bool {
	var list []json.RawMessage
	return member != nil && json.Unmarshal(member, &list) == nil
}

// Author condenses what a note says of its author; ok is false where it has no id.
func Author(data json.RawMessage, in *schema.FindInput, feePercent float64) (r SearchRow, ok bool) {
	r = searchRow(parseFields(data)["userInfo"], OfNote, in, feePercent)
	return r, noteID.MatchString(r.UserID)
}

// LinkTarget reads what a short link leads to: a note or, with its profile, a blogger.
// Both ids are "" where it leads to neither.
func LinkTarget(data json.RawMessage) (note, user string) {
	f := parseFields(data)
	if id := strings.ToLower(schema.Text(f["noteId"])); noteID.MatchString(id) {
		return id, ""
	}
	return schema.LinkTarget(schema.Text(f["redirect_url"]))
}

func searchRow(data json.RawMessage, from Origin, in *schema.FindInput, feePercent float64) SearchRow {
	var r SearchRow
	r.Row, r.NotBookable, _, r.Caveats = Row(data, from, in.ShownFormat(), Terms{FeePercent: feePercent})
	f := parseFields(data)
	r.Match = schema.MatchOf(in.Who.Name, f.words("redId"), r.Name)
	r.ReplyPercent = platformMetrics(f).Value(schema.InviteReply)
	r.Outside = outsideFilters(f, &r.Row, in, feePercent)
	return r
}

// outsideFilters judges a row by the filters of followers, price, reads and engagements.
// A figure that the row does not have is not judged; a price that it does not have keeps
// to no limit.
func outsideFilters(f fields, r *schema.Row, in *schema.FindInput, feePercent float64) []schema.Reason {
	var out []schema.Reason
	add := func(reason schema.Reason, is bool) {
		if is {
			out = append(out, reason)
		}
	}
	followers := orZero(r.Followers)
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
		_, n := f.figure(member)
		return n > 0 && n < float64(least)
	}
	add(schema.ReasonFewReads, isFewer("clickMidNum", in.MinReadMedian))
	add(schema.ReasonFewEngagements, isFewer("interMidNum", in.MinEngagementMedian))
	add(schema.ReasonFewSponsoredReads, isFewer("readMidCoop30", in.MinSponsoredReadMedian))
	return out
}
