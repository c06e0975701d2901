package tools

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

func (s *Set) reviewTool() tool {
	return tool{
		name:  "review_notes",
		title: "Review notes",
		description: fmt.Sprintf("Tells what up to %d published Xiaohongshu (小红书) notes brought, from Pugongying (蒲公英): ", schema.MaxReviewed) +
			"impressions, reads, engagements, new followers, their ratios to the author's medians of today, totals; " +
			"with paidCny also CPM and cost per read and engagement. The counts include paid traffic; it cannot be separated. " +
			"Counts that the platform has not filled are absent: unknown, not zero. A note younger than 7 days still gathers counts. " +
			"Not for bloggers before they are booked: compare_bloggers. Cached notes are free; each other one is a paid request. One note's failure is that row's error; a pending row comes later without a further charge.",
		input:  schema.ReviewArguments.Schema(),
		output: schema.PublishedReview,
		run:    s.reviewCall,
	}
}

// aNote is the target of a look-up of a note.
var aNote = target{
	again: t("the same note", "同一篇笔记"),
	texts: map[upstream.Kind]failureText{
		upstream.TokenInvalid: {t("Just One API does not accept this server's token", "Just One API 不接受所用的 token"), operator,
			t("ask the operator to check the token; do not try other notes, they fail the same way.", "请管理员检查 token；不必再查其他笔记，结果相同。")},
		upstream.CollectionFailed: {t("The upstream could not collect this note's data, several tries included", "数据接口多次尝试仍未能采集到该笔记的数据"), t("yes, a few times; can last for one note", "是，再试几次；同一篇笔记可能持续失败"),
			t("call again with {again} in %s; after two more failures go on without this note.", "请在 %s后用{again}重试；再失败两次就请跳过该笔记。")},
		upstream.InvalidParameters: {t("The upstream refuses this request", "数据接口拒绝了此请求"), no,
			t("check the note id against the note's page.", "请对照笔记页面核对笔记 ID。")},
		upstream.NotFound: {t("The upstream has no data for this note", "数据接口没有该笔记的数据"), no,
			t("check the note id against the note's page; a userId is none, and a deleted note has no data.", "请对照笔记页面核对笔记 ID；userId 不是笔记 ID，已删除的笔记没有数据。")},
	},
}

func (s *Set) reviewCall(ctx context.Context, arguments json.RawMessage, o *Outcome) (Result, error) {
	in, err := schema.ReviewArguments.Decode(arguments)
	if err != nil {
		return nil, invalidArguments(s.Language, err)
	}
	r, failures := s.review(ctx, s.Wait, in, o)
	if len(failures) == len(r.Rows) { // there is nothing to review
		failed, _ := render.NoteFailures(s.Language, r.Rows)
		return nil, allFailed(failures, failed, t("notes", "篇笔记"), r.Meta.Billed)
	}
	return result([][]byte{JSON(render.Review(s.Language, r))}, nil, JSON(r)), nil
}

// Review looks up any number of notes. It waits until all look-ups or ctx have ended.
// Progress goes to WithProgress. notFresh counts the look-ups without a fresh answer.
func (s *Set) Review(ctx context.Context, in schema.ReviewInput) (r *schema.Review, notFresh int) {
	var o Outcome
	r, _ = s.review(ctx, forever, in, &o)
	return r, o.notFresh()
}

// review returns a review, and the failures of its rows.
func (s *Set) review(ctx context.Context, wait time.Duration, in schema.ReviewInput, o *Outcome) (*schema.Review, []failure) {
	r := review{language: s.Language}
	r.Rows = make([]schema.ReviewRow, 0, len(in.Notes))
	r.Meta = schema.ReviewMeta{SortBy: in.SortBy, Source: s.Lookups.Source()}
	toAsk := slices.DeleteFunc(slices.Clone(in.Notes), func(n schema.AskedNote) bool { return n.ID == "" }) // malformed ones
	lookups := map[string]*upstream.Lookup{}                                                                // an interrupted command starts some of them
	newProgress(ctx, s.Language, 0, len(toAsk)).awaitQueue(ctx, wait, &queue{groups: len(toAsk), start: func(i int) []*upstream.Lookup {
		l := s.Lookups.Lookup(upstream.Note.Query(toAsk[i].ID, upstream.Options{}), upstream.Ask{Refresh: in.Refresh, CachedOnly: in.CachedOnly})
		lookups[toAsk[i].ID] = l
		return []*upstream.Lookup{l}
	}})
	for _, n := range in.Notes {
		if n.ID == "" {
			r.fail(n, invalidArguments(s.Language, n.Malformed.Err))
			continue
		}
		a, f, ok := s.collect(ctx, lookups[n.ID], wait, aNote)
		o.count(a)
		if ok {
			r.add(n, a)
		} else {
			o.fail(n.ID, upstream.Note.Name, f)
			r.fail(n, f)
		}
	}
	r.Meta.Cached, r.Meta.Billed, r.Meta.Failed, r.Meta.CallsLeft = o.Cached, o.Billed, len(r.failures), s.callsLeft()
	r.Meta.Caveats = r.caveatLines()
	r.Totals = condense.Totals(r.Rows)
	if in.SortBy != "" {
		condense.RankNotes(r.Rows, in.SortBy)
	}
	return &r.Review, r.failures
}

// review builds a review.
type review struct {
	schema.Review
	language lang.Language
	failures []failure
	concerns concerns
}

// fail adds a row without an answer. A row that is pending or not cached is no failure.
func (r *review) fail(n schema.AskedNote, f failure) {
	row := schema.ReviewRow{NoteID: cmp.Or(n.ID, n.Malformed.Given), Error: f.inRow()}
	if n.PaidCNY > 0 {
		row.PaidCNY = &n.PaidCNY
	}
	switch f.kind {
	case pending:
		row.Pending = true
		r.Meta.Pending++
	case upstream.NotCached:
		row.NotCached = true
		r.Meta.NotCached++
	default:
		r.failures = append(r.failures, f)
	}
	r.Rows = append(r.Rows, row)
}

// add adds a note's row and caveats.
func (r *review) add(n schema.AskedNote, a upstream.Answer) {
	row, caveats := condense.Note(a.Data(), n.ID, n.PaidCNY, a.FetchedAt)
	if a.Stale {
		caveats = append(caveats, staleRow(r.language, a, aNote))
	}
	row.FetchedAt = fetched(a, &r.Meta.OldestFetchedAt, &r.Meta.NewestFetchedAt)
	row.Flags = flagsOf(caveats, r.Meta.Source)
	r.Rows = append(r.Rows, row)
	r.concerns.add(r.language, cmp.Or(row.Title, row.NoteID), caveats)
}

// caveatLines returns the caveats of the rows, then those about the whole review.
func (r *review) caveatLines() []string {
	has := func(is func(*schema.ReviewRow) bool) bool {
		return slices.ContainsFunc(r.Rows, func(row schema.ReviewRow) bool { return is(&row) })
	}
	var overall []schema.Caveat
	if has((*schema.ReviewRow).HasCounts) {
		overall = append(overall, schema.PaidTraffic.With())
	}
	if has(func(row *schema.ReviewRow) bool { return row.ReadsToMedian != nil || row.EngagementsToMedian != nil }) {
		overall = append(overall, schema.TodaysMedian.With())
	}
	if by := r.Meta.SortBy; by != "" {
		column := schema.NoteColumnOf(by)
		if !has(func(row *schema.ReviewRow) bool { _, known := column.Figure(row); return known }) {
			overall = append(overall, schema.NoNoteRanked.With(column.Ranking))
		}
	}
	if r.Meta.Source == upstream.SampleName {
		overall = append(overall, schema.RecordedSamples.With())
	}
	return r.concerns.lines(r.language, overall)
}
