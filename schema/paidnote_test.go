package schema

import (
	"fmt"
	"strings"
	"testing"
)

func TestPaidNote(t *testing.T) {
	for in, want := range map[string]string{
		noteID:                              noteID,
		noteID + "=12000":                   noteID + "=12000",
		noteID + "=12,000":                  noteID + "=12000",
		noteID + "=1.2万":                    noteID + "=12000",
		noteID + "＝¥12000.5":                noteID + "=12000.5",
		strings.ToUpper(noteID) + " = 5000": noteID + "=5000",
		noteID + "=0":                       noteID,
		noteID + "=":                        noteID,
		// Nothing of an address is money.
		explore + noteID + "?xsec_token=AB=12000":             noteID,
		explore + noteID + "?price=12000":                     noteID,
		explore + noteID + "#=12000":                          noteID,
		explore + noteID + "?tags=1,200":                      noteID,
		"70 【标题】 😆 " + discovery + noteID + "?a=b&c=12000，复制": noteID,
		profile + id:           fmt.Sprintf("%q", profile+id),
		noteID[:23] + "=12000": fmt.Sprintf("%q", noteID[:23]+"=12000"),
	} {
		n, err := PaidNote(in)
		if got := askedNotes([]AskedNote{n}); err != nil || got != want {
			t.Errorf("PaidNote(%q): got %s, %v; want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		noteID + "=abc":                 "an amount that must be a number above 0, in CNY, or 0",
		noteID + "=-5":                  "an amount that must be",
		noteID + "=12000=13000":         "an amount that must be",
		explore + noteID + "=12000":     "an address takes no amount",
		discovery + noteID + "=12000?a": "an address takes no amount",
	} {
		if n, err := PaidNote(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("PaidNote(%q): got %+v, %v; want an error with %q", in, n, err, want)
		} else {
			checkSentence(t, in, err)
		}
	}
}

// Lines as people write them and as spreadsheets save and paste them.
func TestPaidNoteInLine(t *testing.T) {
	for in, want := range map[string]string{
		noteID:                          noteID,
		noteID + ",12000":               noteID + "=12000",
		noteID + ` , "12,000"`:          noteID + "=12000",
		noteID + `,"12,000"`:            noteID + "=12000",
		`"` + noteID + `","¥12,000.00"`: noteID + "=12000",
		noteID + "\t12,000":             noteID + "=12000",
		noteID + "\t\"12,000\"":         noteID + "=12000",
		"样例笔记\t" + explore + noteID + "\t样例品牌\t12000元": noteID + "=12000",
		"样例笔记," + noteID + ",12000":                    noteID + "=12000",
		noteID + " 12000":                              noteID + "=12000",
		noteID + " 12 000":                             noteID + "=12000",
		noteID + "=12000":                              noteID + "=12000",
		noteID + ",":                                   noteID,
		noteID + ",0":                                  noteID,
		noteID + ",-":                                  noteID,
		noteID + "\tN/A\t0":                            noteID,
		"'" + noteID + ",1.2w":                         noteID + "=12000",
		explore + noteID + "?xsec_token=AB=,12000":     noteID + "=12000",
		explore + noteID + "?xsec_token=AB=12000":      noteID,
		`"` + explore + noteID + `?tags=1,200",12000`:  noteID + "=12000",
		`"` + explore + noteID + `?tags=1,200"`:        noteID,
		"70 【Hello, world - 团子】 😆 " + discovery + noteID + "?a=b": noteID,
		`"70 【Hello, world】 ` + discovery + noteID + `",500`:      noteID + "=500",
		"标题\t" + noteID:         noteID,
		profile + id + ",12000": fmt.Sprintf("%q=12000", profile+id),
		"今天的笔记,12000":           `"今天的笔记"=12000`,
		"12000":                 `"12000"`,
		noteID + `,"12000`:      noteID + "=12000", // a quote that is not closed
	} {
		n, err := PaidNoteInLine(in)
		if got := askedNotes([]AskedNote{n}); err != nil || got != want {
			t.Errorf("PaidNoteInLine(%q): got %s, %v; want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		noteID + ",12,000":           `in quotes, such as 12000 or "12,000"`,
		noteID + ",12,000.50":        "cut at its comma",
		noteID + ",1,200,000":        "cut at its comma",
		noteID + ",¥12,500":          "cut at its comma",
		noteID + ",abc":              "in the last cell",
		noteID + "\t12000\t已发布":      "in the last cell",
		"12000," + noteID:            "in the last cell",
		"12000\t" + explore + noteID: "in the last cell",
		noteID + ",-5":               "in the last cell",
		noteID + "=abc":              "an amount that must be",
	} {
		if n, err := PaidNoteInLine(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("PaidNoteInLine(%q): got %+v, %v; want an error with %q", in, n, err, want)
		} else {
			checkSentence(t, in, err)
		}
	}
}

func FuzzPaidNoteInLine(f *testing.F) {
	for _, s := range []string{noteID, noteID + ",12000", noteID + "\t\"12,000\"", noteID + "=5", explore + noteID + "?a=1,2", `"` + noteID + `,"`, ",,,", "\"", "\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, read := range []func(string) (AskedNote, error){PaidNote, PaidNoteInLine} {
			n, err := read(line)
			switch {
			case err != nil:
				checkSentence(t, line, err)
			case n.ID == "" && n.Malformed.Err == nil, n.ID != "" && !published24.MatchString(n.ID), n.PaidCNY < 0:
				t.Errorf("%q: got %+v, want a note or what is wrong with it", line, n)
			}
		}
	})
}
