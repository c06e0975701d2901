package schema

import (
	"cmp"
	"time"

	"pgy-mcp/internal/lang"
)

// HistoryLine holds the figures of one paid answer about a blogger, prices in CNY. A zero
// value is unknown and absent from the JSON.
type HistoryLine struct {
	At               string      `json:"at"` // RFC 3339, UTC
	From             AnswerKind  `json:"from"`
	ImagePriceCNY    *float64    `json:"imagePriceCny,omitempty"`
	ImageStatus      QuoteStatus `json:"imageStatus,omitempty"`
	VideoPriceCNY    *float64    `json:"videoPriceCny,omitempty"`
	VideoStatus      QuoteStatus `json:"videoStatus,omitempty"`
	Followers        *int64      `json:"followers,omitempty"`
	ReadMedian       *int64      `json:"readMedian,omitempty"`
	EngagementMedian *int64      `json:"engagementMedian,omitempty"`
	Health           Health      `json:"health,omitempty"`
}

// AnswerKind is a kind of the upstream's answers that have figures of a blogger.
type AnswerKind string

// The kinds of answers, by where the blogger is seen.
const (
	SeenInProfile AnswerKind = "profile"
	SeenInSearch  AnswerKind = "search" // a row of it
	SeenInNote    AnswerKind = "note"   // its author
)

// AnswerKinds lists the kinds of answers.
var AnswerKinds = []AnswerKind{SeenInProfile, SeenInSearch, SeenInNote}

// History holds all lines about one blogger, the oldest first.
type History struct {
	UserID string        `json:"userId"`
	Lines  []HistoryLine `json:"lines"` // never nil
}

// HistoryRow is a line of a table of histories.
type HistoryRow struct {
	UserID string
	HistoryLine
}

// Rows returns a row for each line.
func (h *History) Rows() []HistoryRow {
	rows := make([]HistoryRow, len(h.Lines))
	for i, line := range h.Lines {
		rows[i] = HistoryRow{h.UserID, line}
	}
	return rows
}

// ProfileChange says that a figure of a profile differs from an older answer's.
type ProfileChange struct {
	What  string `json:"what"`  // Column.Name of one of ChangingColumns
	From  any    `json:"from"`  // float64 or string
	To    any    `json:"to"`    // float64 or string
	Since string `json:"since"` // UTC date of the line that has From
}

// HistoryColumns are the columns of a table of histories, in the order in which they are
// shown.
var HistoryColumns = append([]Column[HistoryRow]{
	{Name: "userId", Header: t("User ID", "用户 ID"), Text: func(r *HistoryRow) string { return r.UserID }, ID: true},
	{Name: "at", Header: t("Seen (UTC)", "时间 (UTC)"), Text: func(r *HistoryRow) string { return r.At }, TextIn: func(_ lang.Language, r *HistoryRow) string { return minute(r.At) }},
	{Name: "from", Header: t("From", "来源"), Text: func(r *HistoryRow) string { return string(r.From) }, TextIn: func(l lang.Language, r *HistoryRow) string { return l.Say(answerKindWords[r.From]) }, Drop: 1},
}, ChangingColumns...)

// ChangingColumns are the columns of the figures that are compared for changes.
var ChangingColumns = []Column[HistoryRow]{
	money("imagePriceCny", t("Image CNY", "图文报价（元）"), func(r *HistoryRow) *float64 { return r.ImagePriceCNY }),
	historyStatus("imageStatus", t("Image quote", "图文状态"), func(r *HistoryRow) QuoteStatus { return r.ImageStatus }),
	money("videoPriceCny", t("Video CNY", "视频报价（元）"), func(r *HistoryRow) *float64 { return r.VideoPriceCNY }),
	historyStatus("videoStatus", t("Video quote", "视频状态"), func(r *HistoryRow) QuoteStatus { return r.VideoStatus }),
	counted("followers", t("Followers", "粉丝数"), noText, func(r *HistoryRow) *int64 { return r.Followers }).drop(5),
	counted("readMedian", t("Read median", "阅读中位数"), noText, func(r *HistoryRow) *int64 { return r.ReadMedian }).drop(4),
	counted("engagementMedian", t("Engagement median", "互动中位数"), noText, func(r *HistoryRow) *int64 { return r.EngagementMedian }).drop(3),
	{Name: "health", Header: t("Health", "健康等级"), Text: func(r *HistoryRow) string { return string(r.Health) }, TextIn: func(l lang.Language, r *HistoryRow) string { return l.Say(HealthWords[r.Health]) }, Drop: 2},
}

func historyStatus(name string, header lang.T, of func(*HistoryRow) QuoteStatus) Column[HistoryRow] {
	return Column[HistoryRow]{
		Name: name, Header: header, Text: func(r *HistoryRow) string { return string(of(r)) },
		TextIn: func(l lang.Language, r *HistoryRow) string { return l.Say(StatusWords[of(r)]) },
	}
}

var answerKindWords = map[AnswerKind]lang.T{
	SeenInProfile: t("profile", "主页"),
	SeenInSearch:  t("search", "搜索"),
	SeenInNote:    t("note", "笔记"),
}

// minute shortens an RFC 3339 time to its minute.
func minute(at string) string {
	moment, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return moment.UTC().Format("2006-01-02 15:04")
}

// HistoryWord translates a quote's status or a health.
func HistoryWord(word string) lang.T {
	return cmp.Or(StatusWords[QuoteStatus(word)], HealthWords[Health(word)])
}
