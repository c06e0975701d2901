package render

import "pgy-mcp/internal/lang"

// sharedTexts are the words of both pages, by the key that their scripts use.
var sharedTexts = map[string]lang.T{
	"waiting":   t("Looking up…", "正在查询…"),
	"cancelled": t("Cancelled.", "已取消。"),
	"notOpened": t("Not opened: %s", "无法打开：%s"),
	"colon":     lang.Colon,
	"unknown":   t("unknown", "未知"),
	"cny":       t("%s CNY", "%s 元"),
	"percent":   percent,
	"sample":    t("sample (recorded, not live data)", "样例（录制数据，非实时数据）"),
	"asOf":      t("As of %s, from %s", "数据获取于 %s，来源：%s"),
	"asOfRange": t("From %s to %s, from %s", "数据获取于 %s 至 %s，来源：%s"),
	"notes":     t("To keep in mind", "注意事项"),
	"dash":      t("%s is unknown, not zero.", "%s 表示未知，不是 0。"),
}

// comparisonTexts are the words of the comparison's page alone.
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
	"noFigures":    t("No figures of these bloggers", "没有这些博主的数据"),
	"noneBookable": t("None of these bloggers can be booked", "这些博主均不可下单"),
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
