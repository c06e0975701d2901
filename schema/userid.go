package schema

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	profileURL = "the profile URL (https://www.xiaohongshu.com/user/profile/<userId>)"
	wantID     = "give the 24-hex-digit userId or " + profileURL
)

// digitsOfID is how many hex digits an id has.
const digitsOfID = 24

// What is read from a web address, in lower case.
var (
	shortLinkHost = regexp.MustCompile(`^(?:[0-9a-z_.-]*\.)?xhslink\.(?:com|cn)$`)
	platformHost  = regexp.MustCompile(`^(?:[0-9a-z_.-]*\.)?(?:xiaohongshu|rednote)\.com$`)
	noteInPath    = regexp.MustCompile(`/(?:explore|discovery/item|note-detail|search_result)/`)
	idInPath      = regexp.MustCompile(`/(?:user/profile|blogger-detail)/([0-9a-f]{24})(?:$|[^0-9a-z_.-])`)
)

// refusal is why a word cannot be read as an id. For a text of several words the
// caller is told the highest.
type refusal int

const (
	accepted refusal = iota
	neither
	missing
	wrongLength
	redID
	unreadable
	otherSite
	noID
	noteURL
	shortLink
	severalIDs
)

var refusals = map[refusal]string{
	neither:    "is neither 24 hex digits nor a profile URL: " + wantID,
	missing:    "is missing, the text only says null or the like: " + wantID,
	redID:      "looks like a 小红书号 (redId), which the upstream does not take: " + wantID + "; the profile page's address carries it",
	unreadable: "is not a web address that can be read: " + wantID,
	otherSite:  "is a URL of another site: " + wantID,
	noID:       "is a Xiaohongshu URL without a user id: " + wantID,
	noteURL:    "is a note's URL, and a note id is not a userId: open the note's author and give " + profileURL,
	shortLink:  "is an xhslink.com short link, which hides the id: open it in a browser and give the profile URL it leads to (https://www.xiaohongshu.com/user/profile/<userId>)",
	severalIDs: "has more than one blogger's id in it: give one, as the 24-hex-digit userId or " + profileURL,
}

// Refusal is the error of UserID: a sentence with verbs of package fmt and what
// goes into them, so that it can be said in another language.
type Refusal struct {
	Text string
	Args []any
}

// Error implements error.
func (r *Refusal) Error() string { return fmt.Sprintf(r.Text, r.Args...) }

// UserID reads a blogger's id as people paste it: 24 hex digits or a profile
// URL that carries them, with what came along from a chat, a table or a text.
// The error is a sentence for the caller, a *Refusal; it holds nothing of what
// was given.
func UserID(s string) (string, error) {
	if utf8.RuneCountInString(s) > MaxCharacters {
		return "", &Refusal{Text: TooLong("userId").Error() + ": " + wantID}
	}
	s = strings.ToLower(strings.TrimSpace(s))
	if isID(s) {
		return s, nil
	}
	words := wordsOf(s)
	var id string
	var why refusal
	switch len(words) {
	case 0:
		return "", &Refusal{Text: "userId is empty: " + wantID}
	case 1:
		id, why = idFromWord(words[0])
	default:
		id, why = idFromText(words)
	}
	switch {
	case why == accepted:
		return id, nil
	case why == redID && strings.ContainsAny(s, "{}$"):
		why = neither // a placeholder that nobody filled in
	case why == wrongLength:
		return "", &Refusal{"userId has %d hex digits where a userId has %d: " + wantID, []any{len(words[0]), digitsOfID}}
	}
	return "", &Refusal{Text: "userId " + refusals[why]}
}

// UserIDs reads a list of ids or URLs that was written as one text, in which a
// blogger may come twice. The error is a sentence for the caller.
func UserIDs(text string) ([]string, error) {
	var ids []string
	for i, v := range splitList(text) {
		id, err := readUserID(v, fmt.Sprintf("userIds[%d]", i))
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
		if len(ids) > MaxCompared {
			return nil, errTooMany
		}
	}
	if len(ids) == 0 {
		return nil, errNobody
	}
	return ids, nil
}

const (
	hexDigits       = "0123456789abcdef"
	redIDCharacters = "0123456789abcdefghijklmnopqrstuvwxyz_.-"
)

// only reports whether s has no other characters than these.
func only(s, characters string) bool {
	return strings.Trim(s, characters) == ""
}

func isID(s string) bool {
	return len(s) == digitsOfID && only(s, hexDigits)
}

// idFromWord reads a text of one word, in lower case.
func idFromWord(w string) (string, refusal) {
	switch {
	case isID(w):
		return w, accepted
	case isNothing(w):
		return "", missing
	case strings.Contains(w, "/"):
		return idFromURL(w)
	case len(w) >= 16 && len(w) <= 40 && only(w, hexDigits):
		return "", wrongLength
	case len(w) >= 2 && len(w) <= 40 && only(w, redIDCharacters):
		return "", redID
	}
	return "", neither
}

// idFromText finds the one profile URL in a text. An id without a URL does not
// count there, since it may be a note's, except that it must be no other one.
func idFromText(words []string) (string, refusal) {
	var ids []string
	why, isFound := neither, false
	for _, w := range words {
		isURL := strings.Contains(w, "/") && strings.Contains(w, ".")
		switch {
		case isURL:
			id, r := idFromURL(w)
			if r == accepted {
				ids, isFound = append(ids, id), true
			}
			why = max(why, r)
		case isID(w):
			ids = append(ids, w)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	switch {
	case len(ids) > 1:
		return "", severalIDs
	case isFound && why != shortLink: // that may lead to another blogger
		return ids[0], accepted
	}
	return "", why
}

func idFromURL(s string) (string, refusal) {
	if !strings.Contains(s, "://") {
		s = "https://" + strings.TrimPrefix(s, "//")
	}
	u, err := url.Parse(s)
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
	// The marketplace is a single-page application: its path may stand in the fragment.
	fragment, _, _ := strings.Cut(u.Fragment, "?")
	path := u.Path + "#/" + strings.TrimPrefix(fragment, "/")
	if noteInPath.MatchString(path) {
		return "", noteURL
	}
	if m := idInPath.FindStringSubmatch(path); m != nil {
		return m[1], accepted
	}
	return "", noID
}
