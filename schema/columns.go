package schema

import (
	"slices"
	"strconv"
	"strings"

	"pgy-mcp/internal/lang"
)

// Quantity says how a figure is written for a reader.
type Quantity int

// The quantities.
const (
	Counted    Quantity = iota // grouped by thousands; a fraction as a UnitCost without zeros at the end
	Money                      // all digits, grouped by thousands
	UnitCost                   // two decimals from 1 up, three significant digits below
	Ratio                      // times 100, as a percent with the digits of a UnitCost
	Percentage                 // on a scale of 0 to 100, with the digits of a Counted
)

// Significant rounds to 4 significant digits, as all published ratios and unit costs are.
func Significant(x float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64) // it reads what was just written
	return r
}

// Column says how one member of a table's rows is shown. Markdown, terminal, CSV,
// spreadsheet and HTML page all use the same list of columns. A column has either Figure
// or Text.
type Column[R any] struct {
	Name   string // in JSON and CSV
	Header lang.T
	Unit   lang.T // of Figure, on the page
	// Ranking completes the sentence "ranked by …"; empty if rows cannot be ranked by
	// the column.
	Ranking lang.T
	// Figure returns a number; ok is false if it is unknown.
	Figure   func(*R) (v float64, ok bool)
	Quantity Quantity // of Figure
	// Text returns a text as JSON and CSV have it; "" is unknown.
	Text func(*R) string
	// TextIn returns the text in the reader's language; nil: Text is for readers too.
	TextIn func(lang.Language, *R) string
	// List returns the elements of a list in the reader's language; nil if Text is no
	// list.
	List func(lang.Language, *R) []string
	// EmptyMeansNone leaves an empty cell empty; other columns show "-" for unknown.
	EmptyMeansNone bool
	// Uncut says that a table for a model does not cut Text, which is in this program's
	// own words.
	Uncut bool
	// ID says that Text is an id, which a spreadsheet must not read as a number.
	ID bool
	// Link returns the address that Text links to, or ""; nil: the column has no links.
	Link func(*R) string
	// Detail keeps a column out of text and terminal unless rows are ranked by it.
	Detail bool
	// Drop is the order in which a narrow terminal drops columns: 1 first, 0 never. Of
	// columns with the same Drop, the first in the table goes first.
	Drop int
}

// Columns are the columns of a comparison, in the order in which they are shown.
var Columns = []Column[Row]{
	{Name: "rank", EmptyMeansNone: true, Header: t("#", "#"), Figure: known(func(r *Row) *int { return r.Rank })},
	{Name: "name", Header: t("Name", "博主"), Text: func(r *Row) string { return r.Name }, Link: func(r *Row) string { return r.ProfileURL }},
	{Name: "userId", Header: t("User ID", "用户 ID"), Text: func(r *Row) string { return r.UserID }, ID: true, Drop: 1},
	{Name: "status", Header: t("Quote", "报价状态"), Text: func(r *Row) string { return string(r.Status) }, TextIn: statusSaid, Drop: 24},
	money("priceCny", t("Price CNY", "报价（元）"), func(r *Row) *float64 { return r.PriceCNY }).rankedBy(t("price", "报价")),
	money("priceWithFeeCny", t("With fee CNY", "含服务费（元）"), func(r *Row) *float64 { return r.PriceWithFeeCNY }).drop(6),
	money("imagePriceCny", t("Image price CNY", "图文报价（元）"), func(r *Row) *float64 { return r.ImagePriceCNY }).detail(),
	money("videoPriceCny", t("Video price CNY", "视频报价（元）"), func(r *Row) *float64 { return r.VideoPriceCNY }).detail(),
	unitCost(ByCNYPerEngagement, t("CNY/engagement", "互动单价 (CPE)"), t("CNY per engagement", "互动单价 (CPE)"), func(r *Row) *float64 { return r.CNYPerEngagement }).drop(13),
	unitCost(ByCNYPerRead, t("CNY/read", "阅读单价"), t("CNY per read", "阅读单价"), func(r *Row) *float64 { return r.CNYPerRead }).drop(8),
	unitCost(ByCNYPerThousandFollowers, t("CNY/1,000 followers", "千粉成本"), t("CNY per 1,000 followers", "千粉成本"), func(r *Row) *float64 { return r.CNYPerThousandFollowers }).detail().drop(7),
	unitCost(ByCNYPerFormatEngagement, t("CNY/engagement of the format", "该形式互动单价"), t("CNY per engagement of that format alone", "该形式笔记的互动单价"), func(r *Row) *float64 { return r.CNYPerFormatEngagement }).detail().drop(16),
	unitCost(ByCNYPerFormatRead, t("CNY/read of the format", "该形式阅读单价"), t("CNY per read of that format alone", "该形式笔记的阅读单价"), func(r *Row) *float64 { return r.CNYPerFormatRead }).detail().drop(17),
	unitCost(ByCNYPerSponsoredEngagement, t("CNY/sponsored engagement", "合作笔记互动单价"), t("CNY per engagement of sponsored notes", "合作笔记的互动单价"), func(r *Row) *float64 { return r.CNYPerSponsoredEngagement }).detail().drop(18),
	unitCost(ByCNYPerSponsoredRead, t("CNY/sponsored read", "合作笔记阅读单价"), t("CNY per read of sponsored notes", "合作笔记的阅读单价"), func(r *Row) *float64 { return r.CNYPerSponsoredRead }).detail().drop(19),
	counted("followers", t("Followers", "粉丝数"), t("followers", "人"), func(r *Row) *int64 { return r.Followers }).rankedBy(t("followers", "粉丝数")).drop(12),
	percentage(FollowerGrowthRate, t("Growth 30 d", "近30天涨粉率"), func(r *Row) *float64 { return r.FollowerGrowthRate30dPercent }).rankedBy(t("follower growth in 30 days", "近30天涨粉率")).drop(3),
	counted("readMedian", t("Read median", "阅读中位数"), t("reads a note", "次/篇"), func(r *Row) *int64 { return r.ReadMedian }).rankedBy(t("read median", "阅读中位数")).drop(10),
	counted("engagementMedian", t("Engagement median", "互动中位数"), t("engagements a note", "次/篇"), func(r *Row) *int64 { return r.EngagementMedian }).rankedBy(t("engagement median", "互动中位数")).drop(9),
	ratio("engagementToReadRatio", t("Engagement/read", "互动/阅读"), func(r *Row) *float64 { return r.EngagementToReadRatio }).in(t("engagements a read", "次互动/次阅读")).rankedBy(t("engagement/read ratio", "互动/阅读比")).detail().drop(20),
	counted(SponsoredReads, t("Sponsored reads", "合作笔记阅读中位数"), t("reads a note, 30 days", "次/篇，近30天"), func(r *Row) *float64 { return r.SponsoredReadMedian30d }).rankedBy(t("read median of sponsored notes", "合作笔记阅读中位数")).drop(4),
	counted(SponsoredNotes, t("Sponsored notes", "近30天合作笔记数"), t("notes", "篇"), func(r *Row) *float64 { return r.SponsoredNotes30d }).detail(),
	unitCost(ByPlatformCPM, t("Platform CPM", "平台预估CPM"), t("the platform's CPM", "平台预估CPM"), func(r *Row) *float64 { return r.PlatformCPM }).in(t("CNY/1,000 impressions", "元/千次曝光")).detail().drop(21),
	unitCost(ByPlatformCNYPerEngagement, t("Platform CNY/engagement", "平台预估互动单价"), t("the platform's CNY per engagement", "平台预估互动单价"), func(r *Row) *float64 { return r.PlatformCNYPerEngagement }).detail().drop(22),
	unitCost(ByPlatformCNYPerRead, t("Platform CNY/read", "平台预估阅读单价"), t("the platform's CNY per read", "平台预估阅读单价"), func(r *Row) *float64 { return r.PlatformCNYPerRead }).detail().drop(23),
	{Name: "mcn", EmptyMeansNone: true, Header: t("Agency", "签约机构"), Text: func(r *Row) string { return r.MCN }, Drop: 5},
	{Name: "categories", Header: t("Categories", "内容类目"), Text: func(r *Row) string { return strings.Join(r.Categories, "; ") }, Drop: 2},
	{Name: "location", Header: t("Location", "地区"), Text: func(r *Row) string { return r.Location }, Detail: true},
	{Name: "health", Header: t("Health", "健康等级"), Text: func(r *Row) string { return string(r.Health) }, TextIn: func(l lang.Language, r *Row) string { return l.Say(HealthWords[r.Health]) }, Detail: true},
	{Name: "profileUrl", Header: t("Profile page", "小红书主页"), Text: func(r *Row) string { return r.ProfileURL }, Detail: true},
	{Name: "fetchedAt", Header: t("Fetched", "获取时间"), Text: func(r *Row) string { return r.FetchedAt }, Detail: true},
	{Name: "flags", EmptyMeansNone: true, Uncut: true, Header: t("Flags", "提示"), Text: func(r *Row) string { return strings.Join(r.Flags, "; ") }, TextIn: func(l lang.Language, r *Row) string { return FlagsSaid(l, r.Flags) }, List: func(l lang.Language, r *Row) []string { return flagWords(l, r.Flags) }, Drop: 11},
	{Name: "notBookable", EmptyMeansNone: true, Uncut: true, Header: t("Not bookable", "不可下单"), Text: func(r *Row) string { return r.NotBookable }, Drop: 26},
	{Name: "outside", EmptyMeansNone: true, Uncut: true, Header: t("Outside", "不符合条件"), Text: func(r *Row) string { return r.Outside }, Drop: 25},
	{Name: "error", Header: t("Error", "查询失败"), Text: func(r *Row) string { return r.Error }, Detail: true},
}

func counted[R any, T int64 | float64](name string, header, unit lang.T, member func(*R) *T) Column[R] {
	return Column[R]{Name: name, Header: header, Unit: unit, Figure: known(member)}
}

func money[R any](name string, header lang.T, member func(*R) *float64) Column[R] {
	return Column[R]{Name: name, Header: header, Unit: t("CNY a note", "元/篇"), Figure: known(member), Quantity: Money}
}

func unitCost[R any, K ~string](key K, header, ranking lang.T, member func(*R) *float64) Column[R] {
	return Column[R]{Name: string(key), Header: header, Unit: t("CNY", "元"), Ranking: ranking, Figure: known(member), Quantity: UnitCost}
}

func percentage[R any](name string, header lang.T, member func(*R) *float64) Column[R] {
	return Column[R]{Name: name, Header: header, Unit: t("%", "%"), Figure: known(member), Quantity: Percentage}
}

func ratio[R any, K ~string](name K, header lang.T, member func(*R) *float64) Column[R] {
	return Column[R]{Name: string(name), Header: header, Unit: t("times", "倍"), Figure: known(member), Quantity: Ratio}
}

func (c Column[R]) rankedBy(ranking lang.T) Column[R] { c.Ranking = ranking; return c }
func (c Column[R]) in(unit lang.T) Column[R]          { c.Unit = unit; return c }
func (c Column[R]) detail() Column[R]                 { c.Detail = true; return c }
func (c Column[R]) drop(order int) Column[R]          { c.Drop = order; return c }

// HealthWords name the platform's words for health.
var HealthWords = map[Health]lang.T{
	HealthAbnormal:  t("abnormal", "异常"),
	HealthOrdinary:  t("ordinary", "普通"),
	HealthExcellent: t("excellent", "优秀"),
}

// FlagsSaid joins flags in the language.
func FlagsSaid(l lang.Language, flags []string) string { return l.List(flagWords(l, flags)) }

func flagWords(l lang.Language, flags []string) []string {
	said := make([]string, len(flags))
	for i, flag := range flags {
		said[i] = l.Say(flagWord(flag))
	}
	return said
}

// statusSaid is the cell of a row's status.
func statusSaid(l lang.Language, r *Row) string {
	if r.Error != "" {
		return l.Say(withoutAnswer(r.Pending, r.NotCached))
	}
	return l.Say(StatusWords[r.Status])
}

// withoutAnswer is the cell of a row that has no answer.
func withoutAnswer(isPending, isNotCached bool) lang.T {
	switch {
	case isPending:
		return t("pending", "查询中")
	case isNotCached:
		return t("not cached", "无缓存")
	}
	return t("failed", "查询失败")
}

// StatusWords are the short words for the quote statuses.
var StatusWords = map[QuoteStatus]lang.T{
	QuoteOpen:        t("open", "可接单"),
	QuoteClosed:      t("closed", "暂停接单"),
	QuoteHidden:      t("hidden", "价格未展示"),
	QuoteNone:        t("no_quote", "未给出报价"),
	QuotePlaceholder: t("placeholder", "占位报价"),
	QuoteUnknown:     t("unknown", "未知"),
}

// known makes a Column.Figure of a member that is nil if it is unknown.
func known[R any, T int | int64 | float64](member func(*R) *T) func(*R) (float64, bool) {
	return func(r *R) (float64, bool) {
		p := member(r)
		if p == nil {
			return 0, false
		}
		return float64(*p), true
	}
}

// ColumnOf gives the column of a sort key.
func ColumnOf(key SortKey) *Column[Row] {
	return &Columns[slices.IndexFunc(Columns, func(c Column[Row]) bool { return c.Name == string(key) })]
}
