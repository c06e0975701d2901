package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOutput(t *testing.T) {
	t.Chdir(t.TempDir())
	for value, want := range map[string]Output{
		"table":      {Format: "table"},
		"csv":        {Format: "csv"},
		"list.csv":   {"csv", "list.csv"},
		"LIST.XLSX":  {"xlsx", "LIST.XLSX"},
		"./a.b.json": {"json", "./a.b.json"},
		"名单 1.html":  {"html", "名单 1.html"},
		"csv.xlsx":   {"xlsx", "csv.xlsx"},
		"../a.csv":   {"csv", "../a.csv"},
	} {
		if c, err := Parse([]string{"compare", "-o", value, blogger}, nil, nil); err != nil || c.Output != want {
			t.Errorf("-o %s: got %+v, %v; want %+v", value, c.Output, err, want)
		}
	}
	const either = "must be one of table, csv, json, html, or a file whose name ends in .csv, .json, .html, .xlsx"
	for value, want := range map[string]string{
		"xlsx":     "must be a file name for this format, such as bloggers.xlsx",
		"-":        "must be one of table, csv, json, html to print the result",
		"":         either,
		"xls":      either,
		"list.xls": either,
		"list.txt": either,
		"list.":    either,
		".csv":     either,
		"a/.csv":   either,
		"a.csv/b":  either,
		"CSV":      either,
		"list":     either,
		"table.":   either,
	} {
		if _, err := Parse([]string{"compare", "-o", value, blogger}, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("-o %q: the error is %v, want %q in it", value, err, want)
		}
	}
	if _, err := Parse([]string{"insights", "-o", "list.csv", blogger}, nil, nil); err == nil || !strings.Contains(err.Error(), "must be one of table, json, html, or a file whose name ends in .json, .html") {
		t.Errorf("insights -o list.csv: the error is %v, want one that names the formats of insights", err)
	}
}

// The ending of a file says its format, and -json is no other.
func TestJSONAndAnotherOutput(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args []string
		want string // "" is no mistake
	}{
		{[]string{"-json", "-o", "page.html"}, "-json and -o page.html exclude each other: give one"},
		{[]string{"-o", "table", "-json"}, "-json and -o table exclude each other: give one"},
		{[]string{"-json", "-o", "page.json"}, ""},
		{[]string{"-json=false", "-o", "html"}, ""},
		{[]string{"-json"}, ""},
	} {
		_, err := Parse(append(append([]string{"insights"}, c.args...), blogger), nil, nil)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("insights %v: got the error %q, want %q", c.args, got, c.want)
		}
	}
}

// A file that cannot be written is found out before anything is paid.
func TestOutputThatCannotBeWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("folder.csv", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("plain", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("there.csv", []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	wrong := map[string]string{
		"folder.csv":                         "-o folder.csv cannot be written: it is a folder",
		"nowhere/list.csv":                   "-o nowhere/list.csv cannot be written: there is no folder nowhere",
		"nowhere/../list.csv":                "-o nowhere/../list.csv cannot be written: there is no folder nowhere/..",
		"plain/list.csv":                     "-o plain/list.csv cannot be written: not a directory",
		strings.Repeat("a", 300) + ".csv":    "cannot be written: file name too long",
		filepath.Join("~", "list.csv"):       "there is no folder ~",
		filepath.Join("$HOME", "x", "a.csv"): "there is no folder $HOME",
	}
	files := 3
	if os.Symlink(os.DevNull, "device.csv") == nil { // Windows may refuse it
		files++
		wrong["device.csv"] = "-o device.csv cannot be written: it is no regular file"
	}
	for value, want := range wrong {
		if _, err := Parse([]string{"compare", "-o", value, blogger}, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("-o %s: the error is %v, want %q in it", value, err, want)
		}
	}
	if _, err := Parse([]string{"compare", "-o", "there.csv", blogger}, nil, nil); err != nil {
		t.Errorf("-o of a file that is there: the error is %v, want none", err)
	}
	if b, err := os.ReadFile("there.csv"); err != nil || string(b) != "before" {
		t.Errorf("the file that is there has %q (%v), want it as it was", b, err)
	}
	entries, err := os.ReadDir(".")
	if err != nil || len(entries) != files {
		t.Errorf("the folder has %v (%v), want no more than the %d of the test", entries, err, files)
	}
}
