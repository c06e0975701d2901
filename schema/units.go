package schema

import "pgy-mcp/internal/lang"

// t is one text of a table in both languages.
func t(en, zh string) lang.T { return lang.T{En: en, Zh: zh} }

// Units behind a number, with the blank between them.
var (
	noText                    = lang.T{}
	percent                   = t(" %", "%")
	percentIn28Days           = t(" % in 28 days", "%（近28天）")
	percentIn30Days           = t(" % in 30 days", "%（近30天）")
	perNote                   = t(" per note", " 次/篇")
	perNoteIn30Days           = t(" per note, 30 days", " 次/篇（近30天）")
	in30Days                  = t(" in 30 days", "（近30天）")
	inCNY                     = t(" CNY", " 元")
	cnyPerThousandImpressions = t(" CNY per 1,000 impressions", " 元/千次曝光")
)
