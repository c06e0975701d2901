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
		explore + noteID + ",13200":     "an amount behind it",
		explore + noteID + "，1.2万":      "an amount behind it",
		noteID + ",13,200":              "an amount behind it",
		noteID + " 13200元":              "an amount behind it",
		explore + noteID + "?xsec_token=AB=&xsec_source=pc_feed,13200": "an amount behind it",
		noteID + ";13200":                "an amount behind it",
		noteID + "：13200":                "an amount behind it",
		noteID + "、13200":                "an amount behind it",
		noteID + " - 13200":              "an amount behind it",
		noteID + "（13200元）":              "an amount behind it",
		noteID + "，“13，200”":             "an amount behind it",
		`"` + noteID + `"=13200`:         "an amount behind it",
		"<" + noteID + ">=13200":         "an amount behind it",
		explore + noteID + "；13200":      "an amount behind it",
		explore + noteID + " =13200":     "an amount behind it",
		explore + noteID + "?a=1 =13200": "an amount behind it",
	} {
		if n, err := PaidNote(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("PaidNote(%q): got %+v, %v; want an error with %q", in, n, err, want)
		} else {
			checkSentence(t, in, err)
		}
	}
}

// Lines as people write them and as spreadsheets save and paste them.
func TestPaidNoteLines(t *testing.T) {
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
		noteID + "，１２０００":                              noteID + "=12000",
		noteID + "，1.2万":                               noteID + "=12000",
		explore + noteID + "， 12，000":                  noteID + "=12000",
		"团子，" + explore + noteID + "，复制本条信息":           noteID,
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
		"标题\t" + noteID:                       noteID,
		noteID + ",20261130,4639645438,13200": noteID + "=13200", // a date and a 小红书号
		noteID + ",2026-11-30,":               noteID,
		profile + id + ",12000":               fmt.Sprintf("%q=12000", profile+id),
		"今天的笔记,12000":                         `"今天的笔记"=12000`,
		"12000":                               `"12000"`,
		noteID + `,"12000`:                    noteID + "=12000", // a quote that is not closed
	} {
		n, err := PaidNoteLines{}.Read(in)
		if got := askedNotes([]AskedNote{n}); err != nil || got != want {
			t.Errorf("PaidNoteLines.Read(%q): got %s, %v; want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		noteID + ",12,000":               `in quotes, such as 12000 or "12,000"`,
		noteID + ",12,000.50":            "cut at its comma",
		noteID + ",1,200,000":            "cut at its comma",
		noteID + ",¥12,500":              "cut at its comma",
		noteID + ",abc":                  "in the last cell",
		noteID + "\t12000\t已发布":          "in the last cell",
		"12000," + noteID:                "in the last cell",
		explore + noteID + ",13200,":     "put the amount last",
		explore + noteID + ",13200,0":    "put the amount last",
		explore + noteID + ",13200,12":   "put the amount last",
		explore + noteID + "\t13200\t\t": "put the amount last",
		"1,标题," + noteID + ",13200":      "put the amount last",
		`"` + noteID + `,13200"`:         "an amount behind it",
		"12000\t" + explore + noteID:     "in the last cell",
		noteID + ",-5":                   "in the last cell",
		noteID + ";13200":                "an amount behind it",
		"| " + noteID + " | 13200 |":     "an amount behind it",
		noteID + "=abc":                  "an amount that must be",
	} {
		if n, err := (PaidNoteLines{}).Read(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("PaidNoteLines.Read(%q): got %+v, %v; want an error with %q", in, n, err, want)
		} else {
			checkSentence(t, in, err)
		}
	}
}

// A header that names one column of amounts decides where a line has as many cells.
func TestHeaderOfPaidNotes(t *testing.T) {
	for header, lines := range map[string]map[string]string{
		"note,CNY,备注": {noteID + ",13200,": noteID + "=13200", noteID + ",13200,12": noteID + "=13200", noteID + ",,12": noteID, noteID + ",-,x": noteID},
		"序号\t笔记链接\t实付金额\t曝光": {"1\t" + explore + noteID + "\t\"13,200\"\t9000": noteID + "=13200"},
	} {
		for line, want := range lines {
			n, err := NewPaidNoteLines(header).Read(line)
			if got := askedNotes([]AskedNote{n}); err != nil || got != want {
				t.Errorf("%q below %q: got %s, %v; want %s", line, header, got, err, want)
			}
		}
	}
	for header, lines := range map[string]map[string]string{
		"note,CNY":       {noteID + ",13200,12": "put the amount last", noteID + ",12,000": "cut at its comma"},
		"note,paid,paid": {noteID + ",13200,12": "put the amount last"},
		"note,CNY,x":     {noteID + ",abc,12": "an amount that must be"},
	} {
		for line, want := range lines {
			if n, err := NewPaidNoteLines(header).Read(line); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q below %q: got %+v, %v; want an error with %q", line, header, n, err, want)
			}
		}
	}
}

func FuzzPaidNoteLines(f *testing.F) {
	for _, s := range []string{noteID, noteID + ",12000", noteID + "\t\"12,000\"", noteID + "=5", explore + noteID + "?a=1,2", `"` + noteID + `,"`, ",,,", "\"", "\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, read := range []func(string) (AskedNote, error){PaidNote, PaidNoteLines{}.Read} {
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
