package schema

import (
	"strings"
	"testing"
)

const id = "659902c1000000002200361b"

func TestUserIDAsPeopleWriteIt(t *testing.T) {
	for _, s := range []string{
		id,
		strings.ToUpper(id),
		"  " + id + "\t",
		"\u3000" + id + "\u3000", // full-width blank
		id + "\n",
		"\r\n" + id + "\r\n",
		"https://www.xiaohongshu.com/user/profile/" + id,
		"http://www.xiaohongshu.com/user/profile/" + id,
		"https://xiaohongshu.com/user/profile/" + id,
		"https://m.xiaohongshu.com/user/profile/" + id,
		"www.xiaohongshu.com/user/profile/" + id,
		"xiaohongshu.com/user/profile/" + id,
		"m.xiaohongshu.com/user/profile/" + id,
		"//www.xiaohongshu.com/user/profile/" + id,
		"https://www.xiaohongshu.com:443/user/profile/" + id,
		"https://www.xiaohongshu.com/user/profile/" + id + "/",
		"https://www.xiaohongshu.com/user/profile/" + id + "?xsec_token=AB_c-d=&xsec_source=pc_note",
		"https://www.xiaohongshu.com/user/profile/" + id + "#tab",
		"https://www.xiaohongshu.com/user/profile/" + id + "?from=/explore/64f0a1b2000000001203e4d5",
		// A note opened from a profile still names the profile's owner first.
		"https://www.xiaohongshu.com/user/profile/" + id + "/64f0a1b2000000001203e4d5?xsec_token=A",
		strings.ToUpper("https://www.xiaohongshu.com/user/profile/" + id),
		" https://www.xiaohongshu.com/user/profile/" + id + "\n",
		"https://pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/" + id,
		"http://pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/" + id + "?track_id=kolMatch_1&source=Advertiser_Kol",
		"pgy.xiaohongshu.com/solar/pre-trade/blogger-detail/" + id + "/",
		"https://pgy.xiaohongshu.com/#/solar/pre-trade/blogger-detail/" + id,
		"https://pgy.xiaohongshu.com/#/solar/pre-trade/blogger-detail/" + id + "?source=kol",
		"https://pgy.xiaohongshu.com/solar#blogger-detail/" + id,
	} {
		if got, err := UserID(s); err != nil || got != id {
			t.Errorf("UserID(%q) = %q, %v; want %q", s, got, err, id)
		}
	}
}

func TestUserIDRefusals(t *testing.T) {
	const (
		empty     = "is empty"
		red       = "小红书号 (redId)"
		hexDigits = "hex digits where a userId has 24"
		note      = "a note's URL"
		short     = "xhslink.com short link"
		site      = "URL of another site"
		address   = "not a web address"
		noID      = "Xiaohongshu URL without a user id"
		long      = "longer than 2,048 characters"
		neither   = "neither 24 hex digits nor a profile URL"
	)
	// The sentences differ, so that each one says what is wrong with this very id.
	all := []string{empty, red, hexDigits, note, short, site, address, noID, long, neither}
	for _, c := range []struct{ in, want string }{
		{"", empty},
		{" \t\n\u3000", empty},
		{"463964543", red},
		{"4639645438", red},
		{"46396454381", red},
		{"Tuan.zi_2024-a", red},
		{id[:23], "23 " + hexDigits},
		{id + "0", "25 " + hexDigits},
		{strings.ToUpper(id[:20]), "20 " + hexDigits},
		{"https://www.xiaohongshu.com/explore/64f0a1b2000000001203e4d5", note},
		{"https://www.xiaohongshu.com/explore/64f0a1b2000000001203e4d5?xsec_token=x", note},
		{"www.xiaohongshu.com/discovery/item/64f0a1b2000000001203e4d5", note},
		{"https://pgy.xiaohongshu.com/solar/pre-trade/note-detail/64f0a1b2000000001203e4d5", note},
		{"https://pgy.xiaohongshu.com/#/solar/pre-trade/note-detail/64f0a1b2000000001203e4d5", note},
		{"HTTPS://WWW.XIAOHONGSHU.COM/EXPLORE/64F0A1B2000000001203E4D5", note},
		{"https://www.xiaohongshu.com/explore/not-an-id", note},
		{"https://xhslink.com/m/1a2B3c", short},
		{"http://xhslink.com/a/1a2B3c", short},
		{"xhslink.com/m/1a2B3c", short},
		{"https://www.xhslink.com/m/1a2B3c", short},
		{"https://evil.com/user/profile/" + id, site},
		{"https://www.xiaohongshu.com.evil.com/user/profile/" + id, site},
		{"https://www.xiaohongshu.com@evil.com/user/profile/" + id, site},
		{"https://evilxiaohongshu.com/user/profile/" + id, site},
		{"evil.com/www.xiaohongshu.com/user/profile/" + id, site},
		{"https://evil.com/?u=https://www.xiaohongshu.com/user/profile/" + id, site},
		{"https://evil.com/#/user/profile/" + id, site},
		{"https://notxhslink.com/m/1a2B3c", site},
		{"/user/profile/" + id, site},
		{"javascript://www.xiaohongshu.com/user/profile/" + id, address},
		{"ftp://www.xiaohongshu.com/user/profile/" + id, address},
		{"javascript:alert(1)//www.xiaohongshu.com/user/profile/" + id, address},
		{"https://www.xiaohongshu.com:port/user/profile/" + id, address},
		{"https://evil.com\\@www.xiaohongshu.com/user/profile/" + id, address},
		{"https://www.xiaohongshu.com/", noID},
		{"https://www.xiaohongshu.com/user/profile/" + id[:23], noID},
		{"https://www.xiaohongshu.com/user/profile/" + id + "0", noID},
		{"https://www.xiaohongshu.com/user/profile/" + strings.Repeat("g", 24), noID},
		{"https://www.xiaohongshu.com/search?u=/user/profile/" + id, noID},
		{"https://www.xiaohongshu.com/" + strings.Repeat("a", 2048), long},
		{strings.Repeat(" ", 2049), long},
		{strings.Repeat("团", 2049), long},
		{"团子有点咸", neither},
		{"two words", neither},
		{id + " " + id, neither},
		{id[:23] + "\u200b", "23 " + hexDigits},
	} {
		got, err := UserID(c.in)
		if err == nil {
			t.Errorf("UserID(%.80q) = %q, want it refused", c.in, got)
			continue
		}
		if got != "" {
			t.Errorf("UserID(%.80q) gives %q beside the error", c.in, got)
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("UserID(%.80q): %v; want %q in it", c.in, err, c.want)
		}
		for _, other := range all {
			if !strings.Contains(c.want, other) && strings.Contains(err.Error(), other) {
				t.Errorf("UserID(%.80q): %v; also says %q", c.in, err, other)
			}
		}
	}
}

func TestUserIDOf24LettersIsNoUserID(t *testing.T) {
	for _, s := range []string{strings.Repeat("g", 24), "659902c100000000220036lb", strings.Repeat("٥", 24), strings.Repeat("𝟓", 24)} {
		if got, err := UserID(s); err == nil {
			t.Errorf("UserID(%q) = %q, want it refused", s, got)
		}
	}
}

func TestUserIDTakes2048Characters(t *testing.T) {
	url := "https://www.xiaohongshu.com/user/profile/" + id + "?q="
	for _, fill := range []string{"a", "团"} { // characters, not bytes
		s := url + strings.Repeat(fill, 2048-len(url))
		if got, err := UserID(s); err != nil || got != id {
			t.Errorf("UserID of 2,048 × %q = %q, %v; want %q", fill, got, err, id)
		}
	}
}

// What is refused is not shown back: an error must not carry a caller's text
// into a model's context.
func TestUserIDErrorHoldsNothingOfTheInput(t *testing.T) {
	for _, s := range []string{"zebra-zebra", "https://zebra.example/user/profile/" + id, "https://www.xiaohongshu.com/zebra", "zebra://x/y", "https://xhslink.com/zebra"} {
		_, err := UserID(s)
		if err == nil {
			t.Errorf("UserID(%q) is accepted", s)
		} else if strings.Contains(err.Error(), "zebra") {
			t.Errorf("UserID(%q): %v", s, err)
		}
	}
}
