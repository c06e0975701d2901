package schema

import (
	"encoding/csv"
	"regexp"
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
)

var (
	// beforeComma and afterComma are the two cells into which an unquoted comma cuts 12,000.
	beforeComma = regexp.MustCompile(`^[¥￥]?[0-9]{1,3}$`)
	afterComma  = regexp.MustCompile(`^[0-9]{3}(?:\.[0-9]+)?$`)
	// amountInPath is an address with ID=CNY in its path.
	amountInPath = regexp.MustCompile(`^[^?#]*/[0-9a-fA-F]{24}=`)
	// behindNote is an id or its address, and the text behind it without the signs around
	// it. It does not match a parameter that has the comma in its own value, such as
	// tags=1,200.
	behindNote = regexp.MustCompile(`(?i)[0-9a-f]{24}/?(?:[?#]\S*\s|[?#][^\s,]*[^0-9\s,],|` + gap + `)` + gap + `*(\S.*?)` + gap + `*$`)
	// dayInDigits is a date without separators, such as 20261130.
	dayInDigits = regexp.MustCompile(`^20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$`)
	// amountHeader is the header of a column of amounts.
	amountHeader = regexp.MustCompile(`(?i)实付|金额|\bpaid|paid\b|cny`)
)

// gap is a character between cells.
const gap = `[\s,、;:|=()<>"'“”‘’\x60-]`

// The refusals of a note with an amount.
var (
	notAnAmount         = t("has an amount that must be %s, or 0 where it is not known", "的金额必须是%s，未知则为 0")
	amountBehindAddress = t("is an address with = behind its id: an address takes no amount, since its own parameters have = too; give ID=CNY, or - and a line NOTE,CNY on standard input", "是 ID 后带有 = 的链接：链接的参数本身含有 =，因此不能带金额；请写成 ID=金额，或用 - 从标准输入逐行读取“笔记,金额”")
	amountNotLast       = t("needs its amount, in CNY, in the last cell: a line is NOTE,CNY, with 0 or nothing where the amount is not known", "的金额须在最后一格，单位为元：每行为“笔记,金额”，金额未知则填 0 或留空")
	amountBehind        = t("has an amount behind it that cannot be read there: give ID=CNY, or - and a line NOTE,CNY on standard input", "后面的金额写法无法识别：请写成 ID=金额，或用 - 从标准输入逐行读取“笔记,金额”")
	severalAmounts      = t("has an amount before its last cell: put the amount last and leave no other number in the line, or name its column in the first line, as paid", "的最后一格之前另有金额：请把金额放在最后一格，且该行不留其他数字；或在首行注明金额列，如“实付”")
	cutAmount           = t("has an amount that may be cut at its comma: write it without a comma or in quotes, such as 12000 or \"12,000\"", "的金额可能在逗号处被截断：请去掉逗号或加引号，如 12000 或 \"12,000\"")
)

// PaidNote reads an argument of pgy-mcp review: an id, ID=CNY, or an address, which takes
// no amount. A text without a note sets Malformed. The error, a *Refusal, is about the
// amount.
func PaidNote(text string) (AskedNote, error) {
	id, amount, hasAmount := strings.Cut(fold(strings.TrimSpace(text)), "=")
	id = strings.ToLower(strings.TrimSpace(id))
	switch paid, ok := paidAmount(amount); {
	case hasAmount && isID(id) && ok:
		return AskedNote{ID: id, PaidCNY: paid}, nil
	case hasAmount && isID(id):
		return refuseNote(notAnAmount, cnyAbove0)
	case amountInPath.MatchString(fold(text)):
		return refuseNote(amountBehindAddress)
	}
	if m := behindNote.FindStringSubmatch(fold(strings.TrimSpace(text))); m != nil && isPaid(m[1]) {
		return refuseNote(amountBehind)
	}
	return askedFor(text, 0), nil
}

func refuseNote(text lang.T, args ...any) (AskedNote, error) {
	return AskedNote{}, refuse(text, args...).about(noteIDType.name)
}

func askedFor(text string, paidCNY float64) AskedNote {
	id, refusal := noteIDType.find(text)
	n := AskedNote{ID: id, PaidCNY: paidCNY}
	if refusal != nil {
		n.Malformed = Malformed{Given: Showable(text), Err: refusal}
	}
	return n
}

// paidAmount reads an amount in CNY; "", "-", null and 0 are 0, unknown.
func paidAmount(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	if zero, isNumber := wholeNumber(text); isNothing(text) || text == "-" || isNumber && zero == 0 {
		return 0, true
	}
	return parseCNY(text)
}

// PaidNoteLines reads lines of notes with amounts, as a spreadsheet saves or pastes them.
type PaidNoteLines struct {
	cells  int // how many the header has; 0 if it names no column of amounts
	amount int // index of that column
}

// NewPaidNoteLines returns a reader of the lines below a header, which may name the column
// of amounts; "" is no header.
func NewPaidNoteLines(header string) PaidNoteLines {
	cells, _ := cellsOf(header)
	at := slices.IndexFunc(cells, amountHeader.MatchString)
	if at < 0 || slices.ContainsFunc(cells[at+1:], amountHeader.MatchString) {
		return PaidNoteLines{}
	}
	return PaidNoteLines{cells: len(cells), amount: at}
}

// Read reads a line: what PaidNote takes, or cells with a note and an amount, which is
// last or in the header's column of amounts. A line without a note sets Malformed. The
// error, a *Refusal, is about the amount.
func (l PaidNoteLines) Read(line string) (AskedNote, error) {
	cells, isPasted := cellsOf(line)
	if len(cells) > 1 && len(cells) == l.cells {
		paid, ok := paidAmount(cells[l.amount])
		if !ok {
			return refuseNote(notAnAmount, cnyAbove0)
		}
		return askedFor(strings.Join(slices.Delete(cells, l.amount, l.amount+1), "\t"), paid), nil
	}
	rest, last := cells[:len(cells)-1], cells[len(cells)-1]
	paid, isAmount := paidAmount(last)
	switch {
	case len(rest) == 0:
		return PaidNote(cells[0])
	case isAmount && !isPasted && afterComma.MatchString(last) && beforeComma.MatchString(rest[len(rest)-1]):
		return refuseNote(cutAmount)
	case isAmount && slices.ContainsFunc(rest, mayBePaid):
		return refuseNote(severalAmounts)
	case isAmount:
		return askedFor(strings.Join(rest, "\t"), paid), nil
	case holdsNote(last) && slices.ContainsFunc(rest, isPaid), !holdsNote(last) && slices.ContainsFunc(rest, holdsNote):
		return refuseNote(amountNotLast)
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

// mayBePaid reports whether text is an amount, and neither a date nor a 小红书号.
func mayBePaid(text string) bool {
	return isPaid(text) && !dayInDigits.MatchString(text) && !redIDNumber.MatchString(text)
}

// cellsOf takes a line apart: at tabs, as a spreadsheet pastes cells, else at commas that
// are not in quotes, else at the blank or the full-width comma before an amount.
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
	for _, sign := range []string{" ", "，"} {
		if note, amount, has := strings.Cut(cells[0], sign); has && len(cells) == 1 && isPaid(amount) {
			cells = []string{note, amount}
		}
	}
	return cells, isPasted
}
