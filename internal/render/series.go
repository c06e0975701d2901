package render

import (
	"strings"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// seriesTexts are the texts about days. The blogger's page parses them.
var seriesTexts = map[string]lang.T{
	"last":       t("last %s (%s)", "最近 %s（%s）"),
	"first":      t("first %s (%s)", "最早 %s（%s）"),
	"low":        t("low %s (%s)", "最低 %s（%s）"),
	"high":       t("high %s (%s)", "最高 %s（%s）"),
	"change":     t("change %s %%", "变化 %s%%"),
	"byDay":      t("%s by day", "%s逐日"),
	"byDays":     t("%s, the last of every %d days", "%s（每 %d 天取最后一天）"),
	"rolling":    t("each one is the rolling median of the window that ends there: never add days up", "每一天都是截至当天的滚动中位数，不能相加"),
	"ends":       t("%s (%s) to %s (%s)", "%s（%s）至 %s（%s）"),
	"largestDay": t("Largest gain in a day", "单日最大涨粉"),
	"gain":       t("%s on %s", "%s（%s）"),
	"gainShare":  t(", %s %% of the change", "，占增量的 %s%%"),
}

// seriesLines returns a line and a sparkline for each series of a section that has them,
// and an explanation.
func seriesLines(l lang.Language, p *schema.Part) []Line {
	var out []Line
	for i := range schema.AllSeries {
		s := &schema.AllSeries[i]
		if s.Section != p.Section {
			continue
		}
		days := p.DaysOf(s.Name)
		for _, c := range p.Summaries {
			if c.Series == s {
				out = append(out, lineOf(l, s.Label, seriesSummary(l, c)))
			}
		}
		if s.IsDrawn && len(days) > 1 {
			line, perBlock := sparkline(days)
			label := l.Say(seriesTexts["byDay"], s.Label)
			if perBlock > 1 {
				label = l.Say(seriesTexts["byDays"], s.Label, perBlock)
			}
			if strings.Contains(line, missingDay) {
				line += l.Say(t(" (· is not given)", "（· 表示未给出）"))
			}
			out = append(out, Line{label, line})
		}
	}
	if len(p.Summaries) > 0 {
		out = append(out, lineOf(l, t("Days", "说明"), l.Say(seriesTexts["rolling"])))
	}
	return out
}

func seriesSummary(l lang.Language, c schema.SeriesSummary) string {
	of := func(text lang.T, d schema.Day) string { return l.Say(text, lang.Group(string(d.Value)), d.Date) }
	parts := []string{
		of(seriesTexts["last"], c.Last),
		of(seriesTexts["first"], c.First),
		of(seriesTexts["low"], c.Low),
		of(seriesTexts["high"], c.High),
	}
	if c.ChangePercent != nil {
		parts = append(parts, l.Say(seriesTexts["change"], *c.ChangePercent))
	}
	return strings.Join(parts, l.Say(lang.Semicolon))
}

// endsLines returns the first and the last number of followers.
func endsLines(l lang.Language, p *schema.Part) []Line {
	days := p.DaysOf("followers")
	if len(days) == 0 {
		return nil
	}
	first, last := days[0], days[len(days)-1]
	return []Line{lineOf(l, t("Followers", "粉丝数"), l.Say(seriesTexts["ends"], lang.Group(string(first.Value)), first.Date, lang.Group(string(last.Value)), last.Date))}
}

// largestDayLines returns the day that brought the most followers.
func largestDayLines(l lang.Language, p *schema.Part) []Line {
	d := p.LargestDay
	if d == nil {
		return nil
	}
	text := l.Say(seriesTexts["gain"], d.Change, d.Date)
	if d.Percent != nil {
		text += l.Say(seriesTexts["gainShare"], *d.Percent)
	}
	return []Line{lineOf(l, seriesTexts["largestDay"], text)}
}

// maxBlocks is how many blocks a sparkline has at most.
const maxBlocks = 30

var blocks = []rune("▁▂▃▄▅▆▇█") // from low to high

const missingDay = "·"

// sparkline draws two or more days: a block for each perBlock days, at the height of the
// last of them that has a value, or a dot if none has one.
func sparkline(days []schema.Day) (line string, perBlock int) {
	number := func(d schema.Day) int {
		date, _ := time.Parse(time.DateOnly, d.Date) // package condense checked it
		return int(date.Unix() / (24 * 60 * 60))
	}
	first, last := number(days[0]), number(days[len(days)-1])
	perBlock = (last-first)/maxBlocks + 1
	low, high := days[0].Amount(), days[0].Amount()
	for _, d := range days {
		low, high = min(low, d.Amount()), max(high, d.Amount())
	}
	drawn := []rune(strings.Repeat(missingDay, (last-first)/perBlock+1))
	for _, d := range days {
		level := len(blocks) / 2 // if all values are equal
		if high > low {
			level = int((d.Amount()-low)/(high-low)*float64(len(blocks)-1) + 0.5)
		}
		drawn[len(drawn)-1-(last-number(d))/perBlock] = blocks[level] // a later day replaces an earlier one
	}
	return string(drawn), perBlock
}
