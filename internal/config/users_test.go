package config

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const otherBlogger = "5a3e1e000000000000000001"

// inUTF16 is how PowerShell's > and spreadsheets write a text.
func inUTF16(order binary.AppendByteOrder, text string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

// inGBK is how Excel in Chinese saves a text as CSV.
func inGBK(t *testing.T, text string) string {
	t.Helper()
	s, err := simplifiedchinese.GBK.NewEncoder().String(text)
	if err != nil {
		t.Fatalf("%q in GBK: %v", text, err)
	}
	return s
}

func TestLists(t *testing.T) {
	long := strings.Repeat("团子，", 30000)
	both := []string{blogger, otherBlogger}
	for name, c := range map[string]struct {
		list   string
		want   []string
		header string // as it is shown; "" where none is left out
	}{
		"lines":                   {blogger + "\n" + otherBlogger + "\n", both, ""},
		"CRLF, blanks, comments":  {"\ufeff# a list\r\n\r\n  " + blogger + "\t\r\n#\r\n" + otherBlogger, both, ""},
		"joined by copy on DOS":   {"\ufeff" + blogger + "\r\n\ufeff# b\r\n\u200b\r\n" + otherBlogger + "\r\n\x1a", both, ""},
		"CR alone":                {blogger + "\r" + otherBlogger + "\r", both, ""},
		"UTF-16, little-endian":   {inUTF16(binary.LittleEndian, "博主\tid\r\n团子\t"+blogger+"\r\n小明\t"+otherBlogger+"\r\n"), both, "博主id"},
		"UTF-16, big-endian":      {inUTF16(binary.BigEndian, blogger+"\n"+otherBlogger), both, ""},
		"UTF-16, an odd end":      {inUTF16(binary.LittleEndian, blogger) + "x", []string{blogger}, ""},
		"GBK":                     {inGBK(t, "昵称,主页\r\n小熊,"+blogger+",1万\r\n团子（"+otherBlogger+"）"), both, "昵称,主页"},
		"GBK, words at the ids":   {inGBK(t, "小熊："+blogger+"\n团子"+otherBlogger), both, ""},
		"GBK beside UTF-8":        {"字" + blogger + "\n" + inGBK(t, "团子："+otherBlogger), both, ""},
		"CSV with a header":       {"name,userId,price\n团子," + blogger + ",18000\n" + `"小明, 大",` + otherBlogger + ",9000\n", both, "name,userId,price"},
		"tabs and addresses":      {"团子\thttps://www.xiaohongshu.com/user/profile/" + blogger + "\t1.8万\n1. 小明 /user/profile/" + otherBlogger, both, ""},
		"a header behind a blank": {"\n# x\nuserId\n" + blogger, []string{blogger}, "userId"},
		"long lines":              {long + blogger + long + "\n" + otherBlogger, both, ""},
		"no header":               {"4639645438\nuserId\n" + blogger, []string{"4639645438", "userId", blogger}, ""},
		"a spoilt first line":     {"团子,6.599E+23\n" + blogger, []string{"团子,6.599E+23", blogger}, ""},
		"a link in the first":     {"http://xhslink.com/a/b\n" + blogger, []string{"http://xhslink.com/a/b", blogger}, ""},
		"a line with two":         {blogger + "," + otherBlogger, []string{blogger + "," + otherBlogger}, ""},
		"quoted ids":              {"'" + blogger + "\n\"" + otherBlogger + "\"", both, ""},
	} {
		got, err := Parse([]string{"profile", "-"}, Environment{"HOME": "/home/a", "LOCALAPPDATA": "/a"}, strings.NewReader(c.list))
		if err != nil || !slices.Equal(got.Users, c.want) {
			t.Errorf("%s: the users are %.300q, %v; want %q", name, got.Users, err, c.want)
			continue
		}
		var want []string
		if c.header != "" {
			want = []string{`the first line of standard input, "` + c.header + `", has no id and was taken for a header`}
		}
		if !slices.Equal(got.warnings, want) {
			t.Errorf("%s: the notes are %q, want %q", name, got.warnings, want)
		}
	}
	for list, want := range map[string]string{
		"":             "standard input has no USER",
		"# x\n\n":      "standard input has no USER",
		"userId\n":     `"userId", has no id and was taken for a header; nothing follows`,
		"\xff\xfe":     "standard input has no USER",
		"\x00\x00\x00": "taken for a header; nothing follows",
	} {
		if _, err := Parse([]string{"compare", "-"}, nil, strings.NewReader(list)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v, want %q in it", list, err, want)
		}
	}
}

// An argument is read as a line is; a bad one costs its own row.
func TestUserArguments(t *testing.T) {
	c := parse(t, nil, "compare", "团子 "+blogger, "x y", "4639645438", otherBlogger+",18000", blogger)
	if want := []string{blogger, "x y", "4639645438", otherBlogger, blogger}; !slices.Equal(c.Users, want) {
		t.Errorf("the users are %q, want %q", c.Users, want)
	}
	if want := []string{blogger, otherBlogger}; !slices.Equal(c.Compare.UserIDs, want) {
		t.Errorf("%q are compared, want %q", c.Compare.UserIDs, want)
	}
	if n := len(c.Compare.Malformed); n != 2 {
		t.Errorf("%d of the compared are malformed, want 2", n)
	}
}

// A file's name is no blogger: nothing is looked up or searched for it.
func TestAFileIsNoUser(t *testing.T) {
	there := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(there, []byte(blogger), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"list.csv", "博主.XLSX", "old.xls", "bloggers.txt", there} {
		for command, noun := range map[string]string{"compare": "USER", "profile": "USER", "review": "NOTE"} {
			want := name + " is a file, no " + noun + ": pgy-mcp " + command + " - < " + name + " reads a list from it"
			if ext := strings.ToLower(filepath.Ext(name)); ext == ".xlsx" || ext == ".xls" {
				want = name + " is a workbook, no " + noun + ": save its sheet as csv; pgy-mcp " + command + " - < FILE reads a list from that"
			}
			if _, err := Parse([]string{command, name}, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %s: the error is %v, want %q in it", command, name, err, want)
			}
		}
	}
}

// An id stays an id where a file has its name, as after profile ID > ID.
func TestAUserWithAFileOfItsName(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(blogger, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Parse([]string{"profile", blogger}, nil, nil); err != nil {
		t.Errorf("profile of an id that is a file's name too: the error is %v, want none", err)
	}
}

// Any list is read, and each blogger of it is an id or a failed row.
func FuzzLists(f *testing.F) {
	for _, list := range []string{"", blogger, "id\n" + blogger, "\xff\xfe", "\xff\xfea", inUTF16(binary.BigEndian, blogger), "\r\r#\r" + blogger, "6.599E+23", "\x00\xff", "团子\t" + blogger + "\t1"} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, list string) {
		c, err := Parse([]string{"compare", "-"}, nil, strings.NewReader(list))
		if err != nil {
			if !strings.Contains(err.Error(), "standard input") {
				t.Errorf("%q: the error is %v, want one about standard input", list, err)
			}
			return
		}
		if n := len(c.Compare.UserIDs) + len(c.Compare.Malformed); n == 0 || n > len(c.Users) {
			t.Errorf("%q: %d rows of %d users, want one at least and no more", list, n, len(c.Users))
		}
	})
}

// The bytes of a workbook are no list of names that failed.
func TestAWorkbookIsNoList(t *testing.T) {
	for _, in := range []string{"PK\x03\x04\x14\x00" + blogger, "\xd0\xcf\x11\xe0\xa1" + blogger} {
		if _, err := Parse([]string{"compare", "-"}, nil, strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), "is a workbook, not text: save its sheet as csv") {
			t.Errorf("compare - of %q: the error is %v, want one that says to save it as csv", in, err)
		}
	}
}
