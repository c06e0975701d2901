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
		if status != 0 || errs != "" {
			t.Errorf("%s: status %d, %s, want 0 and nothing", lang, status, errs)
		}
		for _, want := range []string{"<!doctype html>", `{"lang":"` + lang + `","comparison":{"rows":[{"rank":1,"userId":"` + documentedID + `"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %s in the page", lang, want)
			}
		}
	}
}

func TestProfileCommand(t *testing.T) {
	status, out, errs := runOnce(t, nil, "profile", "-upstream", "sample", documentedID, "https://www.xiaohongshu.com/user/profile/5a3e1e000000000000000001?a=b")
	if status != 0 || errs != "" {
		t.Errorf("status %d, %s", status, errs)
	}
	for _, want := range []string{"103,684", "17.43 CNY per engagement", "sample (recorded", "样例：图文关闭", "closed"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
	if !strings.Contains(out, "\nImage quote: open; 13,000 CNY; 17.43 CNY per engagement; 0.2016 CNY per read; 125.4 CNY per 1,000 followers\n") {
		t.Errorf("a fact is not one line, as an agent gets it: %s", out)
	}
	if strings.Index(out, documentedID) > strings.Index(out, "样例：图文关闭") {
		t.Error("not in the order given")
	}
}

// A failure is a document too, in its place: who reads a line for each user is
// not led astray.
func TestProfileCommandAsJSON(t *testing.T) {
	status, out, errs := runOnce(t, nil, "profile", "-upstream", "sample", "-json", documentedID, notFoundID, "5a3e1e000000000000000003")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if status != 1 || len(lines) != 3 || !strings.Contains(errs, notFoundID+"\nnot_found: ") {
		t.Fatalf("status %d, %d lines, %s", status, len(lines), errs)
	}
	for i, id := range map[int]string{0: documentedID, 2: "5a3e1e000000000000000003"} {
		var p struct {
			Summary struct{ UserID string }
			Meta    struct{ Source string }
		}
		if err := json.Unmarshal([]byte(lines[i]), &p); err != nil || p.Summary.UserID != id || p.Meta.Source != "sample" {
			t.Errorf("%v: %s", err, lines[i])
		}
	}
	var failure map[string]string
	if err := json.Unmarshal([]byte(lines[1]), &failure); err != nil || len(failure) != 2 || failure["userId"] != notFoundID || !strings.HasPrefix(failure["error"], "not_found: ") {
		t.Errorf("got %v and %s, want userId and error", err, lines[1])
	}
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
	if status != 1 || len(rows) != 6 || !strings.Contains(errs, notFoundID+": not_found: ") {
		t.Fatalf("status %d, %d rows: %s%s", status, len(rows), out, errs)
	}
	for i, want := range []string{documentedID, "closed", "unknown", "failed"} {
		if !strings.Contains(rows[i+2], want) {
			t.Errorf("row %d has no %s: %s", i, want, rows[i+2])
		}
	}
	if want := "- Image quotes of at most 13,000 CNY, by followers: 4 looked up, 0 cached, 0 billed, 1 failed.\n"; !strings.Contains(out, want) {
		t.Errorf("got %s, want %q in it", out, want)
	}
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
		if status := run(t.Context(), args(output), nil, strings.NewReader(list), &out, &errs); status != 1 || !strings.Contains(errs.String(), "\n4639645438: invalid_argument: ") {
			t.Errorf("%s: status %d, %s", output, status, &errs)
		}
		return out.String()
	}
	records, err := csv.NewReader(strings.NewReader(compare("csv"))).ReadAll()
	if err != nil || len(records) != 1+34 {
		t.Fatalf("%d records, %v; want the header and 34", len(records), err)
	}
	if got := records[1][:5]; !slices.Equal(got, []string{"1", "团子有点咸", documentedID, "open", "18000"}) {
		t.Errorf("the first row is %q", got)
	}
	if last := records[34]; last[2] != "4639645438" || !strings.HasPrefix(last[len(last)-1], "invalid_argument: ") {
		t.Errorf("the last row is %q", last)
	}
	var c struct {
		Rows []struct{ UserID, Error string }
		Meta struct{ Failed int }
	}
	if err := json.Unmarshal([]byte(compare("json")), &c); err != nil || len(c.Rows) != 34 || c.Meta.Failed != 31 || c.Rows[33].Error == "" {
		t.Errorf("%v: %d rows, %+v", err, len(c.Rows), c.Meta)
	}
}

func TestProfileCommandOfAList(t *testing.T) {
	var out, errs strings.Builder
	list := strings.NewReader("# two\n" + documentedID + "\nnone \x1b[2J\n")
	if status := run(t.Context(), []string{"profile", "-upstream", "sample", "-json", "-"}, nil, list, &out, &errs); status != 1 || !strings.HasPrefix(errs.String(), "none [2J\ninvalid_argument: ") {
		t.Errorf("status %d, %q", status, &errs)
	}
	if got := strings.Count(out.String(), "\n"); got != 2 || !strings.Contains(out.String(), `{"userId":"none [2J","error":"invalid_argument: `) {
		t.Errorf("%d lines: %s", got, &out)
	}
}

// full is a disk without room, or a reader that has gone.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	for _, args := range [][]string{{"profile"}, {"profile", "-json"}, {"compare"}, {"compare", "-o", "csv"}, {"compare", "-o", "json"}, {"compare", "-o", "html"}} {
		var errs strings.Builder
		args = append(args, "-upstream", "sample", documentedID)
		if status := run(t.Context(), args, nil, strings.NewReader(""), full{}, &errs); status != 1 || !strings.Contains(errs.String(), "cannot be written: no room") {
			t.Errorf("%s: status %d, stderr %s", args, status, &errs)
		}
	}
}

func TestHealthcheckCommand(t *testing.T) {
	w := startHTTP(t, nil, "-upstream", "sample")
	addr := strings.TrimPrefix(w.base, "http://")
	_, port, _ := strings.Cut(addr, ":")
	for _, listen := range []string{addr, ":" + port, "0.0.0.0:" + port} {
		if status, _, errs := runOnce(t, nil, "healthcheck", "-addr", listen); status != 0 {
			t.Errorf("%s: status %d, %s, want 0", listen, status, errs)
		}
	}
	w.log() // ends the server
	status, _, errs := runOnce(t, nil, "healthcheck", "-addr", addr)
	if status != 1 {
		t.Errorf("status %d of a server that has ended, want 1", status)
	}
	if !strings.Contains(errs, "healthcheck: ") {
		t.Errorf("stderr is %q, want the reason", errs)
	}
}

// Every command prints in the language that is asked for, on stderr too.
func TestCommandsInChinese(t *testing.T) {
	for command, want := range map[string]string{
		"profile":  "\n图文报价：开放；13,000 元；17.43 元/互动；",
		"compare":  "| 团子有点咸 | " + documentedID + " | 开放 | 18,000 |",
		"insights": "\n## 笔记数据：日常笔记，图文与视频合计，近30天\n",
	} {
		_, out, errs := runOnce(t, nil, command, "-upstream", "sample", "-lang", "zh", "-log-level", "error", documentedID, insightsID, notFoundID)
		if !strings.Contains(out, want) {
			t.Errorf("%s prints %s, want %q in it", command, out, want)
		}
		if want := "not_found："; !strings.Contains(errs, want) || strings.Contains(errs, "not_found: ") {
			t.Errorf("%s says %s on stderr, want %q in it", command, errs, want)
		}
	}
	status, _, errs := runOnce(t, nil, "profile", "-upstream", "sample", "-lang", "zh", "none")
	if status != 2 || !strings.Contains(errs, "this cannot be run") {
		t.Errorf("a wrong command line: status %d, %s, want 2 and English", status, errs)
	}
}
