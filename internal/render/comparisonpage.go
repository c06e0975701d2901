package render

import (
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// ComparisonPage is the HTML page on which a host of MCP Apps shows a comparison or a
// search. The host passes the result.
var ComparisonPage = newPage("comparison", comparisonPageWords(), "scatter.js", "comparison.js", "choice.js", "comparison-text.js")

// ComparisonFile is the page as a file, with a comparison inside.
func ComparisonFile(l lang.Language, c *schema.Comparison) string {
	return tableFile(l, c, c.Meta.Format, schema.Columns, c.Rows, comparisonItems(l, c, unknownInTable))
}

// FoundFile is the page as a file, with a search inside.
func FoundFile(l lang.Language, f *schema.Found) string {
	return tableFile(l, f, f.Meta.Format, schema.FoundColumns, f.Rows, foundItems(l, f, unknownInTable))
}

func tableFile[R any](l lang.Language, shown any, format schema.Format, columns []schema.Column[R], rows []R, items []string) string {
	var b strings.Builder
	plainHeading(&b, "h1", l.Say(quotesOf[format]))
	uncut, first := uncutColumns(l, columns, rows)
	plainTables(&b, uncut, first)
	plainList(&b, items)
	return fileOf(ComparisonPage.HTML(), l, shown, b.String())
}

// uncutColumns returns all columns that have a value, with whole texts. The first ones
// number and name the rows.
func uncutColumns[R any](l lang.Language, columns []schema.Column[R], rows []R) (out []*tableColumn, first int) {
	var rest []*tableColumn
	for i := range columns {
		c := &columns[i]
		inCell := cellText[R]
		if c.List != nil {
			inCell = fileText[R]
		}
		shown := newTableColumn(l.Say(c.Header), unknown, rows, func(r *R) string { return inCell(l, c, r) })
		shown.right = c.Figure != nil
		switch {
		case c.Name == "name":
			out = append(out, shown)
		case shown.isEmpty():
		case c.Name == "rank":
			out = append([]*tableColumn{shown}, out...)
		default:
			rest = append(rest, shown)
		}
	}
	return append(out, rest...), len(out)
}

// pageColumn is a schema.Column for the page's script.
type pageColumn struct {
	Key            string `json:"key"`
	Title          pair   `json:"title"`
	Unit           *pair  `json:"unit,omitempty"`
	Ranking        *pair  `json:"ranking,omitempty"`
	OtherMedian    *pair  `json:"otherMedian,omitempty"`
	Quantity       string `json:"quantity,omitempty"` // "" for words
	EmptyMeansNone bool   `json:"none,omitempty"`
	Detail         bool   `json:"detail,omitempty"`
	Drop           int    `json:"drop,omitempty"`
}

func pageColumns[R any](columns []schema.Column[R]) []pageColumn {
	optional := func(t lang.T) *pair {
		if t.En == "" {
			return nil
		}
		p := pairOf(t)
		return &p
	}
	var out []pageColumn
	for _, c := range columns {
		p := pageColumn{Key: c.Name, Title: pairOf(c.Header), Unit: optional(c.Unit), Ranking: optional(c.Ranking), OtherMedian: optional(otherMedian[schema.SortKey(c.Name)]), EmptyMeansNone: c.EmptyMeansNone, Detail: c.Detail, Drop: c.Drop}
		if c.Figure != nil {
			p.Quantity = quantities[c.Quantity]
		}
		out = append(out, p)
	}
	return out
}

// comparisonPageWords returns the page's columns, sentences and texts in both languages.
func comparisonPageWords() any {
	sentences := sentencesOf(schema.Formats, func(k *schema.CaveatKind) bool { return !k.OfBloggers })
	for _, k := range schema.CaveatKinds {
		if k.Flag.En != "" {
			sentences = append(sentences, pairOf(k.Flag))
		}
	}
	for _, r := range schema.Reasons {
		sentences = append(sentences, pairOf(r.Text))
	}
	for _, key := range schema.SortKeys { // for schema.NoRank
		sentences = append(sentences, pairOf(schema.ColumnOf(key).Ranking))
	}
	for _, s := range schema.QuoteStatuses {
		sentences = append(sentences, pairOf(schema.StatusWords[s]))
	}
	for _, h := range schema.Healths {
		sentences = append(sentences, pairOf(schema.HealthWords[h]))
	}
	texts := pairsOf(comparisonTexts)
	for key, text := range sharedTexts {
		texts[key] = pairOf(text)
	}
	for key, text := range map[string]lang.T{
		"unanswered": unansweredLine, "failed": failedLine, "caveat": caveatLine, "plan": planLine, "countsLine": countsLine,
		"fetched": fetchedLine, "fetchedBetween": fetchedBetweenLine, "limit": ofAtMost, "quotesAre": unitsAre, "feeIs": feeAdds, "costsAreOf": costsAreOf,
		"found": foundInAll, "foundMore": foundOrMore, "fetchedOf": fetchedOfThem, "bookableFor": bookableFor, "rankedBy": rankedBy, "requests": requestsLine, "failedPage": failedPage,
		"noPlan": noPlanLine,
	} {
		texts[key] = pairOf(text)
	}
	return struct {
		Columns       []pageColumn           `json:"columns"`
		Quotes        map[schema.Format]pair `json:"quotes"`
		WithoutAnswer []string               `json:"withoutAnswer"` // the statuses of rows without an answer, in English
		Sentences     []pair                 `json:"sentences"`
		Texts         map[string]pair        `json:"texts"`
	}{pageColumns(schema.FoundColumns), pairsOf(quotesOf), withoutAnswer(), sentences, texts}
}

func withoutAnswer() []string {
	i := slices.IndexFunc(schema.Columns, func(c schema.Column[schema.Row]) bool { return c.Name == "status" })
	var out []string
	for _, r := range []schema.Row{{Error: "x"}, {Error: "x", Pending: true}, {Error: "x", NotCached: true}} {
		out = append(out, schema.Columns[i].TextIn(lang.English, &r))
	}
	return out
}

// sentencesOf returns the sentences that results have in English and the page translates:
// the caveats that it can have, and formats.
func sentencesOf(formats []schema.Format, has func(*schema.CaveatKind) bool) []pair {
	var out []pair
	for _, k := range schema.CaveatKinds {
		if has(k) {
			out = append(out, pairOf(k.Text))
		}
	}
	for _, f := range formats {
		out = append(out, pairOf(f.Word()))
	}
	return out
}

// comparisonTexts are the texts of the comparison's page only, by the script's keys.
var comparisonTexts = map[string]lang.T{
	"quotes":   t("Quotes", "报价"),
	"blogger":  t("%d blogger", "%d 位博主"),
	"bloggers": t("%d bloggers", "%d 位博主"),
	"page":     t("page %d", "第 %d 页"),

	"first":        t("%s is first by %s: %s, at %s a note", "按%[2]s，%[1]s 排名第一：%[3]s，每篇报价 %[4]s"),
	"only":         t("%s: %s a note", "%s：每篇报价 %s"),
	"onlyBy":       t(", %[2]s %[1]s", "，%s %s"),
	"firstByPrice": t("%s is first by price: %s a note", "按报价，%s 排名第一：每篇 %s"),
	"firstEqual":   t("%s are first by %s: %s each", "按%[2]s，%[1]s 并列第一：%[3]s"),
	"firstListed":  t("%s is first in the platform's order, at %s a note", "按平台排序，%s 位列第一，每篇报价 %s"),
	"noPrice":      t("an unknown price", "价格未知"),
	"priceWithFee": t("%s CNY (%s with fee)", "%s 元（含服务费 %s 元）"),
	"noRank":       t("None of these bloggers has a rank by %s", "没有博主可按%s排名"),
	"listed":       t("Bloggers in the order of the platform", "按平台排序的博主"),
	"nobodyFound":  t("Nobody was found.", "没有找到博主。"),

	"withoutFigures": t("%d without figures", "%d 位没有数据"),
	"without":        t("Without figures", "没有数据"),
	"failedRow":      t("%d failed:", "%d 位查询失败："),
	"waitingRow":     t("%d without an answer yet:", "%d 位尚无结果："),

	"ranking":      t("Ranking", "排名"),
	"figure":       t("Figure", "指标"),
	"lowestFirst":  t("lowest first", "从低到高"),
	"highestFirst": t("highest first", "从高到低"),
	"noFigures":    t("No figures of these bloggers", "没有这些博主的数据"),
	"noneBookable": t("None of these bloggers can be booked", "这些博主均不可下单"),
	"hatched":      t("hatched: not bookable or outside", "斜纹：不可下单或不符合条件"),
	"cutBars":      t("bars end at %s, so that one far beyond does not flatten the rest; a torn edge marks those", "为避免个别极大值压扁其余数值，条形最长到 %s，超出者以锯齿边标示"),
	"more":         t("Show all %d", "显示全部 %d 位"),
	"fewer":        t("Show fewer", "收起"),

	"against":         t("Price against %s", "报价与%s"),
	"marks":           t("● bookable ◇ not bookable or outside", "● 可下单 ◇ 不可下单或不符合条件"),
	"usualEngagement": t("- - %s CNY per engagement, the median here: above the line an engagement costs less", "- - 互动单价 %s 元，为此处中位数：线以上更划算"),
	"usualRead":       t("- - %s CNY per read, the median here: above the line a read costs less", "- - 阅读单价 %s 元，为此处中位数：线以上更划算"),
	"byPowers":        t("Both axes grow by multiples, since the values are far apart.", "数值相差悬殊，两轴均按倍数增长。"),
	"unnamed":         t("Names without room: %d.", "有 %d 个名字放不下。"),
	"pointing":        t("Point at a mark, or go from mark to mark with the arrow keys.", "指向标记或用方向键逐个查看。"),
	"firstOnly":       t("The first %d bloggers alone.", "仅前 %d 位博主。"),

	"figures":        t("All figures", "全部数据"),
	"whole":          t("all %d columns", "显示全部 %d 列"),
	"choose":         t("Chosen", "选择"),
	"chooseOne":      t("Choose %s", "选择 %s"),
	"sumLabel":       t("Sum of the chosen bloggers", "已选博主合计"),
	"chosen":         t("Chosen", "已选"),
	"sumReads":       t("Sum of read medians", "阅读中位数合计"),
	"sumEngagements": t("Sum of engagement medians", "互动中位数合计"),
	"total":          t("Price", "报价合计"),
	"totalWithFee":   t("Price with fee", "含服务费合计"),
	"lacking":        t(" + %d unknown", " + %d 位未知"),
	"budget":         t("Budget, CNY", "预算（元）"),
	"left":           t("Left", "剩余"),
	"over":           t("▲ Over the budget by", "▲ 超出预算"),
	"noForecast":     t("Sums of medians are no forecast, and audiences overlap.", "中位数合计不代表预估效果，受众会有重叠。"),

	"stop":   t(".", "。"),
	"counts": t("%d looked up: %d cached, %d billed, %d pending, %d failed.", "查询 %d 位：缓存 %d 位，计费 %d 位，查询中 %d 位，失败 %d 位。"),
}
