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

// Words that stand where an id was meant, in lower case.
var (
	spoiltNumber = regexp.MustCompile(`^[0-9]+(?:[.,][0-9]+)?e\+[0-9]{2}$|^[0-9]\.[0-9]+e[0-9]{2}$`)
	appNumber    = regexp.MustCompile(`^[0-9]{9,11}$`)
)

// idType is a type of id, as it is found in texts, with what is said of a text that
// holds none.
type idType struct {
	name                        string                                 // the subject of its refusals
	fromURL                     func(address string) (string, refusal) // in lower case
	refusals                    map[refusal]lang.T
	empty, long, many, noString lang.T
}

var userIDType = &idType{"userId", userIDFromURL, refusals, emptyUserID, longUserID, manyUserIDs, noStringUserID}

// UserID reads a blogger's id as people paste it: 24 hex digits or a profile
// URL that carries them, alone or as the only one among other words. The error is a
// *Refusal; it holds nothing of what was given.
func UserID(s string) (string, error) {
	id, refusal := userIDType.read(s)
	return id, refusal.of(userIDType.name).asError()
}

// UserIDInLine is UserID for a line of a list, which may be of any length.
func UserIDInLine(line string) (string, error) {
	id, refusal := userIDType.find(line)
	return id, refusal.of(userIDType.name).asError()
}

// IsHeader reports a line of a list that is no blogger's: it has no id, no address
// that leads to one, and nothing that was meant as one.
func IsHeader(line string) bool {
	return !slices.ContainsFunc(wordsOf(strings.ToLower(line)), func(w string) bool {
		if isURL(w) || barePath.MatchString(w) {
			_, r := userIDFromURL(w)
			return r == accepted || r == noteURL || r == shortLink
		}
		return slices.ContainsFunc(idsAndLookalikes(w), func(part string) bool {
			id, _, _ := strings.Cut(part, "=")                                                       // of ID=CNY
			return isID(id) || meantAsID(part) != neither && strings.ContainsAny(part, "0123456789") // and not a long word
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
		why = neither // a placeholder that nobody filled in
	case why == wrongLength:
		return "", refuse(t.refusals[why], hexDigitsIn(words), digitsOfID)
	}
	return "", refuse(t.refusals[why])
}

const (
	hexDigits       = "0123456789abcdef"
	alphanumeric    = "0123456789abcdefghijklmnopqrstuvwxyz"
	redIDCharacters = alphanumeric + "_.-"
)

// only reports whether s has no other characters than these.
func only(s, characters string) bool {
	return strings.Trim(s, characters) == ""
}

func isID(s string) bool {
	return len(s) == digitsOfID && only(s, hexDigits)
}

// isURL reports a word that is a web address.
func isURL(w string) bool { return strings.Contains(w, "/") && strings.Contains(w, ".") }

// idsAndLookalikes takes a word that is no address apart where an id may begin
// or end in it.
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

// fromWords finds the one id in the words of a text, in lower case. A word that
// stands alone is judged as one that was meant to be an id.
func (t *idType) fromWords(words []string) (string, refusal) {
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

// meantAsID says what is wrong with a part of a text that looks as if it was meant
// as an id; neither where it does not.
func meantAsID(part string) refusal {
	switch {
	case spoiltNumber.MatchString(part):
		return spoilt
	case len(part) == digitsOfID && only(part, alphanumeric) && !only(part, hexDigits):
		return notHex
	case len(part) >= 20 && len(part) <= 28 && !isID(part) && only(part, hexDigits):
		return wrongLength
	case appNumber.MatchString(part):
		return redID
	}
	return neither
}

// meantAlone says what is wrong with a text of one word.
func meantAlone(w string) refusal {
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

// hexDigitsIn is the length of the first word that is an id of a wrong length.
func hexDigitsIn(words []string) int {
	for _, w := range words {
		for _, part := range idsAndLookalikes(w) {
			if meantAsID(part) == wrongLength || len(words) == 1 {
				return len(part)
			}
		}
	}
	return 0
}

func userIDFromURL(address string) (string, refusal) {
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

// platformPath gives the path of an address of the platform. What follows its # is
// the fragment, in which a path may stand: the marketplace is a single-page
// application.
func platformPath(address string) (string, refusal) {
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

// userID is one blogger, which is required.
func userID() kind[string] {
	return kind[string]{
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

// readJSON takes a string, or a number as the digits it is spelled with: some
// clients turn an id of digits alone into a number. An array of one is read as its
// element.
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

// split takes a text apart that is a list of ids, parted at lines, commas and blanks.
// Where other words stand beside an id, as in a sheet, they are one element with it; a
// word that may be another id is not lost.
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

// holdsOne reports a text with one id in which all other words are plain.
func (t *idType) holdsOne(text string, isPlain func(word string) bool) bool {
	id, refusal := t.find(text)
	return refusal == nil && !slices.ContainsFunc(wordsOf(strings.ToLower(text)), func(w string) bool {
		inURL, _ := t.fromURL(w)
		return !isPlain(w) && inURL != id && !slices.Contains(idsAndLookalikes(w), id)
	})
}

// isNotMeant reports a word that stands for no id.
func isNotMeant(w string) bool {
	return !isURL(w) && !isNothing(w) && !slices.ContainsFunc(idsAndLookalikes(w), func(part string) bool { return meantAsID(part) != neither })
}
