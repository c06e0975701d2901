package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
)

// askedNotes shows notes as ID=CNY, and what cannot be one in quotes.
func askedNotes(notes []AskedNote) string {
	out := make([]string, len(notes))
	for i, n := range notes {
		if out[i] = n.ID; n.ID == "" {
			out[i] = fmt.Sprintf("%q", n.Malformed.Given)
		}
		if n.PaidCNY != 0 {
			out[i] += "=" + fmt.Sprint(n.PaidCNY)
		}
	}
	return strings.Join(out, " ")
}

func TestReviewArguments(t *testing.T) {
	for in, want := range map[string]string{
		`{"notes":["` + noteID + `"]}`: noteID,
		`{"notes":["` + explore + noteID + `?xsec_token=AB=12000","` + otherNoteID + `"]}`:  noteID + " " + otherNoteID,
		`{"notes":["` + noteID + `","` + otherNoteID + `"],"paidCny":[12000,0]}`:            noteID + "=12000 " + otherNoteID,
		`{"notes":["` + noteID + `","` + otherNoteID + `"],"paidCny":"[\"1.2万\", 500.5]"}`:  noteID + "=12000 " + otherNoteID + "=500.5",
		`{"notes":["` + noteID + `","` + discovery + noteID + `"],"paidCny":[12000,12000]}`: noteID + "=12000",
		`{"notes":["` + noteID + `","` + noteID + `"],"paidCny":[0,12000]}`:                 noteID + "=12000",
		`{"notes":["` + noteID + `","` + noteID + `"],"paidCny":[12000,0]}`:                 noteID + "=12000",
		`{"notes":["` + profile + id + `","` + noteID + `"],"paidCny":[700,5]}`:             fmt.Sprintf("%q=700 %s=5", profile+id, noteID),
		`{"notes":["xhslink.com/a/b","xhslink.com/a/b"]}`:                                   `"xhslink.com/a/b"`,
		`{"notes":"` + noteID + `, ` + explore + otherNoteID + `"}`:                         noteID + " " + otherNoteID,
		`{"notes":"70 【今天吃什么，好吃 - 团子 | 小红书】 😆 ` + discovery + noteID + `?a=b，复制"}`:          noteID,
		`{"notes":"[\"` + noteID + `\"]","sortBy":null,"paidCny":null,"refresh":"false"}`:   noteID,
	} {
		got, err := ReviewArguments.Decode(json.RawMessage(in))
		if err != nil || askedNotes(got.Notes) != want {
			t.Errorf("Decode(%s): got %s, %v; want %s", in, askedNotes(got.Notes), err, want)
		}
	}
	in, err := ReviewArguments.Decode(json.RawMessage(`{"notes":["` + noteID + `"],"sortBy":"readsToMedian","cachedOnly":true}`))
	if err != nil || in.SortBy != NotesByReadsToMedian || !in.CachedOnly || in.Refresh {
		t.Errorf("Decode of sortBy and cachedOnly: got %+v, %v", in, err)
	}
}

func TestReviewArgumentsRefusals(t *testing.T) {
	var many []string
	for n := range MaxReviewed + 1 {
		many = append(many, fmt.Sprintf("%024x", n))
	}
	for in, want := range map[string][2]string{
		`{}`:                {"notes is missing", "notes 缺失"},
		`{"notes":[]}`:      {"notes is empty: give 1 to 20 note ids or URLs", "notes 为空"},
		`{"notes":{"a":1}}`: {"notes must be an array of note ids or URLs, not an object", "notes 必须是数组"},
		`{"notes":"null"}`:  {"notes is missing", "notes 缺失"},
		`{"notes":` + string(encoded(many)) + `}`:                                           {"notes has more than 20 notes: give 1 to 20", "notes 超过 20 篇笔记"},
		`{"notes":["` + noteID + `"],"paidCny":[1,2]}`:                                      {"paidCny has 2 numbers for 1 notes", "paidCny 有 2 个数字，而笔记有 1 篇"},
		`{"notes":["` + noteID + `"],"paidCny":[-1]}`:                                       {"paidCny must be numbers of CNY, 0 where an amount is not known", "paidCny 必须是以元为单位的数字"},
		`{"notes":["` + noteID + `"],"sortBy":"likes"}`:                                     {"sortBy must be one of cnyPerRead, cnyPerEngagement, cpmCny, reads, engagements, readsToMedian", "sortBy 必须是以下之一"},
		`{"notes":["` + noteID + `"],"refresh":true,"cachedOnly":true}`:                     {"refresh and cachedOnly exclude each other", "refresh 与 cachedOnly 不能同时使用"},
		`{"notes":["` + noteID + `"],"paid":[1]}`:                                           {`unknown argument "paid": the arguments are notes, paidCny, sortBy, refresh, cachedOnly`, "未知参数"},
		`{"notes":["` + noteID + `","` + explore + noteID + `"],"paidCny":[12000,13000.5]}`: {"paidCny has two amounts for the note " + noteID + ", 12,000 and 13,000.5 CNY", "paidCny 为笔记 " + noteID + " 给出了两个金额：12,000 元和 13,000.5 元"},
		`{"notes":["xhslink.com/a/b","xhslink.com/a/b"],"paidCny":[1,2]}`:                   {"paidCny has two amounts for the note xhslink.com/a/b, 1 and 2 CNY", "paidCny 为笔记 xhslink.com/a/b 给出了两个金额"},
	} {
		_, err := ReviewArguments.Decode(json.RawMessage(in))
		refusal := new(Refusal)
		if !errors.As(err, &refusal) {
			t.Errorf("Decode(%.100s): the error is %v, want a *Refusal", in, err)
			continue
		}
		if got := refusal.Error(); !strings.HasPrefix(got, want[0]) {
			t.Errorf("Decode(%.100s): got %q, want it to begin with %q", in, got, want[0])
		}
		if got := refusal.In(lang.Chinese); !strings.HasPrefix(got, want[1]) {
			t.Errorf("Decode(%.100s) in Chinese: got %q, want it to begin with %q", in, got, want[1])
		}
		checkSentence(t, in, err)
	}
}

// What cannot be a note is no mistake of the whole call, and its sentence helps.
func TestReviewArgumentsMalformed(t *testing.T) {
	in, err := ReviewArguments.Decode(json.RawMessage(`{"notes":["` + profile + id + `","http://xhslink.com/a/b",true,["` + noteID + `"]]}`))
	if err != nil || len(in.Notes) != 4 {
		t.Fatalf("Decode: got %d notes, %v; want 4", len(in.Notes), err)
	}
	for i, want := range []string{"note is a blogger's profile URL", "note is an xhslink.com short link", "note must be a string, not a boolean"} {
		if got := fmt.Sprint(in.Notes[i].Malformed.Err); !strings.HasPrefix(got, want) {
			t.Errorf("the error of note %d: got %q, want it to begin with %q", i, got, want)
		}
	}
	if got := fmt.Sprint(in.Notes[1].Malformed.Err); !strings.Contains(got, "find_bloggers") {
		t.Errorf("the error of a short link: got %q, want find_bloggers in it", got)
	}
}
