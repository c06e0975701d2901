package schema

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Who names the blogger to find. At most one member is set.
type Who struct {
	Name      string // a name or a 小红书号
	NoteID    string
	ShortLink string // the whole address
}

// IsLink reports whether a link names the blogger.
func (w Who) IsLink() bool { return w.NoteID != "" || w.ShortLink != "" }

// maxKeyword is how many characters a name or a topic may have. A longer text was pasted
// by mistake, and a search for it would cost a paid request.
const maxKeyword = 100

var (
	addressBegin = regexp.MustCompile(`(?i)^(?:https?://|www\.|//)`)
	ownHost      = regexp.MustCompile(`(?i)^(?:[0-9a-z_.-]*\.)?(?:xiaohongshu\.com|rednote\.com|xhslink\.(?:com|cn))(?:[:/?#]|$)`)
	redIDPrefix  = regexp.MustCompile(`^(?:@|小红书号\s*[:：]?\s*)`)
)

// who is an argument with a name, a 小红书号, or a text with one link.
func who() argType[Who] {
	return argType[Who]{
		property: property{Type: "string"},
		read: func(v json.RawMessage, into *Who) *Refusal {
			var s string
			refusal := text().read(v, &s)
			if refusal == nil {
				*into, refusal = readWho(s)
			}
			return refusal
		},
	}
}

func readWho(s string) (Who, *Refusal) {
	var found []Who
	var profiles int
	var why *Refusal
	for _, w := range wordsOf(s) {
		isAddress := addressBegin.MatchString(w) || ownHost.MatchString(w) || barePath.MatchString(w)
		switch one, refusal := whoByLink(w); {
		case isID(strings.ToLower(w)), isAddress && refusal != nil && refusal.Text == isProfile:
			profiles++
		case !isAddress:
		case refusal != nil:
			why = refusal
		case !slices.Contains(found, one):
			found = append(found, one)
		}
	}
	switch {
	case len(found) > 1, len(found) == 1 && profiles > 0:
		return Who{}, refuse(severalLinks)
	case len(found) == 1:
		return found[0], nil
	case profiles > 0:
		return Who{}, refuse(isProfile)
	case why != nil:
		return Who{}, why
	}
	return whoByName(s)
}

func whoByName(s string) (Who, *Refusal) {
	name := onOneLine(redIDPrefix.ReplaceAllString(strings.TrimFunc(s, isBlankOrHidden), ""))
	if plain := fold(name); only(strings.ToLower(plain), redIDCharacters) {
		name = plain // a 小红书号 in full-width digits
	}
	if name == "" {
		return Who{}, refuse(t("is empty: give a name, a 小红书号, a note link or an xhslink short link", "为空：请提供昵称、小红书号、笔记链接或 xhslink 短链接"))
	}
	if spoiltNumber.MatchString(strings.ToLower(name)) {
		return Who{}, refuse(userIDFaults[spoilt])
	}
	if refusal := checkKeyword(name); refusal != nil {
		return Who{}, refusal
	}
	return Who{Name: name}, nil
}

func isBlankOrHidden(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// whoByLink reads a web address.
func whoByLink(link string) (Who, *Refusal) {
	if id, refusal := noteIDType.read(link); refusal == nil {
		return Who{NoteID: id}, nil
	}
	if _, err := UserID(link); err == nil {
		return Who{}, refuse(isProfile)
	}
	if !strings.Contains(link, "://") {
		link = "https://" + strings.TrimPrefix(link, "//")
	}
	u, err := url.Parse(link)
	if err != nil || u.User != nil {
		return Who{}, refuse(unreadableLink)
	}
	switch host := strings.ToLower(u.Hostname()); {
	case !shortLinkHost.MatchString(host):
		return Who{}, refuse(wrongLink)
	case strings.Trim(u.Path, "/") == "":
		return Who{}, refuse(unreadableLink)
	}
	u.Fragment = ""
	return Who{ShortLink: u.String()}, nil
}

var (
	longKeyword    = t("has more than %d characters and no link in it: give a name or words alone", "超过 %d 个字符且不含链接：请只提供昵称或关键词")
	isProfile      = t("is a userId or a profile URL, which names the blogger already: get_blogger_profile and compare_bloggers take it as it is", "是 userId 或主页链接，已经指明了博主：pgy-mcp profile 和 pgy-mcp compare 可直接使用")
	wrongLink      = t("is neither a note link nor an xhslink short link: give a note link (https://www.xiaohongshu.com/explore/<noteId>), an xhslink short link, a name or a 小红书号", "既不是笔记链接，也不是短链接：请提供笔记链接（https://www.xiaohongshu.com/explore/<noteId>）、xhslink 短链接、昵称或小红书号")
	unreadableLink = t("is not a web address that can be read: give a note link (https://www.xiaohongshu.com/explore/<noteId>), an xhslink short link, a name or a 小红书号", "是无法识别的网址：请提供笔记链接（https://www.xiaohongshu.com/explore/<noteId>）、xhslink 短链接、昵称或小红书号")
	severalLinks   = t("has more than one link in it: give one", "含有多个链接：请只提供一个")
)

// LinkTarget reads the address that a short link redirects to, which is untrusted. It
// returns the id of a note or of a blogger; both are "" if the address is not a note's or
// a profile's on the platform.
func LinkTarget(address string) (noteID, userID string) {
	u, err := url.Parse(address)
	if err != nil || len(address) > MaxCharacters || u.Scheme != "https" && u.Scheme != "http" ||
		u.User != nil || u.Port() != "" || u.Fragment != "" || !platformHost.MatchString(strings.ToLower(u.Hostname())) {
		return "", ""
	}
	page := "https://" + u.Host + strings.ToLower(u.Path)
	if id, refusal := noteIDType.read(page); refusal == nil {
		return id, ""
	}
	id, _ := UserID(page)
	return "", id
}
