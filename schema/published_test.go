package schema

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the published schemas")

// published are the schemas by the name of the file: what the types make and
// what the program embeds.
var published = map[string]struct{ reflected, embedded json.RawMessage }{
	"profile-input": {Of[ProfileInput](), PublishedProfileInput},
	"profile":       {Of[Profile](), PublishedProfile},
	"compare-input": {Of[CompareInput](), PublishedCompareInput},
	"comparison":    {Of[Comparison](), PublishedComparison},

	"insights-input": {Of[InsightsInput](), PublishedInsightsInput},
	"insights":       {Of[Insights](), PublishedInsights},
}

// A change of a type shows in review as a change of what is published.
func TestPublishedSchemas(t *testing.T) {
	for name, s := range published {
		var b bytes.Buffer
		if err := json.Indent(&b, s.reflected, "", "  "); err != nil {
			t.Fatalf("%s: the types make %.300s: %v, want JSON", name, s.reflected, err)
		}
		want, got := b.String()+"\n", string(s.embedded)
		file := filepath.Join("published", name+".json")
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatalf("writing %s: got %v, want no error", file, err)
			}
			got = want // the next build embeds it
		}
		if got != want {
			t.Errorf("%s: got another schema, want what the types make; run the test with -update and look at the difference:\n%s", file, difference(got, want))
		}
	}
}

// difference gives the lines from the first one that differs to the last.
func difference(got, want string) string {
	a, b := strings.SplitAfter(got, "\n"), strings.SplitAfter(want, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return "in the file:\n" + strings.Join(a, "") + "from the types:\n" + strings.Join(b, "")
}

func TestEveryPublishedFileHasAType(t *testing.T) {
	files, err := filepath.Glob("published/*.json")
	if err != nil {
		t.Fatalf("listing the files: got %v, want no error", err)
	}
	var got []string
	for _, f := range files {
		got = append(got, strings.TrimSuffix(filepath.Base(f), ".json"))
	}
	slices.Sort(got)
	if want := slices.Sorted(maps.Keys(published)); !slices.Equal(got, want) {
		t.Errorf("the files are %q, want %q", got, want)
	}
}
