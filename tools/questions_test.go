package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
)

// question is one that people ask, with the calls that answer it.
type question struct {
	Ask   string
	Calls []struct {
		Tool      string
		Arguments json.RawMessage
	}
	Cost  int // paid requests, in all
	Facts []fact
	// Cannot is why there is no answer; such a question has no calls.
	Cannot string
}

// fact is what an answer must hold, in its text and in its structured content.
type fact struct {
	Call int    // which one, 1 is the first; 0 is the last
	Text string // a part of one line, with … for what is left out
	At   string // the path of a member: rows.0.name; "" where the answer is an error
	Is   any
}

// paidSamples answers as the samples do and charges for each request.
type paidSamples struct {
	upstream.Fetcher
	requests atomic.Int64
}

func (p *paidSamples) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	p.requests.Add(1)
	r, err := p.Fetcher.Fetch(ctx, q)
	if err == nil {
		r.Billed = true
	}
	return r, err
}

// What people ask is answered by these calls, for this cost, with these facts in both
// channels, since a client shows the model one of them alone. -v prints how many bytes a
// model reads.
func TestQuestions(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(testkit.Root(), "testdata", "questions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var questions []question
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&questions); err != nil {
		t.Fatalf("questions.json: got %v, want JSON", err)
	}
	answered := 0
	for i, q := range questions {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) { synctest.Test(t, q.ask) })
		if q.Cannot == "" {
			answered++
		}
	}
	if answered < 26 || len(questions) < 30 {
		t.Errorf("got %d questions, %d of them answered, want 30 and 26 at least", len(questions), answered)
	}
}

// ask makes the calls of a question.
func (q question) ask(t *testing.T) {
	if q.Cannot != "" {
		if len(q.Calls)+len(q.Facts)+q.Cost > 0 {
			t.Errorf("%s: got calls, facts or a cost, want none for a question without an answer", q.Ask)
		}
		return
	}
	fetcher := &paidSamples{Fetcher: sample()}
	bench, end := newBench(setup{fetcher: fetcher})
	defer end()
	var texts []string
	var structured []any
	read, told := [2]int{}, 0
	for _, c := range q.Calls {
		result, ok := bench.set.Call(t.Context(), c.Tool, c.Arguments)
		if !ok {
			t.Fatalf("%s: there is no tool %s", q.Ask, c.Tool)
		}
		var a struct {
			Content           []struct{ Text string }
			StructuredContent json.RawMessage
		}
		if err := json.Unmarshal(bytes.Join(result.Object(""), nil), &a); err != nil {
			t.Fatalf("%s: %v, want JSON", q.Ask, err)
		}
		var text strings.Builder
		for _, block := range a.Content {
			text.WriteString(block.Text + "\n")
		}
		var value any
		if a.StructuredContent != nil {
			if err := json.Unmarshal(a.StructuredContent, &value); err != nil {
				t.Fatalf("%s: %v, want JSON", q.Ask, err)
			}
		}
		texts, structured = append(texts, text.String()), append(structured, value)
		read[0], read[1] = read[0]+text.Len(), read[1]+len(a.StructuredContent)
		told += billed(value)
	}
	testkit.Equal(t, "the paid requests for: "+q.Ask, int(fetcher.requests.Load()), q.Cost)
	testkit.Equal(t, "the billed requests that the results tell of, for: "+q.Ask, told, q.Cost)
	if len(q.Facts) == 0 {
		t.Errorf("%s: got no facts, want some", q.Ask)
	}
	for _, f := range q.Facts {
		call := len(texts) - 1
		if f.Call > 0 {
			call = f.Call - 1
		}
		if !excerpt(f.Text).MatchString(texts[call]) {
			t.Errorf("%s: the text is %.1500q, want %q in it", q.Ask, texts[call], f.Text)
		}
		if got := at(structured[call], f.At); f.At != "" && !reflect.DeepEqual(got, f.Is) {
			t.Errorf("%s: %s of the structured content is %v, want %v", q.Ask, f.At, got, f.Is)
		}
		if f.At == "" && structured[call] != nil {
			t.Errorf("%s: the fact %q has no member of the structured content, want one", q.Ask, f.Text)
		}
	}
	t.Logf("%s: %d calls, %d paid, %d bytes of text or %d of structured content", q.Ask, len(q.Calls), q.Cost, read[0], read[1])
}

// billed is what a result says of its cost: a number, or yes for one request.
func billed(structured any) int {
	switch n := at(structured, "meta.billed").(type) {
	case float64:
		return int(n)
	case bool:
		if n {
			return 1
		}
	}
	return 0
}

// at gives the member at a path; a number is an index. nil if there is none.
func at(value any, path string) any {
	for part := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// excerpt is a part of a line with … for what is left out.
func excerpt(text string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(text), "…", ".*"))
}
