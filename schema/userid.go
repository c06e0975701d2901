package schema

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// maxArgument is the most characters that a string argument may have.
const maxArgument = 2048

const wantID = "give the 24-hex-digit userId or the profile URL (https://www.xiaohongshu.com/user/profile/<userId>)"

// digitsOfID is how many hex digits an id has.
const digitsOfID = 24

// Compiled at the first URL: most callers give an id.
var (
	idInPath = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`/(?:user/profile|blogger-detail)/([0-9a-f]{24})(?:$|[/?#&])`)
	})
	noteURL = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`/(?:explore|discovery/item|note-detail|search_result)/`)
	})
)

// UserID reads a blogger's id as people write it: 24 hex digits or a profile
// URL that carries them, in any case, with blanks around. The error is a
// sentence for the caller; it holds nothing of what was given.
func UserID(s string) (string, error) {
	if utf8.RuneCountInString(s) > maxArgument {
		return "", fmt.Errorf("userId is longer than 2,048 characters: %s", wantID)
	}
	s = strings.ToLower(strings.TrimSpace(s))
	switch {
	case s == "":
		return "", fmt.Errorf("userId is empty: %s", wantID)
	case len(s) == digitsOfID && only(s, hexDigits):
		return s, nil
	case strings.Contains(s, "/"):
		return idFromURL(s)
	case len(s) >= 16 && len(s) <= 40 && only(s, hexDigits):
		return "", fmt.Errorf("userId has %d hex digits where a userId has 24: %s", len(s), wantID)
	case len(s) >= 2 && len(s) <= 40 && only(s, redIDCharacters):
		return "", fmt.Errorf("userId looks like a 小红书号 (redId), which the upstream does not take: %s; the profile page's address carries it", wantID)
	}
	return "", fmt.Errorf("userId is neither 24 hex digits nor a profile URL: %s", wantID)
}

const (
	hexDigits       = "0123456789abcdef"
	redIDCharacters = "0123456789abcdefghijklmnopqrstuvwxyz_.-"
)

// only reports whether s has no other characters than these.
func only(s, characters string) bool {
	return strings.Trim(s, characters) == ""
}

func idFromURL(s string) (string, error) {
	if !strings.Contains(s, "://") {
		s = "https://" + strings.TrimPrefix(s, "//")
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("userId is not a web address that can be read: %s", wantID)
	}
	host := u.Hostname()
	switch {
	case host == "xhslink.com" || strings.HasSuffix(host, ".xhslink.com"):
		return "", fmt.Errorf("userId is an xhslink.com short link, which hides the id: open it in a browser and give the profile URL it leads to (https://www.xiaohongshu.com/user/profile/<userId>)")
	case host != "xiaohongshu.com" && !strings.HasSuffix(host, ".xiaohongshu.com"):
		return "", fmt.Errorf("userId is a URL of another site: %s", wantID)
	}
	// The marketplace is a single-page application: its path may stand in the fragment.
	path := u.Path + "#/" + strings.TrimPrefix(u.Fragment, "/")
	if noteURL().MatchString(path) {
		return "", fmt.Errorf("userId is a note's URL, and a note id is not a userId: open the note's author and give the profile URL (https://www.xiaohongshu.com/user/profile/<userId>)")
	}
	if m := idInPath().FindStringSubmatch(path); m != nil {
		return m[1], nil
	}
	return "", fmt.Errorf("userId is a Xiaohongshu URL without a user id: %s", wantID)
}
