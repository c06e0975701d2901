package schema

import (
	"encoding/csv"
	"regexp"
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
)

var (
	// thousands is a number as an unquoted comma cuts it: 12,000 in two cells.
	thousands = regexp.MustCompile(`^[0-9]{3}(?:\.[0-9]+)?$`)
	hundreds  = regexp.MustCompile(`^[¥￥]?[0-9]{1,3}$`)
	// amountInPath is an address whose path ends like ID=CNY.
	amountInPath = regexp.MustCompile(`^[^?#]*/[0-9a-fA-F]{24}=`)
)

// The refusals of a note with an amount.
var (
	notAnAmount = lang.T{En: "has an amount that must be %s, or 0 where it is not known", Zh: "的金额必须是%s，未知则为 0"}
	inAddress   = lang.T{En: "is an address with = behind its id: an address takes no amount, since its own parameters have = too; give ID=CNY, or - and a line NOTE,CNY on standard input", Zh: "是 ID 后带有 = 的链接：链接的参数本身含有 =，因此不能带金额；请写成 ID=金额，或用 - 从标准输入逐行读取“笔记,金额”"}
	notLast     = lang.T{En: "needs its amount, in CNY, in the last cell: a line is NOTE,CNY, with 0 or nothing where the amount is not known", Zh: "的金额须在最后一格，单位为元：每行为“笔记,金额”，金额未知则填 0 或留空"}
	cutAmount   = lang.T{En: "has an amount that may be cut at its comma: write it without a comma or in quotes, such as 12000 or \"12,000\"", Zh: "的金额可能在逗号处被截断：请去掉逗号或加引号，如 12000 或 \"12,000\""}
)

// PaidNote reads a note as an argument of the command line gives it: what NoteID takes, or
// ID=CNY with a bare id. Nothing of an address is read as an amount. A text that cannot be
// a note is in Malformed. The error, a *Refusal, is about the amount.
func PaidNote(text string) (AskedNote, error) {
	id, amount, hasAmount := strings.Cut(fold(strings.TrimSpace(text)), "=")
	id = strings.ToLower(strings.TrimSpace(id))
	switch paid, ok := paidAmount(amount); {
	case hasAmount && isID(id) && ok:
		return AskedNote{ID: id, PaidCNY: paid}, nil
	case hasAmount && isID(id):
		return AskedNote{}, refuse(notAnAmount, cnyAbove0).of(noteIDType.name)
	case amountInPath.MatchString(fold(text)):
		return AskedNote{}, refuse(inAddress).of(noteIDType.name)
	}
	return askedFor(text, 0), nil
}

func askedFor(text string, paidCNY float64) AskedNote {
	id, refusal := noteIDType.find(text)
	n := AskedNote{ID: id, PaidCNY: paidCNY}
	if refusal != nil {
		n.Malformed = Malformed{Showable(text), refusal.of(noteIDType.name)}
	}
	return n
}

// paidAmount reads an amount in CNY, 0 where it is not known.
func paidAmount(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	if zero, isNumber := wholeNumber(text); isNothing(text) || text == "-" || isNumber && zero == 0 {
		return 0, true
	}
	return parseCNY(text)
}

// PaidNoteInLine reads a line of a list: what PaidNote takes, or NOTE,CNY with the amount
// last, as a spreadsheet saves or pastes it. A line that cannot be a note is in Malformed.
// The error, a *Refusal, is about the amount.
func PaidNoteInLine(line string) (AskedNote, error) {
	cells, isPasted := cellsOf(line)
	rest, last := cells[:len(cells)-1], cells[len(cells)-1]
	paid, isAmount := paidAmount(last)
	switch {
	case len(rest) == 0:
		return PaidNote(line)
	case isAmount && !isPasted && thousands.MatchString(last) && hundreds.MatchString(rest[len(rest)-1]):
		return AskedNote{}, refuse(cutAmount).of(noteIDType.name)
	case isAmount:
		return askedFor(strings.Join(rest, "\t"), paid), nil
	case holdsNote(last) && slices.ContainsFunc(rest, isPaid), !holdsNote(last) && slices.ContainsFunc(rest, holdsNote):
		return AskedNote{}, refuse(notLast).of(noteIDType.name)
	}
	return askedFor(line, 0), nil
}

func holdsNote(text string) bool {
	_, refusal := noteIDType.find(text)
	return refusal == nil
}

func isPaid(text string) bool {
	_, ok := parseCNY(text)
	return ok
}

// cellsOf takes a line apart: at tabs, as a spreadsheet pastes cells, else at commas that
// are not in quotes, else at the blank before an amount.
func cellsOf(line string) (cells []string, isPasted bool) {
	r := csv.NewReader(strings.NewReader(line))
	r.LazyQuotes, r.TrimLeadingSpace = true, true
	if isPasted = strings.Contains(line, "\t"); isPasted {
		r.Comma, r.TrimLeadingSpace = '\t', false // a blank before a tab is an empty cell
	}
	cells, err := r.Read()
	if err != nil || len(cells) == 0 {
		cells = []string{line}
	}
	for i, cell := range cells {
		cells[i] = strings.TrimSpace(cell)
	}
	if note, amount, has := strings.Cut(cells[0], " "); has && len(cells) == 1 && isPaid(amount) {
		cells = []string{note, amount}
	}
	return cells, isPasted
}
