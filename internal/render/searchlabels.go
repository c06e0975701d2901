package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// SearchLabels returns a Markdown document that lists what the filters of a search take.
// The labels are the platform's, in Chinese.
func SearchLabels(l lang.Language) string {
	var b strings.Builder
	heading := func(title lang.T) { fmt.Fprintf(&b, "\n## %s\n\n", l.Say(title)) }
	fmt.Fprintf(&b, "# %s\n\n%s\n", l.Say(t("What the filters of find_bloggers take", "find_bloggers 的筛选条件")),
		l.Say(t("Give labels exactly as they are written here: they are the platform's.", "标签为平台用语，请按原样填写。")))

	heading(t("Filters", "筛选条件"))
	b.WriteString(l.Say(t("| argument | flag | sent as | meaning |", "| 参数 | 命令行 | 发送为 | 含义 |")) + "\n|---|---|---|---|\n")
	for _, f := range schema.FilterDocs() {
		fmt.Fprintf(&b, "| %s | -%s | %s | %s |\n", f.Name, f.Flag, strings.Join(f.Parameters, ", "), l.Say(f.Description))
	}

	heading(t("categories (内容类目): first level, and the second level in it", "categories（内容类目）：一级，及其下的二级"))
	for _, c := range schema.SearchLabels.Categories {
		b.WriteString("- " + c.Label)
		if len(c.Within) > 0 {
			b.WriteString(l.Say(lang.Colon) + l.List(c.Within))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n" + l.Say(t("Synonyms: ", "同义词：")))
	var synonyms []string
	for _, s := range slices.Sorted(maps.Keys(schema.Synonyms)) {
		synonyms = append(synonyms, s+" → "+schema.Synonyms[s])
	}
	b.WriteString(l.List(synonyms) + "\n")

	heading(t("personas (人设)", "personas（人设）"))
	b.WriteString(l.List(schema.SearchLabels.Personas) + "\n")
	heading(t("location, audienceLocation: a country, or a province with or without a city", "location、audienceLocation：国家，或省份（可加城市）"))
	b.WriteString(l.List(schema.SearchLabels.Locations) + "\n\n")
	b.WriteString(l.Say(t("中国 may be left out. Write a city after its province: 广东 深圳.", "“中国”可省略；城市写在省份之后，如“广东 深圳”。")) + "\n")
	heading(t("childStages", "childStages（孩子阶段）"))
	var stages []string
	for _, s := range schema.SearchLabels.ChildStages {
		stages = append(stages, string(s))
	}
	b.WriteString(l.List(stages) + "\n")
	heading(t("industry", "industry（行业）"))
	for _, i := range schema.SearchLabels.Industries {
		fmt.Fprintf(&b, "- %s%s%s\n", i.Value, l.Say(lang.Colon), i.Meaning)
	}
	return b.String()
}
