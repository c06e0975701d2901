package tools

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzSummary(f *testing.F) {
	for _, id := range sampleIDs(f) {
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
		// A profile has about 4 KB; a larger one has larger lists, which are
		// bounded one by one below.
		if !json.Valid(data) || len(data) > 16<<10 {
			return
		}
		s := summarize(English, data)
		b := JSON(s)
		if !json.Valid(b) {
			t.Errorf("%q: the summary is %.300q, want JSON", data, b)
		}
		hasNot(t, fmt.Sprintf("the summary of %.300q", data), string(b), "\n")
		lists := map[string][]string{"personalTags": s.PersonalTags, "featureTags": s.FeatureTags, "cooperationIndustries": s.CooperationIndustries}
		for _, c := range s.ContentCategories {
			checkShown(t, c.Category)
			lists["subcategories of "+c.Category] = c.Subcategories
		}
		if len(s.ContentCategories) > maxList {
			t.Errorf("%q: %d categories, want %d at most", data, len(s.ContentCategories), maxList)
		}
		for name, list := range lists {
			if len(list) > maxList {
				t.Errorf("%q: %d %s, want %d at most", data, len(list), name, maxList)
			}
			for _, e := range list {
				checkShown(t, e)
			}
		}
		for _, v := range []string{s.UserID, s.Name, s.RedID, s.Location, s.MCN} {
			checkShown(t, v)
		}
		facts := summaryFacts(English, &s)
		text := English.Text(facts)
		if len(text) >= 64<<10 {
			t.Errorf("%q: %d bytes of text, want less than %d", data, len(text), 64<<10)
		}
		if !utf8.ValidString(text) {
			t.Errorf("%q: the text is %.300q, want UTF-8", data, text)
		}
		lines := strings.Split(text, "\n")
		if len(lines) != len(facts) {
			t.Errorf("%q: %d lines, want %d, one a fact", data, len(lines), len(facts))
		}
		for _, l := range lines {
			checkNothingHidden(t, l)
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
			if got := string(compact(json.RawMessage(in), unfilled)); got != "{}" {
				t.Errorf("compact(%q) = %q, want {}", in, got)
			}
			return
		}
		checkCompact(t, in)
	})
}
