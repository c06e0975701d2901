package render

import (
	"fmt"
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// changeTexts are texts of a change, by the names of schema.ChangingColumns.
var changeTexts = map[string]lang.T{
	"imagePriceCny":    t("image quote %s → %s CNY", "图文报价 %s → %s 元"),
	"imageStatus":      t("image quote %s → %s", "图文状态 %s → %s"),
	"videoPriceCny":    t("video quote %s → %s CNY", "视频报价 %s → %s 元"),
	"videoStatus":      t("video quote %s → %s", "视频状态 %s → %s"),
	"followers":        t("followers %s → %s", "粉丝数 %s → %s"),
	"readMedian":       t("read median %s → %s", "阅读中位数 %s → %s"),
	"engagementMedian": t("engagement median %s → %s", "互动中位数 %s → %s"),
	"health":           t("health %s → %s", "健康等级 %s → %s"),
}

// changeLines says what changed in a profile, a line for each date, the latest first.
func changeLines(l lang.Language, all []schema.ProfileChange) []Line {
	said := map[string][]string{} // by date
	var dates []string
	for _, c := range all {
		if said[c.Since] == nil {
			dates = append(dates, c.Since)
		}
		said[c.Since] = append(said[c.Since], change(l, c))
	}
	slices.Sort(dates)
	slices.Reverse(dates)
	out := make([]Line, len(dates))
	for i, date := range dates {
		out[i] = Line{l.Say(t("Since %s", "自 %s 起"), date), strings.Join(said[date], l.Say(lang.Semicolon))}
	}
	return out
}

func change(l lang.Language, c schema.ProfileChange) string {
	value := func(v any) any {
		if word, is := v.(string); is {
			return schema.HistoryWord(word)
		}
		return v
	}
	s := l.Say(changeTexts[c.What], value(c.From), value(c.To))
	from, isFigure := c.From.(float64)
	to, _ := c.To.(float64)
	if isFigure {
		percent := Figure(l, schema.Percentage, (to/from-1)*100)
		if to > from {
			percent = "+" + percent
		}
		s += l.Say(t(" (%s)", "（%s）"), percent)
	}
	return s
}

// History renders histories as a Markdown table; "" if there are no lines. Of several
// bloggers it has a column with the userId.
func History(l lang.Language, histories []schema.History) string {
	columns := historyColumns(l, histories)
	if columns == nil {
		return ""
	}
	return markdownTable(columns)
}

// HistoryTable renders histories for a terminal of width columns; "" if there are no
// lines.
func HistoryTable(l lang.Language, histories []schema.History, width int) string {
	columns := historyColumns(l, histories)
	if columns == nil {
		return ""
	}
	return (&terminalTable{columns: columns}).render(width)
}

// HistoryRows are the lines of all histories.
func HistoryRows(histories []schema.History) []schema.HistoryRow {
	var rows []schema.HistoryRow
	for _, h := range histories {
		rows = append(rows, h.Rows()...)
	}
	return rows
}

// historyColumns returns the columns of a table; nil if there are no lines.
func historyColumns(l lang.Language, histories []schema.History) []*tableColumn {
	rows := HistoryRows(histories)
	if rows == nil {
		return nil
	}
	columns := schema.HistoryColumns
	if len(histories) == 1 {
		columns = columns[1:] // without the userId
	}
	return tableColumns(l, columns, rows, "")
}

// NoHistory names the bloggers without a line; "" if each one has some.
func NoHistory(l lang.Language, histories []schema.History) string {
	var ids []string
	for _, h := range histories {
		if len(h.Lines) == 0 {
			ids = append(ids, h.UserID)
		}
	}
	if ids == nil {
		return ""
	}
	return fmt.Sprintln(l.Say(t("No history of: %s", "没有历史记录：%s"), l.List(ids)))
}
