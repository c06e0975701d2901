package config

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgy-mcp/schema"
)

func TestCommands(t *testing.T) {
	c := parse(t, nil, "compare", "-format", "image", "-sort", "followers", "-max-price", "15000", "-o", "csv", "-lang", "zh", blogger)
	if got := c.Compare.Format; got != schema.FormatImage {
		t.Errorf("compare's format is %q, want image", got)
	}
	if got := c.Compare.SortBy; got != schema.ByFollowers {
		t.Errorf("compare sorts by %q, want followers", got)
	}
	if m := c.Compare.MaxPriceCNY; m != 15000 {
		t.Errorf("the most is %v CNY, want 15000", m)
	}
	if c.Output != (Output{Format: "csv"}) {
		t.Errorf("the output is %+v, want csv, printed", c.Output)
	}
	if c.Language != "zh" {
		t.Errorf("the language is %q, want zh", c.Language)
	}
	c = parse(t, nil, "insights", "-sections", "costs, notes", "-scope", "sponsored", "-format", "video", "-days", "90", "-json", blogger)
	if want := []schema.Section{"costs", "notes"}; !slices.Equal(c.Insights.Sections, want) {
		t.Errorf("the sections are %q, want %q", c.Insights.Sections, want)
	}
	if got := c.Insights.Scope; got != "sponsored" {
		t.Errorf("the scope of insights is %q, want sponsored", got)
	}
	if got := c.Insights.Format; got != "video" {
		t.Errorf("the format of insights is %q, want video", got)
	}
	if got := c.Insights.Days; got != 90 {
		t.Errorf("insights are of %d days, want 90", got)
	}
	if !c.JSON {
		t.Error("JSON is off with -json, want it on")
	}
	c = parse(t, nil, "insights", blogger)
	if got := fmt.Sprint(c.Insights.Sections, " ", c.Insights.Scope, " ", c.Insights.Format, " ", c.Insights.Days, " ", c.Insights.Raw); got != "[performance audience] daily all 30 none" {
		t.Errorf("the defaults of insights are %s, want [performance audience] daily all 30 none", got)
	}
	c = parse(t, nil, "healthcheck", "-addr", ":9000")
	if c.Command != "healthcheck" {
		t.Errorf("healthcheck is the command %q, want healthcheck", c.Command)
	}
	if c.Addr != ":9000" {
		t.Errorf("the address of healthcheck is %q, want :9000", c.Addr)
	}
	for _, word := range []string{"version", "--version", "-version"} {
		if c := parse(t, nil, word); c.Command != "version" {
			t.Errorf("%s is the command %q, want version", word, c.Command)
		}
	}
	for _, args := range [][]string{{"help"}, {"-h"}, {"--help"}, {"profile", "-h"}} {
		if _, err := Parse(args, nil, nil); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%q: the error is %v, want flag.ErrHelp", args, err)
		}
	}
}

// A list out of a spreadsheet can be piped in, of any length.
func TestUsersOnStdin(t *testing.T) {
	const other = "5a3e1e000000000000000001"
	list := "\ufeff" + blogger + "\r\n\r\n# a comment\n  https://www.xiaohongshu.com/user/profile/" + other + "\t\n" + blogger
	c, err := Parse([]string{"profile", other, "-"}, nil, strings.NewReader(list))
	if err != nil {
		t.Fatalf("profile of a list: the error is %v, want none", err)
	}
	if want := []string{other, blogger, other, blogger}; !slices.Equal(c.Users, want) {
		t.Errorf("the users are %q, want %q", c.Users, want)
	}
	var many strings.Builder
	for i := range 100 {
		many.WriteString(strings.Repeat("0", 22) + string("0123456789"[i/10]) + string("0123456789"[i%10]) + "\n")
	}
	c, err = Parse([]string{"compare", "-"}, nil, strings.NewReader(many.String()))
	if err != nil {
		t.Fatalf("compare of a list: the error is %v, want none", err)
	}
	if n := len(c.Compare.UserIDs); n != 100 {
		t.Errorf("%d bloggers are compared, want 100", n)
	}
	if _, err := Parse([]string{"profile", "-"}, nil, strings.NewReader("# nobody\n")); err == nil || !strings.Contains(err.Error(), "has no USER") {
		t.Errorf("an empty list: the error is %v, want one that asks for a USER", err)
	}
}

// The README's table, the usage and the code have the same settings with the
// same defaults.
func TestTheREADMEHasTheSettings(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var usage strings.Builder
	Usage(&usage, "")
	listed := map[string]string{} // defaults by name
	cells := regexp.MustCompile("`-?([^`]+)`|([a-z][a-z ]+)")
	for _, row := range regexp.MustCompile("(?m)^\\| (`-[^|]*) \\| ([^|]*) \\|").FindAllStringSubmatch(string(readme), -1) {
		names, defaults := cells.FindAllStringSubmatch(row[1], -1), cells.FindAllStringSubmatch(row[2], -1)
		for i, name := range names {
			listed[name[1]] = defaults[i][1]
		}
	}
	new(parser).settingFlags().VisitAll(func(f *flag.Flag) {
		got, ok := listed[f.Name]
		if !ok {
			t.Errorf("the README's table is without -%s, want it in there", f.Name)
		}
		delete(listed, f.Name)
		want := f.DefValue
		if d, err := time.ParseDuration(want); err == nil && want != "0" {
			g, err := time.ParseDuration(got)
			if err != nil || g != d {
				t.Errorf("the README's default of -%s is %q, want %s", f.Name, got, d)
			}
		} else if got != want {
			t.Errorf("the README's default of -%s is %q, want %q", f.Name, got, want)
		}
		if !strings.Contains(usage.String(), "  -"+f.Name+" ") {
			t.Errorf("the usage is without -%s, want it in there", f.Name)
		}
	})
	for name := range listed {
		t.Errorf("the README's table has -%s, want settings alone", name)
	}
}
