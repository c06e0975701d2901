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

// published are the schemas by the name of the file, and the results' as the program
// embeds them.
var published = map[string]struct{ made, embedded json.RawMessage }{
	"profile-input":  {made: ProfileArguments.Schema()},
	"profile":        {schemaOf[Profile](), PublishedProfile},
	"compare-input":  {made: CompareArguments.Schema()},
	"comparison":     {schemaOf[Comparison](), PublishedComparison},
	"find-input":     {made: FindArguments.Schema()},
	"found":          {schemaOf[Found](), PublishedFound},
	"insights-input": {made: InsightsArguments.Schema()},
	"insights":       {schemaOf[Insights](), PublishedInsights},
	"review-input":   {made: ReviewArguments.Schema()},
	"review":         {schemaOf[Review](), PublishedReview},
}

// A change of a type or a table shows in review as a change of what is published.
func TestPublishedSchemas(t *testing.T) {
	for name, s := range published {
		var b bytes.Buffer
		if err := json.Indent(&b, s.made, "", "  "); err != nil {
			t.Fatalf("%s: the schema is %.300s: %v, want JSON", name, s.made, err)
		}
		file := filepath.Join("published", name+".json")
		written, err := os.ReadFile(file)
		if err != nil && !*update {
			t.Fatalf("reading %s: got %v, want no error", file, err)
		}
		if s.embedded != nil && string(s.embedded) != string(written) {
			t.Errorf("%s: the program embeds something else, want the file", name)
		}
		want, got := b.String()+"\n", string(written)
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatalf("writing %s: got %v, want no error", file, err)
			}
			got = want
		}
		if got != want {
			t.Errorf("%s: got another schema, want what the types and tables make; run the test with -update and look at the difference:\n%s", file, difference(got, want))
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
	return "in the file:\n" + strings.Join(a, "") + "made:\n" + strings.Join(b, "")
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
