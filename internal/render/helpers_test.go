package render

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgy-mcp/internal/condense"
	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// documentedID is the blogger of the vendor's own example.
const documentedID = "659902c1000000002200361b"

// bloggerID is the nth made-up blogger.
func bloggerID(n int) string { return fmt.Sprintf("%024x", n) }

func figure[T int64 | float64](x T) *T { return &x }

// samples are the recorded answers of the upstream.
var samples = os.DirFS(filepath.Join("..", "..", "testdata", "upstream"))

// sampleIDs are the bloggers of whom there is a recorded profile.
func sampleIDs(t testing.TB) []string {
	t.Helper()
	files, err := fs.Glob(samples, "*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("the recorded answers: got %q, %v, want some", files, err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".json")
	}
	return files
}

// failures are the errors of recorded answers by their code, as package tools says
// them. An answer with the code 0 may be empty.
var failures = map[string]lang.T{
	"0":   t("not_found: The upstream has no data for this userId: the answer has no data.", "not_found：数据接口没有该博主的数据：响应中没有数据。"),
	"201": t("not_found: The upstream has no data for this userId (code 201).", "not_found：数据接口没有该博主的数据（代码 201）。"),
	"301": t("collection_failed: The upstream could not collect this blogger's data, several tries included (code 301).", "collection_failed：数据接口多次尝试仍未能采集到该博主的数据（代码 301）。"),
	"400": t("invalid_parameters: The upstream refuses this request (code 400).", "invalid_parameters：数据接口拒绝了此请求（代码 400）。"),
	"500": t("upstream_error: The upstream has an error of its own (code 500).", "upstream_error：数据接口自身出错（代码 500）。"),
}

// sample gives the data object of a recorded answer, or its failure: of a userId's
// profile, or of userId/section.
func sample(t testing.TB, l lang.Language, name string) (data json.RawMessage, failure string) {
	t.Helper()
	b, err := fs.ReadFile(samples, name+".json")
	if err != nil {
		t.Fatalf("reading the answer %s: got %v, want a recorded file", name, err)
	}
	var e struct {
		Code json.RawMessage // a number or a string
		Data json.RawMessage
	}
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatalf("the answer %s: got %.300s (%v), want JSON", name, b, err)
	}
	code := strings.Trim(string(e.Code), `"`)
	if code == "0" && string(e.Data) != "{}" {
		return e.Data, ""
	}
	said, ok := failures[code]
	if !ok {
		t.Fatalf("the answer %s has the code %s, want one that failures has", name, code)
	}
	return nil, l.Say(said)
}

// compareSamples condenses all recorded profiles to a comparison by the format, key and
// limit of meta.
func compareSamples(t testing.TB, l lang.Language, meta schema.ComparisonMeta) *schema.Comparison {
	t.Helper()
	c := &schema.Comparison{Meta: meta}
	for _, id := range sampleIDs(t) {
		data, failure := sample(t, l, id)
		if failure != "" {
			c.Rows = append(c.Rows, schema.Row{UserID: id, Error: failure})
			c.Meta.Failed++
			continue
		}
		addRow(l, c, id, data)
	}
	condense.Rank(c.Rows, meta.SortBy)
	if meta.BudgetCNY > 0 {
		c.Plan = condense.PlanOf(c.Rows, meta.SortBy, meta.BudgetCNY, meta.MaxPicks, meta.FeePercent)
	}
	c.Meta.Caveats = append(c.Meta.Caveats, Caveats(l, []schema.Caveat{schema.RecordedSamples.With()})...)
	return c
}

// addRow adds the row and the caveats of a blogger's profile.
func addRow(l lang.Language, c *schema.Comparison, userID string, data json.RawMessage) {
	terms := condense.Terms{FeePercent: c.Meta.FeePercent, MaxPriceCNY: c.Meta.MaxPriceCNY}
	row, notBookable, outside, caveats := condense.Row(data, schema.SeenInProfile, c.Meta.Format, terms)
	row.UserID, row.NotBookable, row.Outside, row.Flags = userID, Reasons(l, notBookable), Reasons(l, outside), schema.Flags(caveats)
	c.Rows = append(c.Rows, row)
	for _, text := range Caveats(l, caveats) {
		c.Meta.Caveats = append(c.Meta.Caveats, WithNames(l, text, []string{row.Name}))
	}
}

// compareNamed condenses profiles of that name, which is written as in JSON, to a
// comparison.
func compareNamed(name string, sortBy schema.SortKey, ids ...string) *schema.Comparison {
	c := &schema.Comparison{Meta: schema.ComparisonMeta{Format: schema.FormatVideo, SortBy: sortBy}}
	for _, id := range ids {
		addRow(lang.English, c, id, json.RawMessage(`{"userId":"`+id+`","name":"`+name+`","fansNum":123456789,"clickMidNum":12345678,"mEngagementNum":1234567,"videoState":1,"videoPrice":999999}`))
	}
	condense.Rank(c.Rows, sortBy)
	return c
}

// equal reports an error where got is not want.
func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// contains reports an error where part is not in text.
func contains(t testing.TB, what, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%s: got %.600q, want %q in it", what, text, part)
	}
}

// equalText reports an error where two long texts differ, and shows the first line
// that does.
func equalText(t testing.TB, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	gots, wants := append(strings.Split(got, "\n"), "(the end)"), append(strings.Split(want, "\n"), "(the end)")
	i := 0
	for i < min(len(gots), len(wants))-1 && gots[i] == wants[i] {
		i++
	}
	t.Errorf("%s differs in line %d\n got %s\nwant %s", what, i+1, gots[i], wants[i])
}

// equalGolden compares a text with a golden file.
func equalGolden(t testing.TB, name, got string) {
	t.Helper()
	file := filepath.Join("..", "..", "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatalf("writing %s: got %v, want it written", file, err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading %s: got %v, want it read", file, err)
	}
	equalText(t, file+" (read the difference, then run the test with -update)", got, string(want))
}
