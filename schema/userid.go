package schema

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pgy-mcp/internal/lang"
)

// digitsOfID is how many hex digits an id has.
const digitsOfID = 24

// Parts of a web address, in lower case.
var (
	shortLinkHost = regexp.MustCompile(`^(?:[0-9a-z_.-]*\.)?xhslink\.(?:com|cn)$`)
	platformHost  = regexp.MustCompile(`^(?:[0-9a-z_.-]*\.)?(?:xiaohongshu|rednote)\.com$`)
	noteInPath    = regexp.MustCompile(`/(?:explore|discovery/item|note-detail|search_result)/`)
	idInPath      = regexp.MustCompile(`/(?:user/profile|blogger-detail)/([0-9a-f]{24})(?:$|[^0-9a-z_.-])`)
	barePath      = regexp.MustCompile(`^/?(?:user/profile|explore|discovery/item)/`) // an address without its host
)

// Words that people and spreadsheets give instead of an id, in lower case.
var (
	spoiltNumber = regexp.MustCompile(`^[0-9]+(?:[.,][0-9]+)?e\+[0-9]{2}$|^[0-9]\.[0-9]+e[0-9]{2}$`)
	redIDNumber  = regexp.MustCompile(`^[0-9]{9,11}$`)
)

// idType is a type of id: how it is found in an address, and the sentences for a text
// that has none.
type idType struct {
	name                        string                                 // Refusal.Subject
	fromURL                     func(address string) (string, idFault) // in lower case
	faults                      map[idFault]lang.T
	empty, long, many, noString lang.T
}

var userIDType = &idType{"userId", userIDFromURL, userIDFaults, emptyUserID, longUserID, manyUserIDs, noStringUserID}

// UserID finds the one blogger's id in a text of up to MaxCharacters: 24 hex digits or a
// profile URL, alone or among other words. It is in lower case. The error is a *Refusal
// that quotes nothing of the text.
func UserID(s string) (string, error) {
	id, refusal := userIDType.read(s)
	return id, refusal.about(userIDType.name).asError()
}

// UserIDInLine is UserID for a text of any length.
func UserIDInLine(line string) (string, error) {
	id, refusal := userIDType.find(line)
	return id, refusal.about(userIDType.name).asError()
}

// IsHeader reports whether the first line of a list is a header: it has no id, no address
// of a profile or note, no short link, and nothing that was meant as an id.
func IsHeader(line string) bool {
	return !slices.ContainsFunc(wordsOf(strings.ToLower(line)), func(w string) bool {
		if isURL(w) || barePath.MatchString(w) {
			_, r := userIDFromURL(w)
			return r == accepted || r == noteURL || r == shortLink
		}
		return slices.ContainsFunc(idsAndLookalikes(w), func(part string) bool {
			id, _, _ := strings.Cut(part, "=")                                                       // of ID=CNY
			return isID(id) || meantAsID(part) != neither && strings.ContainsAny(part, "0123456789") // a word of letters is no id
		})
	})
}

// read finds the one id in a text of up to MaxCharacters.
func (t *idType) read(s string) (string, *Refusal) {
	if utf8.RuneCountInString(s) > MaxCharacters {
		return "", refuse(t.long)
	}
	return t.find(s)
}

// find finds the one id in a text of any length.
func (t *idType) find(s string) (string, *Refusal) {
	s = strings.ToLower(strings.TrimSpace(s))
	if isID(s) {
		return s, nil
	}
	words := wordsOf(s)
	if len(words) == 0 {
		return "", refuse(t.empty)
	}
	id, why := t.fromWords(words)
	switch {
	case why == accepted:
		return id, nil
	case why == redID && strings.ContainsAny(s, "{}$"):
		why = neither // an unfilled template, such as ${userId}
	case why == wrongLength:
		return "", refuse(t.faults[why], hexDigitsIn(words), digitsOfID)
	}
	return "", refuse(t.faults[why])
}

const (
	hexDigits       = "0123456789abcdef"
	alphanumeric    = "0123456789abcdefghijklmnopqrstuvwxyz"
	redIDCharacters = alphanumeric + "_.-"
)

// only reports whether s consists of these characters.
func only(s, characters string) bool {
	return strings.Trim(s, characters) == ""
}

func isID(s string) bool {
	return len(s) == digitsOfID && only(s, hexDigits)
}

// isURL reports whether w is a web address.
func isURL(w string) bool { return strings.Contains(w, "/") && strings.Contains(w, ".") }

// idsAndLookalikes splits a word at brackets and colons, beside which an id may stand. An
// address has no parts.
func idsAndLookalikes(w string) []string {
	if strings.Contains(w, "/") {
		return nil
	}
	parts := strings.FieldsFunc(w, func(r rune) bool { return strings.ContainsRune("()[]{}:", r) })
	for i, part := range parts {
		parts[i] = strings.TrimFunc(part, isAround)
	}
	return parts
}

// fromWords finds the one id in the words of a text, which are in lower case. A single
// word was meant as an id, whatever it looks like.
func (t *idType) fromWords(words []string) (string, idFault) {
	var ids []string
	why := neither
	for _, w := range words {
		if isURL(w) || barePath.MatchString(w) || len(words) == 1 && strings.Contains(w, "/") {
			id, r := t.fromURL(w)
			if r == accepted {
				ids = append(ids, id)
			}
			why = max(why, r)
			continue
		}
		for _, part := range idsAndLookalikes(w) {
			if isID(part) {
				ids = append(ids, part)
			}
			why = max(why, meantAsID(part))
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	switch {
	case len(ids) > 1:
		return "", severalIDs
	case len(ids) == 1:
		return ids[0], accepted
	case len(words) == 1 && why == neither:
		return "", meantAlone(words[0])
	}
	return "", why
}

// meantAsID says what is wrong with a part that looks like an id; neither if it does not.
func meantAsID(part string) idFault {
	switch {
	case spoiltNumber.MatchString(part):
		return spoilt
	case len(part) == digitsOfID && only(part, alphanumeric) && !only(part, hexDigits):
		return notHex
	case len(part) >= 20 && len(part) <= 28 && !isID(part) && only(part, hexDigits):
		return wrongLength
	case redIDNumber.MatchString(part):
		return redID
	}
	return neither
}

// meantAlone says what is wrong with the only word of a text.
func meantAlone(w string) idFault {
	switch {
	case isNothing(w):
		return missing
	case len(w) >= 16 && len(w) <= 40 && only(w, hexDigits):
		return wrongLength
	case len(w) >= 2 && len(w) <= 40 && only(w, redIDCharacters):
		return redID
	}
	return neither
}

// hexDigitsIn returns the length of the first id of a wrong length.
func hexDigitsIn(words []string) int {
	for _, w := range words {
		for _, part := range idsAndLookalikes(w) {
			if meantAsID(part) == wrongLength || len(words) == 1 && meantAlone(part) == wrongLength {
				return len(part)
			}
		}
	}
	return 0
}

func userIDFromURL(address string) (string, idFault) {
	path, why := platformPath(address)
	if why != accepted {
		return "", why
	}
	if noteInPath.MatchString(path) {
		return "", noteURL
	}
	if m := idInPath.FindStringSubmatch(path); m != nil {
		return m[1], accepted
	}
	return "", noID
}

// platformPath returns path#/fragment of an address of the platform. The fragment may
// hold a path too, because the marketplace is a single-page application.
func platformPath(address string) (string, idFault) {
	switch {
	case barePath.MatchString(address):
		address = "https://www.xiaohongshu.com/" + strings.TrimPrefix(address, "/")
	case !strings.Contains(address, "://"):
		address = "https://" + strings.TrimPrefix(address, "//")
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", unreadable
	}
	host := u.Hostname()
	switch {
	case shortLinkHost.MatchString(host):
		return "", shortLink
	case !platformHost.MatchString(host):
		return "", otherSite
	}
	fragment, _, _ := strings.Cut(u.Fragment, "?")
	return u.Path + "#/" + strings.TrimPrefix(fragment, "/"), accepted
}

// userID is one blogger's id; the argument is required.
func userID() argType[string] {
	return argType[string]{
		property: property{Type: "string"},
		missing:  missingUserID,
		read: func(v json.RawMessage, into *string) *Refusal {
			id, refusal := userIDType.readJSON(v)
			if refusal == nil {
				*into = id
			}
			return refusal
		},
	}
}

// readJSON reads an id from a string, from a number, since some clients turn an id of
// digits into one, or from an array of one of them.
func (t *idType) readJSON(v json.RawMessage) (string, *Refusal) {
	if is := typeOf(v); is == arrayType || is == nullType {
		var elements []json.RawMessage
		_ = json.Unmarshal(v, &elements) // null is like an empty array
		switch len(elements) {
		case 0:
			return "", refuse(t.empty)
		case 1:
			v = elements[0]
		default:
			return "", refuse(t.many, len(elements))
		}
	}
	switch is := typeOf(v); {
	case is == stringType:
		return t.read(Text(v))
	case is == numberType && v[0] != '-':
		return t.read(string(v))
	default:
		return "", refuse(t.noString, is)
	}
}

// split splits a list of ids at lines, commas and blanks. Words beside an id, as in a row
// of a sheet, stay in one element with it, unless they may be another id.
func (t *idType) split(text string) []string {
	var out []string
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	for _, line := range lines {
		if len(lines) > 1 && t.holdsOne(line, isNotMeant) {
			out = append(out, line)
			continue
		}
		for _, part := range splitAtCommas(markdownLink.ReplaceAllString(line, " $1 ")) {
			if t.holdsOne(part, func(w string) bool { return isNotMeant(w) && !strings.ContainsAny(w, "0123456789") }) {
				out = append(out, part)
			} else {
				words := splitWords(markdownLink.ReplaceAllString(part, " $1 "))
				out = append(out, slices.DeleteFunc(words, func(w string) bool { return w == "/" })...)
			}
		}
	}
	return out
}

// holdsOne reports whether a text has one id, and all its other words are plain.
func (t *idType) holdsOne(text string, isPlain func(word string) bool) bool {
	id, refusal := t.find(text)
	return refusal == nil && !slices.ContainsFunc(wordsOf(strings.ToLower(text)), func(w string) bool {
		inURL, _ := t.fromURL(w)
		return !isPlain(w) && inURL != id && !slices.Contains(idsAndLookalikes(w), id)
	})
}

// isNotMeant reports whether a word was not meant as an id.
func isNotMeant(w string) bool {
	return !isURL(w) && !isNothing(w) && !slices.ContainsFunc(idsAndLookalikes(w), func(part string) bool { return meantAsID(part) != neither })
}

// idFault says why a text has no id. If the words of a text have several faults, the
// caller is told the highest.
type idFault int

const (
	accepted idFault = iota
	neither
	missing
	unreadable
	otherSite
	noID
	redID
	wrongLength
	notHex
	spoilt
	noteURL   // where a userId is meant
	ofBlogger // where a note id is meant
	shortLink
	severalIDs
)

const (
	profileURL   = "the profile URL (https://www.xiaohongshu.com/user/profile/<userId>)"
	wantID       = ": give the 24-hex-digit userId or " + profileURL
	profileURLZh = "主页链接（https://www.xiaohongshu.com/user/profile/<userId>）"
	wantIDZh     = "：请提供 24 位十六进制的 userId 或" + profileURLZh
)

// userIDFaults are the sentences about a userId.
var userIDFaults = map[idFault]lang.T{
	neither:     {En: "is neither 24 hex digits nor a profile URL" + wantID, Zh: "既不是 24 位十六进制字符，也不是主页链接" + wantIDZh},
	missing:     {En: "is missing, the text only says null or the like" + wantID, Zh: "缺失，内容只是 null 之类的字样" + wantIDZh},
	unreadable:  {En: "is not a web address that can be read" + wantID, Zh: "是无法识别的网址" + wantIDZh},
	otherSite:   {En: "is a URL of another site" + wantID, Zh: "是其他网站的链接" + wantIDZh},
	noID:        {En: "is a Xiaohongshu URL without a user id" + wantID, Zh: "是不含用户 ID 的小红书链接" + wantIDZh},
	wrongLength: {En: "has %d hex digits where a userId has %d" + wantID, Zh: "有 %d 位十六进制字符，而 userId 应为 %d 位" + wantIDZh},
	notHex:      {En: "has 24 characters that are not all hex digits (0–9, a–f), perhaps mistyped" + wantID, Zh: "有 24 个字符，但不全是十六进制字符（0–9、a–f），可能有误" + wantIDZh},
	spoilt:      {En: "is a number such as 6.599E+23, into which a spreadsheet turned the id, and its digits are lost: copy the id anew into cells formatted as text, or give " + profileURL, Zh: "是 6.599E+23 这样的数字：表格软件把 ID 当成了数字，原来的数字已丢失；请把单元格设为文本格式后重新复制 ID，或提供" + profileURLZh},
	severalIDs:  {En: "has more than one blogger's id in it: give one, as the 24-hex-digit userId or " + profileURL, Zh: "含有多位博主的 ID：请只提供一个，24 位十六进制的 userId 或" + profileURLZh},

	// find_bloggers accepts these.
	redID:     {En: "looks like a 小红书号 (redId), which is no userId: find_bloggers (pgy-mcp find) finds the blogger by it as who (one paid request), or give the 24-hex-digit userId or " + profileURL, Zh: "像是小红书号（redId），不是 userId：可用 pgy-mcp find 查找该博主（一次付费请求），或提供 24 位十六进制的 userId 或" + profileURLZh},
	noteURL:   {En: "is a note's URL, and a note id is not a userId: find_bloggers (pgy-mcp find) finds the note's author by it as who (one paid request), or give " + profileURL, Zh: "是笔记链接，笔记 ID 不是 userId：可用 pgy-mcp find 查找笔记作者（一次付费请求），或提供" + profileURLZh},
	shortLink: {En: "is an xhslink.com short link, which hides the id: find_bloggers (pgy-mcp find) follows it as who (one or two paid requests), or open it in a browser and give the profile URL it leads to (https://www.xiaohongshu.com/user/profile/<userId>)", Zh: "是 xhslink.com 短链接，看不出 userId：可用 pgy-mcp find 查找（一至两次付费请求），或在浏览器中打开，提供跳转后的主页链接（https://www.xiaohongshu.com/user/profile/<userId>）"},
}

var (
	missingUserID  = lang.T{En: "is missing" + wantID, Zh: "缺失" + wantIDZh}
	emptyUserID    = lang.T{En: "is empty" + wantID, Zh: "为空" + wantIDZh}
	longUserID     = lang.T{En: "is longer than 2,048 characters" + wantID, Zh: "超过 2,048 个字符" + wantIDZh}
	manyUserIDs    = lang.T{En: "must be one id, not an array of %d" + wantID, Zh: "必须是一个 ID，而不是 %d 个的数组" + wantIDZh}
	noStringUserID = lang.T{En: "must be a string, not %s" + wantID, Zh: "必须是字符串，而不是%s" + wantIDZh}
)
