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
	if c.Compare.Format != schema.FormatImage || c.Compare.SortBy != schema.ByFollowers {
		t.Errorf("compare ranks %s by %s, want image by followers", c.Compare.Format, c.Compare.SortBy)
	}
	if m := c.Compare.MaxPriceCNY; m != 15000 {
		t.Errorf("the most is %v CNY, want 15000", m)
	}
	if c.Output != "csv" || c.Language != "zh" {
		t.Errorf("the output is %s in %s, want csv in zh", c.Output, c.Language)
	}
	c = parse(t, nil, "insights", "-sections", "costs, notes", "-scope", "sponsored", "-format", "video", "-days", "90", "-json", blogger)
	if want := []schema.Section{"costs", "notes"}; !slices.Equal(c.Insights.Sections, want) {
		t.Errorf("the sections are %q, want %q", c.Insights.Sections, want)
	}
	if c.Insights.Scope != "sponsored" || c.Insights.Format != "video" || c.Insights.Days != 90 {
		t.Errorf("insights are %+v, want sponsored video of 90 days", c.Insights)
	}
	if !c.JSON {
		t.Error("-json is not taken")
	}
	c = parse(t, nil, "insights", blogger)
	if got := fmt.Sprint(c.Insights.Sections, " ", c.Insights.Scope, " ", c.Insights.Format, " ", c.Insights.Days, " ", c.Insights.Raw); got != "[performance audience] daily all 30 none" {
		t.Errorf("the defaults of insights are %s, want [performance audience] daily all 30 none", got)
	}
	if c := parse(t, nil, "healthcheck", "-addr", ":9000"); c.Command != "healthcheck" || c.Addr != ":9000" {
		t.Errorf("the command is %s on %s, want healthcheck on :9000", c.Command, c.Addr)
	}
	for _, word := range []string{"version", "--version", "-version"} {
		if c := parse(t, nil, word); c.Command != "version" {
			t.Errorf("%s is the command %s, want version", word, c.Command)
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
		t.Fatal(err)
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
		t.Fatal(err)
	}
	if n := len(c.Compare.UserIDs); n != 100 {
		t.Errorf("%d of 100 bloggers are compared", n)
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
	new(parser).flags().VisitAll(func(f *flag.Flag) {
		want, ok := listed[f.Name]
		if !ok {
			t.Errorf("the README's table has no -%s", f.Name)
		}
		delete(listed, f.Name)
		got := f.DefValue
		if d, err := time.ParseDuration(got); err == nil && got != "0" {
			w, err := time.ParseDuration(want)
			if err != nil || w != d {
				t.Errorf("the README's default of -%s is %q, want %s", f.Name, want, d)
			}
		} else if got != want {
			t.Errorf("the README's default of -%s is %q, want %q", f.Name, want, got)
		}
		if !strings.Contains(usage.String(), "  -"+f.Name+" ") {
			t.Errorf("the usage has no -%s", f.Name)
		}
	})
	for name := range listed {
		t.Errorf("the README's table has -%s, which is no setting", name)
	}
}
