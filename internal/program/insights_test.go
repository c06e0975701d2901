package program

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	"pgy-mcp/internal/testkit"
)

// insightsID is the sample blogger whose sections are all there.
const insightsID = "5a3e1e000000000000000004"

const everySection = "performance,audience,followers,costs,notes,trend,growth,availability"

// everyOnce is what the upstream was asked where each section was asked for once.
const everyOnce = "map[audience:1 availability:1 costs:1 followers:1 growth:1 notes:1 performance:1 trend:1]"

// sectionOf names the section by the last words of an endpoint's path.
var sectionOf = map[string]string{
	"notesRate/v1": "performance", "fans_profile/v1": "audience", "fansSummary/v1": "followers", "costEffective/v1": "costs", "notesDetail/v1": "notes",
	"core_data/v1": "trend", "fans_overall_new_history/v1": "growth", "dataSummary/v1": "availability",
}

// sections is an upstream that answers as recorded, and counts the requests.
type sections struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
	// instead answers in place of a recording, by section.
	instead map[string]http.HandlerFunc
}

func newSections(t *testing.T) *sections {
	u := &sections{asked: map[string]int{}, instead: map[string]http.HandlerFunc{}}
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		section := sectionOf[path.Base(path.Dir(r.URL.Path))+"/v1"]
		u.mu.Lock()
		u.asked[section]++
		answer := u.instead[section]
		u.mu.Unlock()
		if answer != nil {
			answer(w, r)
			return
		}
		body, err := os.ReadFile("../../testdata/upstream/" + insightsID + "/" + section + ".json")
		if err != nil {
			t.Errorf("the recording for %s cannot be read: %v, want one", r.URL.Path, err)
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(u.Close)
	return u
}

func (u *sections) requests() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return fmt.Sprint(u.asked)
}

func (u *sections) flags(dir string) []string {
	return []string{"-upstream", u.URL, "-rate", "10000", "-cache-dir", dir, "-log-level", "error"}
}

func insightsCall(id int, names string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_blogger_insights","arguments":{"userId":%q,"sections":%q}}}`, id, insightsID, names)
}

// insightsMeta is what a call cost, and which sections failed of what.
type insightsMeta struct {
	Failed []struct{ Section, Error string }
	Meta   struct{ Cached, Billed, Failed int }
}

func insightsOf(t *testing.T, document []byte) insightsMeta {
	t.Helper()
	var m insightsMeta
	if err := json.Unmarshal(document, &m); err != nil {
		t.Fatalf("the document is %.300s, want JSON: %v", document, err)
	}
	return m
}

// Eight sections are eight paid requests; asked again they are none, also after a
// restart and from the command line.
func TestInsightsArePaidOnce(t *testing.T) {
	u, dir := newSections(t), t.TempDir()
	for restart, want := range []string{"0 cached, 8 billed, 0 failed", "8 cached, 0 billed, 0 failed"} {
		s := start(t, withToken(), u.flags(dir)...)
		s.send(insightsCall(1, everySection))
		testkit.Contains(t, fmt.Sprintf("eight sections, asked for after %d restarts", restart), s.line(), want)
		s.send(insightsCall(2, "notes,costs"))
		testkit.Contains(t, "two of the eight sections, asked for again", s.line(), "2 cached, 0 billed, 0 failed")
		_, status := s.end()
		testkit.Equal(t, "the exit status of the server", status, 0)
	}
	args := append([]string{"insights", "-json", "-sections", everySection}, u.flags(dir)...)
	status, out, errs := runOnce(t, withToken(), append(args, insightsID)...)
	testkit.Equal(t, "the exit status of insights -json", status, 0)
	testkit.Equal(t, "stderr of insights -json", errs, "")
	m := insightsOf(t, []byte(out)).Meta
	testkit.Equal(t, "meta.cached of insights -json", m.Cached, 8)
	testkit.Equal(t, "meta.billed of insights -json", m.Billed, 0)
	testkit.Equal(t, "requests that the upstream got", u.requests(), everyOnce)
}

// One section's answer is of no use; the others come.
func TestOneSectionOfNoUse(t *testing.T) {
	text := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   string
	}{
		"an error":       {text(`{"code":500,"data":null}`), "upstream_error"},
		"HTML":           {text("<html><h1>502 Bad Gateway</h1></html>"), "bad_response"},
		"a page":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "upstream_error"},
		"no data":        {text(`{"code":0,"data":null}`), "not_found"},
		"a list":         {text(`{"code":0,"data":[{"percent":0.5}]}`), "bad_response"},
		"5 MB":           {text(`{"code":0,"data":{"x":"` + strings.Repeat("x", 5<<20) + `"}}`), "bad_response"},
		"half an answer": {text(`{"code":0,"data":{"gender":{"female":0.`), "bad_response"},
		"a cut line": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"code":0,"data":{`))
		}, "bad_response"},
	} {
		t.Run(name, func(t *testing.T) {
			u := newSections(t)
			u.instead["audience"] = c.answer
			args := append([]string{"insights", "-json", "-sections", everySection}, u.flags("off")...)
			status, out, errs := runOnce(t, withToken(), append(args, insightsID)...)
			testkit.Equal(t, "the exit status of insights -json", status, 1)
			testkit.Contains(t, "stderr of insights -json", errs, insightsID+"\naudience: "+c.kind+": ")
			failed := insightsOf(t, []byte(out)).Failed
			if len(failed) != 1 {
				t.Fatalf("failed is %+v, want one section", failed)
			}
			testkit.Equal(t, "the section that failed", failed[0].Section, "audience")
			testkit.HasPrefix(t, "the error of audience", failed[0].Error, c.kind+": ")
			for _, section := range []string{"performance", "followers", "costs", "notes", "trend", "growth", "availability"} {
				testkit.Contains(t, "the document of insights -json", out, `"`+section+`":{`)
			}
			testkit.Equal(t, "requests that the upstream got", u.requests(), everyOnce)
		})
	}
}
