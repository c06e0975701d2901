package schema

import (
	"cmp"
	"slices"
)

// ReviewInput is what review_notes takes.
type ReviewInput struct {
	Notes      []AskedNote // in the order asked for, each one once
	SortBy     NoteSortKey // "" keeps the order of Notes
	Refresh    bool
	CachedOnly bool

	// The two arguments, which pair joins to Notes.
	given   []AskedNote
	paidCNY []float64
}

// AskedNote is a note to review.
type AskedNote struct {
	ID        string
	PaidCNY   float64   // 0 is unknown
	Malformed Malformed // set if ID is ""
}

// askedNote is the note of an id, or what was given instead of one.
func askedNote(given, id string, refusal *Refusal) AskedNote {
	if refusal != nil {
		return AskedNote{Malformed: Malformed{Given: Showable(given), Err: refusal}}
	}
	return AskedNote{ID: id}
}

// ReviewArguments are the arguments of review_notes. A text that has no note does not fail
// the call: it is an AskedNote with Malformed.
var ReviewArguments = newArguments(
	func(in *ReviewInput, named naming) *Refusal {
		return cmp.Or(notBoth(in.Refresh, in.CachedOnly, named), in.pair())
	},
	arg("notes", "", "Note ids (24 hex digits), note URLs or share texts with one; no short link, no profile.",
		notes(), func(in *ReviewInput) *[]AskedNote { return &in.given }),
	arg("paidCny", "", "CNY paid for each note, fee included, in the order of notes; 0 where unknown.",
		amounts(MaxReviewed), func(in *ReviewInput) *[]float64 { return &in.paidCNY }),
	arg("sortBy", "sort", "Costs ascending, the rest descending; without it the order stays.",
		oneOfOrNone(NoteSortKeys), func(in *ReviewInput) *NoteSortKey { return &in.SortBy }),
	arg("refresh", "", refreshWords, boolean(), func(in *ReviewInput) *bool { return &in.Refresh }),
	arg("cachedOnly", "cached-only", cachedOnlyWords, boolean(), func(in *ReviewInput) *bool { return &in.CachedOnly }),
)

// notes is the list of the notes of a review.
func notes() argType[[]AskedNote] {
	return idList(noteIDType, MaxReviewed, t("note ids or URLs", "笔记 ID 或笔记链接"), splitNotes, func(into *[]AskedNote, given, id string, refusal *Refusal) *Refusal {
		*into = append(*into, askedNote(given, id, refusal))
		return nil
	})
}

// splitNotes splits a text that lists notes; a share text stays whole.
func splitNotes(text string) []string {
	if noteIDType.holdsOne(text, isPlainWord) {
		return []string{text}
	}
	return noteIDType.split(text)
}

// pair makes Notes: each given note with its amount, duplicates once.
func (in *ReviewInput) pair() *Refusal {
	if n := len(in.paidCNY); n > 0 && n != len(in.given) {
		return refuse(t(
			"has %d numbers for %d notes: give one for each note, in the same order, 0 where an amount is not known",
			"有 %d 个数字，而笔记有 %d 篇：请按相同顺序为每篇笔记提供一个，金额未知处填 0"),
			n, len(in.given)).about("paidCny")
	}
	for i, n := range in.given {
		if in.paidCNY != nil {
			n.PaidCNY = in.paidCNY[i]
		}
		if refusal := in.add(n); refusal != nil {
			return refusal.about("paidCny")
		}
	}
	if len(in.Notes) > MaxReviewed {
		return refuse(t("has more than %d notes: give 1 to %d", "超过 %d 篇笔记：请提供 1 至 %d 篇"), MaxReviewed, MaxReviewed).about("notes")
	}
	return nil
}

// Add adds a note unless Notes has it. The error, a *Refusal, says that a note has two
// different amounts.
func (in *ReviewInput) Add(n AskedNote) error { return in.add(n).asError() }

func (in *ReviewInput) add(n AskedNote) *Refusal {
	i := slices.IndexFunc(in.Notes, func(o AskedNote) bool { return o.ID == n.ID && o.Malformed.Given == n.Malformed.Given })
	if i < 0 {
		in.Notes = append(in.Notes, n)
		return nil
	}
	there := &in.Notes[i].PaidCNY
	if *there != n.PaidCNY && *there != 0 && n.PaidCNY != 0 {
		return refuse(t(
			"has two amounts for the note %s, %s and %s CNY: give the note once, with all that was paid for it",
			"为笔记 %s 给出了两个金额：%s 元和 %s 元，请只给一次，填写为它支付的总额"),
			cmp.Or(n.ID, n.Malformed.Given), *there, n.PaidCNY)
	}
	*there = max(*there, n.PaidCNY)
	return nil
}
