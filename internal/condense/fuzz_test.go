package condense

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
)

// A summary of any profile has bounded lists and texts that are safe to show.
func FuzzProfile(f *testing.F) {
	for _, id := range testkit.SampleIDs(f) {
		f.Add([]byte(sampleData(f, id)))
	}
	for _, s := range []string{
		`{}`, `[]`, `null`, `{"name":"\ud800\u202e"}`, `{"contentTags":[[{"taxonomy1Tag":1}]]}`, `{"fansNum":1e308,"fans30GrowthNum":-1e-300}`,
		`{"tradeType":"` + strings.Repeat("a ", 300) + `"}`, `{"personalTags":["` + strings.Repeat("x", 3000) + `"]}`,
		`{"name":"🏴\udb40\udc67\udb40\udc62","noteSign":{"name":[]}}`, "{\"name\":\"\xff\xfe\"}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		// A profile has about 4 KB. The checks below bound each list of a larger one.
		if !json.Valid(data) || len(data) > 16<<10 {
			return
		}
		call := fmt.Sprintf("Profile(%.300q)", data)
		s, caveats := Profile(data, Terms{})
		checkArguments(t, call, caveats)
		if b, err := json.Marshal(s); err != nil || bytes.ContainsRune(b, '\n') || len(b) >= 64<<10 {
			t.Errorf("%s: got %.300q of %d bytes, %v, want one line of less than %d bytes", call, b, len(b), err, 64<<10)
		}
		lists := map[string][]string{"personalTags": s.PersonalTags, "featureTags": s.FeatureTags, "cooperationIndustries": s.CooperationIndustries}
		for _, c := range s.ContentCategories {
			checkShown(t, c.Category)
			lists["subcategories of "+c.Category] = c.Subcategories
		}
		if len(s.ContentCategories) > maxList {
			t.Errorf("%s: got %d categories, want %d at most", call, len(s.ContentCategories), maxList)
		}
		for name, list := range lists {
			if len(list) > maxList {
				t.Errorf("%s: got %d %s, want %d at most", call, len(list), name, maxList)
			}
			for _, e := range list {
				checkShown(t, e)
			}
		}
		for _, v := range []string{s.UserID, s.Name, s.RedID, s.Location, s.MCN} {
			checkShown(t, v)
		}
	})
}

func FuzzCompact(f *testing.F) {
	for _, c := range compactCases {
		f.Add(c.in)
	}
	f.Add(`[{"a":null}]`)
	f.Add(`"x"`)
	f.Add("{\"\xff\":null,\"\xfe\":1}")
	f.Fuzz(func(t *testing.T, in string) {
		if !json.Valid([]byte(in)) {
			if got := compacted(in); got != "{}" {
				t.Errorf("Compact(%q): got %q, want {}", in, got)
			}
			return
		}
		checkCompact(t, in)
	})
}
