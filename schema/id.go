package schema

import (
	"cmp"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pgy-mcp/internal/lang"
)

// digitsOfID is how many hex digits an id has.
const digitsOfID = 24

// idEnd matches an id that ends a part of a path.
const idEnd = `([0-9a-f]{24})(?:$|[^0-9a-z_.-])`

// Parts of a web address, in lower case.
var (
	shortLinkHost = regexp.MustCompile(`^(?:[0-9a-z_.-]*\.)?xhslink\.(?:com|cn)$`)
	platformHost  = regexp.MustCompile(`^(?:[0-9a-z_.-]*\.)?(?:xiaohongshu|rednote)\.com$`)
	barePath      = regexp.MustCompile(`^/?(?:user/profile|explore|discovery/item)/`) // an address without its host
	profilePath   = regexp.MustCompile(`/(?:user/profile|blogger-detail)/`)
	userIDInPath  = regexp.MustCompile(profilePath.String() + idEnd)
	notePath      = regexp.MustCompile(`/(?:explore|discovery/item|note-detail|search_result)/`)
	// An address that was copied from the author's profile has the author's id before the
	// note's.
	noteIDInPath = regexp.MustCompile(`/(?:explore|discovery/item|note-detail|search_result|user/profile/[0-9a-f]{24})/` + idEnd)
)

// Words that people and spreadsheets give instead of an id, in lower case.
var (
	spoiltNumber = regexp.MustCompile(`^[0-9]+(?:[.,][0-9]+)?e\+[0-9]{2}$|^[0-9]\.[0-9]+e[0-9]{2}$`)
	redIDNumber  = regexp.MustCompile(`^[0-9]{9,11}$`)
)

// idType is a type of id: how it is found in an address, and the sentences for a text
// that has none.
type idType struct {
	name    string                                 // Refusal.Subject
	fromURL func(address string) (string, idFault) // of an address in lower case
	faults  map[idFault]lang.T
}

var (
	userIDType = &idType{"userId", userIDFromURL, userIDFaults}
	noteIDType = &idType{"note", noteIDFromURL, noteIDFaults}
)

func (k *idType) refuse(fault idFault, args ...any) *Refusal {
	return refuse(k.faults[fault], args...).about(k.name)
}

// UserID finds the one blogger's id in a text of up to MaxCharacters: 24 hex digits or a
// profile URL, alone or among other words. It is in lower case. The error is a *Refusal
// that quotes nothing of the text.
func UserID(s string) (string, error) {
	id, refusal := userIDType.read(s)
	return id, refusal.asError()
}

// UserIDInLine is UserID for a text of any length.
func UserIDInLine(line string) (string, error) {
	id, refusal := userIDType.find(line)
	return id, refusal.asError()
}

// IsHeader reports whether the first line of a list is a header: it has no id, no address
// of a profile or note, no short link, and nothing that was meant as an id.
func IsHeader(line string) bool {
	return !slices.ContainsFunc(wordsOf(strings.ToLower(line)), func(w string) bool {
		if isURL(w) || barePath.MatchString(w) {
			_, why := userIDFromURL(w)
			return why == noFault || why == noteURL || why == shortLink
		}
		return slices.ContainsFunc(partsOf(w), func(part string) bool {
			id, _, _ := strings.Cut(part, "=")                                              // of ID=CNY
			return isID(id) || looksLikeID(part) && strings.ContainsAny(part, "0123456789") // a word of letters is no id
		})
	})
}

// read finds the one id in a text of up to MaxCharacters.
func (k *idType) read(s string) (string, *Refusal) {
	if utf8.RuneCountInString(s) > MaxCharacters {
		return "", k.refuse(longText)
	}
	return k.find(s)
}

// find finds the one id in a text of any length.
func (k *idType) find(s string) (string, *Refusal) {
	s = strings.ToLower(strings.TrimSpace(s))
	if isID(s) {
		return s, nil
	}
	words := wordsOf(s)
	if len(words) == 0 {
		return "", k.refuse(empty)
	}
	id, why := k.fromWords(words)
	switch {
	case why == noFault:
		return id, nil
	case why == redID && strings.ContainsAny(s, "{}$"):
		why = unlikeAnID // an unfilled template, such as ${userId}
	case why == wrongLength:
		return "", k.refuse(why, wrongLengthIn(words), digitsOfID)
	}
	return "", k.refuse(why)
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

// isURL reports whether w looks like a web address: it has a slash and a dot.
func isURL(w string) bool { return strings.Contains(w, "/") && strings.Contains(w, ".") }

// partsOf splits a word at brackets and colons, beside which an id may stand. An
// address has no parts.
func partsOf(w string) []string {
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
func (k *idType) fromWords(words []string) (string, idFault) {
	var ids []string
	why := unlikeAnID
	for _, w := range words {
		if isURL(w) || barePath.MatchString(w) || len(words) == 1 && strings.Contains(w, "/") {
			id, fault := k.fromURL(w)
			if fault == noFault {
				ids = append(ids, id)
			}
			why = max(why, fault)
			continue
		}
		for _, part := range partsOf(w) {
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
		return ids[0], noFault
	case len(words) == 1 && why == unlikeAnID:
		return "", meantAlone(words[0])
	}
	return "", why
}

// looksLikeID reports whether a part was meant as an id but is none.
func looksLikeID(part string) bool { return meantAsID(part) != unlikeAnID }

// meantAsID says what is wrong with a part that looks like an id.
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
	return unlikeAnID
}

// meantAlone says what is wrong with the only word of a text.
func meantAlone(w string) idFault {
	switch {
	case isNothing(w):
		return saysNull
	case len(w) >= 16 && len(w) <= 40 && only(w, hexDigits):
		return wrongLength
	case len(w) >= 2 && len(w) <= 40 && only(w, redIDCharacters):
		return redID
	}
	return unlikeAnID
}

// wrongLengthIn returns the length of the first id of a wrong length.
func wrongLengthIn(words []string) int {
	for _, w := range words {
		for _, part := range partsOf(w) {
			if meantAsID(part) == wrongLength || len(words) == 1 && meantAlone(part) == wrongLength {
				return len(part)
			}
		}
	}
	return 0
}

func userIDFromURL(address string) (string, idFault) {
	path, why := platformPath(address)
	if why != noFault {
		return "", why
	}
	if notePath.MatchString(path) {
		return "", noteURL
	}
	if m := userIDInPath.FindStringSubmatch(path); m != nil {
		return m[1], noFault
	}
	return "", urlWithoutID
}

func noteIDFromURL(address string) (string, idFault) {
	path, why := platformPath(address)
	if why != noFault {
		return "", why
	}
	if m := noteIDInPath.FindStringSubmatch(path); m != nil {
		return m[1], noFault
	}
	if profilePath.MatchString(path) {
		return "", profileURL
	}
	return "", urlWithoutID
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
	return u.Path + "#/" + strings.TrimPrefix(fragment, "/"), noFault
}

// userID is one blogger's id; the argument is required.
func userID() argType[string] {
	return argType[string]{
		property: property{Type: "string"},
		missing:  userIDFaults[absent],
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
func (k *idType) readJSON(v json.RawMessage) (string, *Refusal) {
	if is := typeOf(v); is == arrayType || is == nullType {
		var elements []json.RawMessage
		_ = json.Unmarshal(v, &elements) // null is like an empty array
		switch len(elements) {
		case 0:
			return "", k.refuse(empty)
		case 1:
			v = elements[0]
		default:
			return "", k.refuse(longArray, len(elements))
		}
	}
	switch is := typeOf(v); {
	case is == stringType:
		return k.read(Text(v))
	case is == numberType && v[0] != '-':
		return k.read(string(v))
	default:
		return "", k.refuse(notAString, is)
	}
}

// split splits a list of ids at lines, commas and blanks. Words beside an id, as in a row
// of a sheet, stay in one element with it, unless they may be another id.
func (k *idType) split(text string) []string {
	var out []string
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	for _, line := range lines {
		if len(lines) > 1 && k.holdsOne(line, isPlainWord) {
			out = append(out, line)
			continue
		}
		for _, part := range splitAtCommas(markdownLink.ReplaceAllString(line, " $1 ")) {
			if k.holdsOne(part, func(w string) bool { return isPlainWord(w) && !strings.ContainsAny(w, "0123456789") }) {
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
func (k *idType) holdsOne(text string, isPlain func(word string) bool) bool {
	id, refusal := k.find(text)
	return refusal == nil && !slices.ContainsFunc(wordsOf(strings.ToLower(text)), func(w string) bool {
		inURL, _ := k.fromURL(w)
		return !isPlain(w) && inURL != id && !slices.Contains(partsOf(w), id)
	})
}

// isPlainWord reports whether a word was not meant as an id or an address.
func isPlainWord(w string) bool {
	return !isURL(w) && !isNothing(w) && !slices.ContainsFunc(partsOf(w), looksLikeID)
}

// idList is a list of 1 to most ids; the argument is required. Sentences call the ids what.
// add takes each element: what was given, and its id or the refusal.
func idList[X any](k *idType, most int, what lang.T, split func(string) []string, add func(into *X, given, id string, refusal *Refusal) *Refusal) argType[X] {
	typ := argType[X]{
		property: property{Type: "array", MinItems: 1, MaxItems: most, Items: &property{Type: "string"}},
		missing:  t("is missing: give an array of 1 to "+strconv.Itoa(most)+" "+what.En, "缺失：请提供 1 至 "+strconv.Itoa(most)+" 个"+what.Zh+"的数组"),
	}
	typ.read = func(v json.RawMessage, into *X) *Refusal {
		if isNothing(textOf(v)) {
			return refuse(typ.missing)
		}
		elements, refusal := readList(v, what.En, split)
		switch {
		case refusal != nil:
			return refusal
		case len(elements) == 0:
			return emptyList(most, what)
		}
		for _, e := range elements {
			id, refusal := k.readJSON(e)
			if refusal := add(into, cmp.Or(Text(e), string(e)), id, refusal); refusal != nil {
				return refusal
			}
		}
		return nil
	}
	return typ
}

func emptyList(most int, what lang.T) *Refusal {
	return refuse(t("is empty: give 1 to %d %s", "为空：请提供 1 至 %d 个%s"), most, what)
}
