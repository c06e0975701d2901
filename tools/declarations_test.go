package tools

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// declaration is what a client is told of a tool.
type declaration struct {
	Bytes        map[string]int  `json:"bytes,omitempty"` // of what clients are told
	Name         string          `json:"name"`
	Title        string          `json:"title"`
	Description  string          `json:"description"`
	Annotations  json.RawMessage `json:"annotations"`
	Meta         json.RawMessage `json:"_meta,omitempty"`
	InputSchema  json.RawMessage `json:"inputSchema"`
	OutputSchema json.RawMessage `json:"outputSchema,omitempty"`
}

// inputs are the descriptions of the arguments.
func (d declaration) inputs(t *testing.T) map[string]string {
	t.Helper()
	var s struct {
		Properties map[string]struct{ Description string }
	}
	if err := json.Unmarshal(d.InputSchema, &s); err != nil {
		t.Fatalf("the input schema of %s is %.300s: %v, want JSON", d.Name, d.InputSchema, err)
	}
	out := map[string]string{}
	for name, p := range s.Properties {
		out[name] = p.Description
	}
	return out
}

// declarations gives what clients are told, by name.
func declarations(t *testing.T) []declaration {
	t.Helper()
	b, end := newBench(setup{fetcher: sample()})
	defer end()
	b.set.App = true
	var out []declaration
	for _, name := range slices.Sorted(maps.Keys(b.set.tools)) {
		raw, err := json.Marshal(b.set.declare(b.set.tools[name]))
		if err != nil {
			t.Fatalf("the declaration of %s: %v, want JSON", name, err)
		}
		var d declaration
		if err := json.Unmarshal(raw, &d); err != nil {
			t.Fatalf("the declaration of %s is %.300s: %v, want JSON", name, raw, err)
		}
		out = append(out, d)
	}
	return out
}

// pageHash is what differs in a page's address with each change of the page.
var pageHash = regexp.MustCompile(`-[0-9a-f]{8}\.html`)

// Each declaration is recorded with its size: a change shows in a review as what it is, a
// change of what every model reads in every request. -update records it anew. The
// schemas of results are in schema/published.
func TestDeclarationsAreRecorded(t *testing.T) {
	var names []string
	for _, d := range declarations(t) {
		d.Bytes = map[string]int{"description": len(d.Description), "inputSchema": len(d.InputSchema), "outputSchema": len(d.OutputSchema)}
		d.OutputSchema = nil
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(d); err != nil {
			t.Fatal(err)
		}
		checkText(t, "tools/"+d.Name+".json", pageHash.ReplaceAllString(b.String(), "-HASH.html"))
		names = append(names, d.Name)
	}
	if len(names) < 5 {
		t.Errorf("got the tools %q, want five at least", names)
	}
}

var (
	// aVerb begins a description: what the tool does, as in "Finds bloggers".
	aVerb = regexp.MustCompile(`^[A-Z][a-z]+s `)
	// anOrder is what directories of servers take for an injection.
	anOrder = regexp.MustCompile(`(?i)\b(always|never call|must|you should|important|before (any|using) other|do not (use|call))\b`)
	aWord   = regexp.MustCompile(`[a-z]+|\p{Han}+`)
	aName   = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+|[0-9]+`)
)

// fillers say nothing by themselves.
var fillers = []string{"a", "an", "the", "of", "to", "for", "in", "is", "are", "it", "and", "or", "s", "this", "that", "their", "its"}

// contentWords are the words of a text that say something.
func contentWords(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range aWord.FindAllString(strings.ToLower(text), -1) {
		if w = strings.TrimSuffix(w, "s"); !slices.Contains(fillers, w) && w != "" {
			out[w] = true
		}
	}
	return out
}

// A model chooses by descriptions alone: each says what the tool does, which other one is
// for what it does not do, and what a call costs; and gives no orders.
func TestDescriptionsTellWhatAModelNeeds(t *testing.T) {
	all := declarations(t)
	for _, d := range all {
		if !aVerb.MatchString(d.Description) {
			t.Errorf("%s begins %.60q, want a verb: what the tool does", d.Name, d.Description)
		}
		isPaid := strings.Contains(d.Description, "paid request")
		isFree := strings.Contains(d.Description, "free") || strings.Contains(d.Description, "without a further charge")
		if !isPaid || !isFree {
			t.Errorf("%s: the description is %q, want what is a paid request and what costs nothing in it", d.Name, d.Description)
		}
		if !slices.ContainsFunc(all, func(o declaration) bool { return o.Name != d.Name && strings.Contains(d.Description, o.Name) }) {
			t.Errorf("%s: the description is %q, want another tool named in it, for what this one does not do", d.Name, d.Description)
		}
		if found := anOrder.FindString(d.Description); found != "" {
			t.Errorf("%s: the description has %q, want no orders to the model", d.Name, found)
		}
	}
}

// Every argument says more than its name does.
func TestArgumentsSayMoreThanTheirNames(t *testing.T) {
	for _, d := range declarations(t) {
		for name, description := range d.inputs(t) {
			words := contentWords(description)
			for _, part := range aName.FindAllString(name, -1) {
				delete(words, strings.TrimSuffix(strings.ToLower(part), "s"))
			}
			if len(words) == 0 {
				t.Errorf("%s: %s says %q, want more than its name", d.Name, name, description)
			}
			if !strings.HasSuffix(description, ".") {
				t.Errorf("%s: %s says %q, want a sentence that ends", d.Name, name, description)
			}
			if found := anOrder.FindString(description); found != "" {
				t.Errorf("%s: %s has %q, want no orders to the model", d.Name, name, found)
			}
			if spends := name == "refresh" || name == "pages"; spends && !strings.Contains(description, "paid") {
				t.Errorf("%s: %s says %q, want that it is paid", d.Name, name, description)
			}
		}
	}
}

// A description's first clause, up to the colon, is the job that a model chooses a tool
// for. Two tools with one job would be one to a model.
func TestNoToolShadowsAnother(t *testing.T) {
	const most = 0.3 // of the words of both
	job := func(d declaration) map[string]bool {
		clause, _, _ := strings.Cut(d.Description, ":")
		words := contentWords(clause)
		for _, w := range []string{"xiaohongshu", "rednote", "小红书", "pugongying", "蒲公英", "blogger", "on", "from"} {
			delete(words, w)
		}
		return words
	}
	all := declarations(t)
	for i, a := range all {
		for _, b := range all[i+1:] {
			ours, both := job(a), job(b)
			shared := 0
			for w := range ours {
				if both[w] {
					shared++
				}
				both[w] = true
			}
			if of := float64(shared) / float64(len(both)); of > most {
				t.Errorf("%s and %s share %.0f %% of the words that tell their jobs, want %.0f %% at most", a.Name, b.Name, 100*of, 100*most)
			}
		}
	}
}
