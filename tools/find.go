package tools

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

func (s *Set) findTool() tool {
	return tool{
		name:  "find_bloggers",
		title: "Find bloggers",
		description: "Finds Xiaohongshu (RedNote, 小红书) bloggers on Pugongying (蒲公英): for a brief, by filters and by words of notes (topic), or one by name, 小红书号, note link or xhslink share text (who). " +
			"A page of up to 20 is one paid request, a note link one, a short link one or two; repeats within hours are free, and compare_bloggers takes the rows found for nothing more. " +
			"Rows are as in compare_bloggers, in the platform's order or ranked by sortBy among those fetched; found is how many match in all. " +
			"match tells exact names from similar ones; outside names the filters of numbers that a row does not keep to. Labels are the platform's, in Chinese.",
		input:  schema.FindArguments.Schema(),
		output: schema.PublishedFound,
		page:   comparisonPage.uri,
		run:    s.findCall,
	}
}

func (s *Set) findCall(ctx context.Context, arguments json.RawMessage, o *Outcome) (Result, error) {
	in, err := schema.FindArguments.Decode(arguments)
	if err != nil {
		return nil, invalidArguments(s.Language, err)
	}
	f, fail := s.find(ctx, s.Wait, in, o)
	if fail != nil {
		return nil, *fail
	}
	return result([][]byte{JSON(render.Found(s.Language, f))}, nil, JSON(f)), nil
}

// Find searches for bloggers. It waits until the search or ctx has ended. If nothing came,
// found is nil and failure says why. notFresh counts the requests that a CachedOnly search
// saved. Progress goes to WithProgress.
func (s *Set) Find(ctx context.Context, in schema.FindInput) (found *schema.Found, failure string, notFresh int) {
	var o Outcome
	found, fail := s.find(ctx, forever, in, &o)
	if fail != nil {
		failure = fail.Text()
	}
	return found, failure, o.notFresh()
}

// find returns the result of a search, or a failure if nothing came.
func (s *Set) find(ctx context.Context, wait time.Duration, in schema.FindInput, o *Outcome) (*schema.Found, *failure) {
	f := finding{set: s, in: &in, wait: wait, outcome: o}
	if wait != forever {
		f.deadline = time.Now().Add(wait)
	}
	f.Rows = []schema.FoundRow{}
	f.Meta = schema.FoundMeta{
		Format: in.ShownFormat(), Filters: in.Sent(s.FeePercent), Page: in.Page, SortBy: in.SortBy, BudgetCNY: in.BudgetCNY, MaxPicks: in.MaxPicks,
		FeePercent: s.FeePercent, Source: s.Lookups.Source(), Failed: []schema.FailedPage{}, UnknownLabels: in.UnknownLabels(),
	}
	var fail *failure
	if in.Who.IsLink() {
		fail = f.follow(ctx)
	} else {
		fail = f.search(ctx)
	}
	if fail != nil {
		return nil, fail
	}
	f.complete()
	return &f.Found, nil
}

// finding builds the result of a search.
type finding struct {
	schema.Found
	set      *Set
	in       *schema.FindInput
	wait     time.Duration
	deadline time.Time // of wait
	progress *progress
	outcome  *Outcome
	concerns concerns
	overall  []schema.Caveat // about the search as a whole
}

// ask looks up one query within the rest of the wait.
func (f *finding) ask(ctx context.Context, q upstream.Query) (upstream.Answer, failure, bool) {
	l := f.set.Lookups.Lookup(q, upstream.Ask{Refresh: f.in.Refresh, CachedOnly: f.in.CachedOnly})
	left := forever
	if f.wait != forever {
		left = max(time.Until(f.deadline), 1)
	}
	f.progress.await(ctx, left, l)
	a, fail, ok := f.set.collect(ctx, l, f.wait, aSearch)
	f.outcome.count(a)
	if !ok {
		f.outcome.fail(q.Subject, q.Endpoint.Name, fail)
	}
	return a, fail, ok
}

// search asks for one page after the other until the last one.
func (f *finding) search(ctx context.Context) *failure {
	f.progress = newProgress(ctx, f.set.Language, 0, f.in.Pages)
	for page := f.in.Page; page < f.in.Page+f.in.Pages; page++ {
		a, fail, ok := f.ask(ctx, f.query(page))
		if !ok {
			if f.in.CachedOnly {
				f.outcome.Missed += f.notFresh(ctx, page+1)
			}
			if page == f.in.Page {
				return &fail
			}
			f.fail(page, fail)
			break
		}
		if f.addPage(page, a); f.Meta.NextPage == 0 {
			break
		}
	}
	return nil
}

func (f *finding) query(page int) upstream.Query {
	return upstream.Search.With(f.in.Parameters(page, f.set.FeePercent))
}

// notFresh counts the pages from first to the last one that have no fresh answer.
func (f *finding) notFresh(ctx context.Context, first int) (n int) {
	last := min(f.in.Page+f.in.Pages-1, schema.LastPage)
	if f.Meta.Found != nil && !f.Meta.FoundIsCeiling {
		last = min(last, (int(*f.Meta.Found)+schema.PageSize-1)/schema.PageSize)
	}
	var queries []upstream.Query
	for page := first; page <= last; page++ {
		queries = append(queries, f.query(page))
	}
	for i, a := range f.set.Lookups.Cached(ctx, queries...) {
		if !isFresh(a) {
			n++
		}
		if a.Response != nil && isLastPage(condense.Search(a.Data(), f.in, f.set.FeePercent), first+i) {
			break
		}
	}
	return n
}

// fail adds a page that did not come.
func (f *finding) fail(page int, fail failure) {
	said := fail.Error() + fail.freed
	if fail.isWaiting() {
		said = fail.withNext()
	}
	f.Meta.Failed = append(f.Meta.Failed, schema.FailedPage{Page: page, Error: said})
	f.Meta.NextPage = page
}

func (f *finding) addPage(page int, a upstream.Answer) {
	p := condense.Search(a.Data(), f.in, f.set.FeePercent)
	if p.Malformed {
		f.overall = append(f.overall, schema.NotASearch.With())
	}
	if left := p.Came - len(p.Rows); left > 0 {
		f.overall = append(f.overall, schema.WithoutID.With(left))
	}
	if p.Total != nil {
		f.Meta.Found, f.Meta.FoundIsCeiling = p.Total, *p.Total >= schema.FoundAtMost
	}
	before := (page - 1) * schema.PageSize
	for _, r := range p.Rows {
		position := before + r.Place
		r.Position = &position
		f.add(a, r)
	}
	f.Meta.NextPage = 0
	if !isLastPage(p, page) {
		f.Meta.NextPage = page + 1
	}
}

// isLastPage reports whether no page comes after a page of a search.
func isLastPage(p condense.SearchPage, page int) bool {
	isAll := p.Total != nil && *p.Total == int64((page-1)*schema.PageSize+p.Came)
	return p.Came < schema.PageSize || isAll || page >= schema.LastPage
}

// add adds a blogger, unless an earlier page had the same.
func (f *finding) add(a upstream.Answer, r condense.SearchRow) {
	if slices.ContainsFunc(f.Rows, func(o schema.FoundRow) bool { return o.UserID == r.UserID }) {
		return // the platform's order changed between the pages
	}
	l, m := f.set.Language, &f.Meta
	if a.Stale {
		r.Caveats = append(r.Caveats, staleRow(l, a, aSearch))
	}
	row := r.FoundRow
	row.NotBookable, row.Outside = render.Reasons(l, r.NotBookable), render.Reasons(l, r.Outside)
	row.FetchedAt = fetched(a, &m.OldestFetchedAt, &m.NewestFetchedAt)
	row.Flags = flagsOf(r.Caveats, m.Source)
	f.Rows = append(f.Rows, row)
	isBookable := row.NotBookable == "" && row.Status != ""
	if isBookable {
		m.Bookable++
	}
	if f.in.MinPriceCNY > 0 || f.in.MaxPriceCNY > 0 {
		if m.WithinPrice == nil {
			m.WithinPrice = new(int)
		}
		if isBookable && r.IsWithinPrice() {
			*m.WithinPrice++
		}
	}
	if row.Outside != "" {
		m.Outside++
	}
	ofRow := slices.DeleteFunc(r.Caveats, func(c schema.Caveat) bool { return c.Kind == schema.FromSearch }) // overallCaveats has it once
	f.concerns.add(l, cmp.Or(row.Name, row.UserID), ofRow)
}

// follow looks up the blogger to whom a link leads.
func (f *finding) follow(ctx context.Context) *failure {
	if id := f.in.Who.NoteID; id != "" {
		f.progress = newProgress(ctx, f.set.Language, 0, 1)
		return f.followNote(ctx, id)
	}
	f.progress = newProgress(ctx, f.set.Language, 0, 2)
	a, fail, ok := f.ask(ctx, upstream.Link.With(url.Values{"shareUrl": {f.in.Who.ShortLink}}))
	if !ok {
		return &fail
	}
	noteID, userID := condense.LinkTarget(a.Data())
	switch {
	case noteID != "":
		fail := f.followNote(ctx, noteID)
		if fail != nil && a.Billed {
			fail.billed = f.set.Language.Say(t("yes, the short link; the note it leads to: %s", "短链接：是；所指向的笔记：%s"), fail.billed)
		}
		return fail
	case userID != "":
		f.Rows = append(f.Rows, schema.FoundRow{Row: schema.Row{UserID: userID, ProfileURL: condense.ProfileURL(userID)}})
		f.overall = append(f.overall, schema.LedToProfile.With(condense.ProfileURL(userID)))
		return nil
	}
	return leadsNowhere(f.set.Language, a)
}

// followNote looks up the author of a note.
func (f *finding) followNote(ctx context.Context, noteID string) *failure {
	a, fail, ok := f.ask(ctx, upstream.Note.Query(noteID, upstream.Options{}))
	if !ok {
		return &fail
	}
	r, ok := condense.Author(a.Data(), f.in, f.set.FeePercent)
	if !ok {
		fail := newFailure(f.set.Language, upstream.BadResponse, billedWord(a.Billed), failureText{
			t("The upstream's answer about the note does not say who its author is.", "数据接口关于该笔记的返回没有说明作者是谁。"), no,
			t("open the note, and give its author's name or profile URL.", "请打开笔记，提供作者的昵称或主页链接。")})
		return &fail
	}
	f.add(a, r)
	return nil
}

// leadsNowhere is the failure of a short link that leads to neither a note nor a profile.
func leadsNowhere(l lang.Language, a upstream.Answer) *failure {
	fail := newFailure(l, upstream.BadResponse, billedWord(a.Billed), failureText{
		t("The short link leads to neither a note nor a profile of the platform; its address was not opened.", "短链接指向的既不是小红书笔记，也不是主页；没有打开该地址。"), no,
		t("open the link in a browser, and give the address of the note or profile that it shows.", "请在浏览器中打开链接，提供所显示的笔记或主页的网址。")})
	return &fail
}

func billedWord(is bool) lang.T {
	if is {
		return yes
	}
	return no
}

// complete ranks the rows and sets the members about all of them.
func (f *finding) complete() {
	m := &f.Meta
	m.Fetched, m.Cached, m.Billed, m.CallsLeft = len(f.Rows), f.outcome.Cached, f.outcome.Billed, f.set.callsLeft()
	switch {
	case m.SortBy != "":
		condense.RankFound(f.Rows, m.SortBy)
	case f.in.Who.Name != "":
		schema.OrderByMatch(f.Rows)
	}
	if m.BudgetCNY > 0 {
		f.Plan = condense.PlanOf(f.bloggers(), m.SortBy, m.BudgetCNY, m.MaxPicks, f.set.FeePercent)
	}
	m.Caveats = f.concerns.lines(f.set.Language, f.overallCaveats())
}

func (f *finding) bloggers() []schema.Row {
	out := make([]schema.Row, len(f.Rows))
	for i := range f.Rows {
		out[i] = f.Rows[i].Row
	}
	return out
}

// overallCaveats returns the caveats about the whole search.
func (f *finding) overallCaveats() []schema.Caveat {
	out := f.overall
	for _, u := range f.Meta.UnknownLabels {
		switch {
		case u.IsPersona:
			out = append(out, schema.IsAPersona.With(u.Label, u.Label))
		case u.IsCategory:
			out = append(out, schema.IsACategory.With(u.Label, u.Label))
		case len(u.Nearest) > 0:
			out = append(out, schema.LabelUnknown.With(u.Label, f.set.Language.List(u.Nearest)))
		default:
			out = append(out, schema.LabelNotLike.With(u.Label))
		}
	}
	for _, place := range f.in.UnknownPlaces() {
		province, city := schema.ProvinceOf(place)
		switch {
		case city != "":
			out = append(out, schema.CityAlone.With(place, province, province+" "+city))
		case schema.SeveralPlaces(place):
			out = append(out, schema.TwoPlaces.With(place))
		default:
			out = append(out, schema.PlaceUnknown.With(place))
		}
	}
	if slices.ContainsFunc(f.Rows, func(r schema.FoundRow) bool { return slices.Contains(r.Flags, schema.FromSearch.Flag.En) }) {
		out = append(out, schema.FromSearch.With())
	}
	if f.Meta.SortBy != "" && len(f.Rows) > 0 && !slices.ContainsFunc(f.Rows, func(r schema.FoundRow) bool { _, known := schema.ColumnOf(f.Meta.SortBy).Figure(&r.Row); return known }) {
		out = append(out, schema.NoRank.With(schema.ColumnOf(f.Meta.SortBy).Ranking))
	}
	if f.Meta.Source == upstream.SampleName {
		out = append(out, schema.RecordedSamples.With())
	}
	return out
}

// aSearch is the target of look-ups of a search and of a link.
var aSearch = target{
	again: t("the same arguments", "相同的参数"),
	texts: map[upstream.Kind]failureText{
		upstream.CollectionFailed: {t("The upstream could not collect this, several tries included", "数据接口多次尝试仍未能采集到结果"), t("yes, a few times", "是，再试几次"),
			t("call again with {again} in %s; after two more failures search for less or for something else.", "请在 %s后用{again}重试；再失败两次就请减少或更换条件。")},
		upstream.InvalidParameters: {t("The upstream refuses this request", "数据接口拒绝了此请求"), no,
			t("check labels and places against pgy://search-labels, or the link in a browser.", "请对照 pgy://search-labels 核对标签和地区，或在浏览器中核对链接。")},
		upstream.NotFound: {t("The upstream has no data for this", "数据接口没有相应的数据"), no,
			t("where a link was given, check it in a browser or search by name; else give other filters or words.", "如果给的是链接，请在浏览器中核对，或按昵称搜索；否则请换用其他条件或关键词。")},
	},
}
