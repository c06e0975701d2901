package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

const notFoundID = "5a3e1e0000000000000000e1"

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

func TestProfileCommandAsJSON(t *testing.T) {
	status, out, errs := runOnce(t, nil, "profile", "-upstream", "sample", "-json", documentedID, notFoundID, "5a3e1e000000000000000003")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if status != 1 || len(lines) != 2 || !strings.Contains(errs, notFoundID+"\nnot_found: ") {
		t.Fatalf("status %d, %d lines, %s", status, len(lines), errs)
	}
	for i, id := range []string{documentedID, "5a3e1e000000000000000003"} {
		var p struct {
			Summary struct{ UserID string }
			Meta    struct{ Source string }
		}
		if err := json.Unmarshal([]byte(lines[i]), &p); err != nil || p.Summary.UserID != id || p.Meta.Source != "sample" {
			t.Errorf("%v: %s", err, lines[i])
		}
	}
}

func TestCompareCommand(t *testing.T) {
	status, out, errs := runOnce(t, nil, "compare", "-upstream", "sample", "-format", "image", "-sort", "followers",
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
	if !strings.Contains(out, "4 looked up: 0 cached, 0 billed, 1 failed.") {
		t.Error(out)
	}
}

// full is a disk without room, or a reader that has gone.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	for _, args := range [][]string{{"profile"}, {"profile", "-json"}, {"compare"}} {
		var errs strings.Builder
		args = append(args, "-upstream", "sample", documentedID)
		if status := run(t.Context(), args, nil, strings.NewReader(""), full{}, &errs); status != 1 || !strings.Contains(errs.String(), "cannot be written: no room") {
			t.Errorf("%s: status %d, stderr %s", args, status, &errs)
		}
	}
}
