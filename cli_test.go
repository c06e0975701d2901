package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const notFoundID = "5a3e1e0000000000000000e1"

// The page has the comparison inside, in the language that is asked for.
func TestCompareCommandAsAPage(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		status, page, errs := runOnce(t, nil, "compare", "-upstream", "sample", "-o", "html", "-lang", lang, documentedID)
		same(t, "the status in "+lang, status, 0)
		same(t, "stderr in "+lang, errs, "")
		has(t, "the page in "+lang, page, "<!doctype html>", `{"lang":"`+lang+`","comparison":{"rows":[{"rank":1,"userId":"`+documentedID+`"`)
	}
}

func TestProfileCommand(t *testing.T) {
	status, out, errs := runOnce(t, nil, "profile", "-upstream", "sample", documentedID, "https://www.xiaohongshu.com/user/profile/5a3e1e000000000000000001?a=b")
	same(t, "the status", status, 0)
	same(t, "stderr", errs, "")
	has(t, "stdout", out, "103,684", "17.43 CNY per engagement", "sample (recorded", "样例：图文关闭", "closed")
	// A fact is one line, as an agent gets it.
	has(t, "stdout", out, "\nImage quote: open; 13,000 CNY; 17.43 CNY per engagement; 0.2016 CNY per read; 125.4 CNY per 1,000 followers\n")
	if first, second := strings.Index(out, documentedID), strings.Index(out, "样例：图文关闭"); first > second {
		t.Errorf("the first user is at %d in stdout, want it before the second one at %d", first, second)
	}
}

// A failure is a document too, in its place: who reads a line for each user is
// not led astray.
func TestProfileCommandAsJSON(t *testing.T) {
	status, out, errs := runOnce(t, nil, "profile", "-upstream", "sample", "-json", documentedID, notFoundID, "5a3e1e000000000000000003")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	same(t, "the status", status, 1)
	has(t, "stderr", errs, notFoundID+"\nnot_found: ")
	if len(lines) != 3 {
		t.Fatalf("%d lines, want 3: %.600q", len(lines), out)
	}
	for i, id := range map[int]string{0: documentedID, 2: "5a3e1e000000000000000003"} {
		var p struct {
			Summary struct{ UserID string }
			Meta    struct{ Source string }
		}
		if err := json.Unmarshal([]byte(lines[i]), &p); err != nil {
			t.Errorf("line %d is %.300s, want JSON: %v", i, lines[i], err)
		}
		same(t, fmt.Sprintf("the user of line %d", i), p.Summary.UserID, id)
		same(t, fmt.Sprintf("the source of line %d", i), p.Meta.Source, "sample")
	}
	var failure map[string]string
	if err := json.Unmarshal([]byte(lines[1]), &failure); err != nil {
		t.Errorf("line 1 is %.300s, want JSON: %v", lines[1], err)
	}
	same(t, "the number of the failure's members", len(failure), 2)
	same(t, "the failure's user", failure["userId"], notFoundID)
	has(t, "the failure's error", "^"+failure["error"], "^not_found: ")
}

func TestCompareCommand(t *testing.T) {
	status, out, errs := runOnce(t, nil, "compare", "-upstream", "sample", "-format", "image", "-sort", "followers", "-max-price", "13000",
		"5a3e1e000000000000000001", documentedID, "5a3e1e000000000000000003", documentedID, notFoundID)
	var rows []string
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "|") {
			rows = append(rows, line)
		}
	}
	same(t, "the status", status, 1)
	has(t, "stderr", errs, notFoundID+": not_found: ")
	if len(rows) != 6 {
		t.Fatalf("%d lines of the table, want 6: %.600q", len(rows), out)
	}
	for i, want := range []string{documentedID, "closed", "unknown", "failed"} {
		has(t, fmt.Sprintf("row %d", i), rows[i+2], want)
	}
	has(t, "stdout", out, "- Image quotes of at most 13,000 CNY, by followers: 4 looked up, 0 cached, 0 billed, 1 failed.\n")
}

// Users of a list come in any number; a line that is no id costs its own row.
func TestCompareCommandOfAList(t *testing.T) {
	list := "\ufeff# from the sheet\r\n\r\n" + documentedID + "\r\n  https://www.xiaohongshu.com/user/profile/5a3e1e000000000000000001?a=b \n4639645438\n" + documentedID + "\n"
	for n := range 30 {
		list += fmt.Sprintf("%024x\n", n)
	}
	args := func(output string) []string {
		return []string{"compare", "-upstream", "sample", "-rate", "1000", "-o", output, "5a3e1e000000000000000002", "-"}
	}
	compare := func(output string) string {
		t.Helper()
		var out, errs strings.Builder
		same(t, "the status of "+output, run(t.Context(), args(output), nil, strings.NewReader(list), &out, &errs), 1)
		has(t, "stderr of "+output, errs.String(), "\n4639645438: invalid_argument: ")
		return out.String()
	}
	records, err := csv.NewReader(strings.NewReader(compare("csv"))).ReadAll()
	if err != nil {
		t.Fatalf("reading the CSV ends with %v, want records", err)
	}
	if len(records) != 1+34 {
		t.Fatalf("%d records, want the header and 34", len(records))
	}
	if got, want := records[1][:5], []string{"1", "团子有点咸", documentedID, "open", "18000"}; !slices.Equal(got, want) {
		t.Errorf("the first row is %q, want %q", got, want)
	}
	last := records[34]
	same(t, "the user of the last row", last[2], "4639645438")
	has(t, "the error of the last row", "^"+last[len(last)-1], "^invalid_argument: ")
	var c struct {
		Rows []struct{ UserID, Error string }
		Meta struct{ Failed int }
	}
	document := compare("json")
	if err := json.Unmarshal([]byte(document), &c); err != nil {
		t.Fatalf("the document is %.300s, want JSON: %v", document, err)
	}
	same(t, "the number of failures", c.Meta.Failed, 31)
	if len(c.Rows) != 34 {
		t.Fatalf("%d rows, want 34", len(c.Rows))
	}
	if c.Rows[33].Error == "" {
		t.Errorf("the last row is %+v, want an error in it", c.Rows[33])
	}
}

func TestProfileCommandOfAList(t *testing.T) {
	var out, errs strings.Builder
	list := strings.NewReader("# two\n" + documentedID + "\nnone \x1b[2J\n")
	status := run(t.Context(), []string{"profile", "-upstream", "sample", "-json", "-"}, nil, list, &out, &errs)
	same(t, "the status", status, 1)
	has(t, "stderr", "^"+errs.String(), "^none [2J\ninvalid_argument: ")
	same(t, "the number of lines", strings.Count(out.String(), "\n"), 2)
	has(t, "stdout", out.String(), `{"userId":"none [2J","error":"invalid_argument: `)
}

// full is a disk without room, or a reader that has gone.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	for _, args := range [][]string{{"profile"}, {"profile", "-json"}, {"compare"}, {"compare", "-o", "csv"}, {"compare", "-o", "json"}, {"compare", "-o", "html"}} {
		var errs strings.Builder
		args = append(args, "-upstream", "sample", documentedID)
		status := run(t.Context(), args, nil, strings.NewReader(""), full{}, &errs)
		same(t, fmt.Sprintf("the status of %q", args), status, 1)
		has(t, fmt.Sprintf("stderr of %q", args), errs.String(), "cannot be written: no room")
	}
}

func TestHealthcheckCommand(t *testing.T) {
	w := startHTTP(t, nil, "-upstream", "sample")
	addr := strings.TrimPrefix(w.base, "http://")
	_, port, _ := strings.Cut(addr, ":")
	for _, listen := range []string{addr, ":" + port, "0.0.0.0:" + port} {
		status, _, errs := runOnce(t, nil, "healthcheck", "-addr", listen)
		same(t, "the status of "+listen, status, 0)
		same(t, "stderr of "+listen, errs, "")
	}
	w.log() // ends the server
	status, _, errs := runOnce(t, nil, "healthcheck", "-addr", addr)
	same(t, "the status of a server that has ended", status, 1)
	has(t, "stderr of a server that has ended", errs, "healthcheck: ")
}

// Every command prints in the language that is asked for, on stderr too.
func TestCommandsInChinese(t *testing.T) {
	for command, want := range map[string]string{
		"profile":  "\n图文报价：可接单；13,000 元；互动单价 (CPE) 17.43 元；",
		"compare":  "| 团子有点咸 | " + documentedID + " | 可接单 | 18,000 |",
		"insights": "\n## 笔记数据：日常笔记，图文与视频合计，近30天\n",
	} {
		_, out, errs := runOnce(t, nil, command, "-upstream", "sample", "-lang", "zh", "-log-level", "error", documentedID, insightsID, notFoundID)
		has(t, "stdout of "+command, out, want)
		has(t, "stderr of "+command, errs, "not_found：")
		hasNot(t, "stderr of "+command, errs, "not_found: ")
	}
	status, _, errs := runOnce(t, nil, "profile", "-upstream", "sample", "-lang", "zh", "none")
	same(t, "the status of a wrong command line", status, 2)
	has(t, "stderr of a wrong command line", errs, "this cannot be run") // English
}
