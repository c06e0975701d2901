package render

import (
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Comparison says a comparison for a model: a Markdown table, then list items: counts,
// units, failures, caveats.
func Comparison(l lang.Language, c *schema.Comparison) string {
	var b strings.Builder
	writeTable(&b, comparisonColumns(l, c))
	for _, note := range comparisonNotes(l, c) {
		b.WriteString("\n- " + inMarkdown.Replace(note))
	}
	return b.String()
}

func comparisonColumns(l lang.Language, c *schema.Comparison) []*tableColumn {
	return tableColumns(l, schema.Columns, c.Rows, "name", "userId")
}

// RowFailures says for each blogger that was not found why, "userId: kind: sentence".
func RowFailures(l lang.Language, rows []schema.Row) []string {
	var out []string
	for _, r := range rows {
		if r.Error != "" {
			out = append(out, r.UserID+l.Say(lang.Colon)+r.Error)
		}
	}
	return out
}

// comparisonNotes are the lines below the table: counts, units, failures, caveats.
func comparisonNotes(l lang.Language, c *schema.Comparison) []string {
	out := []string{countsNote(l, c), l.Say(t("Quotes are CNY per note without the platform's service fee; unit costs are per all-format median; - is unknown, not zero.", "报价单位为元/篇，不含平台服务费；单位成本按图文与视频合计的中位数计算；- 表示未知，不是 0。"))}
	for _, line := range RowFailures(l, c.Rows) {
		out = append(out, l.Say(t("Failed: %s", "失败：%s"), line))
	}
	for _, caveat := range c.Meta.Caveats {
		out = append(out, l.Say(t("Caveat: %s", "注意：%s"), caveat))
	}
	return out
}

func countsNote(l lang.Language, c *schema.Comparison) string {
	m := &c.Meta
	quotes := l.Say(t("Video quotes", "视频报价"))
	if m.Format == schema.FormatImage {
		quotes = l.Say(t("Image quotes", "图文报价"))
	}
	if m.MaxPriceCNY > 0 {
		quotes = l.Say(t("%s of at most %s CNY", "%s（不超过 %s 元）"), quotes, Number(m.MaxPriceCNY))
	}
	return l.Say(t("%s, by %s: %d looked up, %d cached, %d billed, %d failed.", "%s，按%s排序：查询 %d 位，缓存 %d 位，计费 %d 位，失败 %d 位。"), quotes, schema.ColumnOf(m.SortBy).Ranking, len(c.Rows), m.Cached, m.Billed, m.Failed)
}
