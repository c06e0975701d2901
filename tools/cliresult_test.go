package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

// The command line prints what the tool would have given.
func TestProfiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, close := newBench(setup{fetcher: sample()})
		defer close()
		results := b.set.Profiles(t.Context(), []string{"4639645438", documented, "5a3e1e0000000000000000e1", "5a3e1e000000000000000003"}, schema.ProfileInput{})
		if len(results) != 4 {
			t.Fatalf("got %d results, want 4", len(results))
		}
		for i, want := range map[int]string{
			2: `{"userId":"5a3e1e0000000000000000e1","error":"not_found: The upstream has no data for this userId (code 201)."}`,
			0: `{"userId":"4639645438","error":"invalid_argument: userId looks like `,
		} {
			if facts := results[i].Lines; facts != nil {
				t.Errorf("result %d failed and has the facts %v, want none", i, facts)
			}
			testkit.HasPrefix(t, fmt.Sprintf("result %d: what is structured", i), string(results[i].Structured), want)
		}
		checkWords(t, "invalid_argument", results[0].Failure)
		checkWords(t, "not_found", results[2].Failure)
		b, again := newBench(setup{fetcher: sample()})
		defer again()
		for i, id := range map[int]string{1: documented, 3: "5a3e1e000000000000000003"} {
			result := b.call(t, t.Context(), `{"userId":"`+id+`"}`)
			a := read(t, result)
			// There is no raw data in what the command line prints.
			want := strings.Replace(a.text(), render.Text(lang.English, []render.Line{render.RawLine(schema.RawCompact)})+"\n", "", 1)
			testkit.EqualText(t, id+": the text, which is to be the tool's,", render.Text(lang.English, results[i].Lines), want)
			testkit.Equal(t, id+": the failure", results[i].Failure, "")
			var tool struct{ StructuredContent json.RawMessage }
			if err := json.Unmarshal(result, &tool); err != nil {
				t.Fatalf("the result is %.300s: %v, want JSON", result, err)
			}
			testkit.EqualText(t, id+": what is structured, which is to be the tool's,", string(results[i].Structured), string(tool.StructuredContent))
		}
	})
}

func TestProfilesAreInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		var steps []float64
		b, close := newBench(setup{fetcher: slow(90*time.Second, &requests)})
		defer close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		ctx = WithProgress(ctx, func(done, total float64, message string) {
			testkit.Equal(t, "the total of the progress", total, 2)
			testkit.HasPrefix(t, "the message of the progress", message, "0 of 2 look-ups")
			steps = append(steps, done)
		})

		start := time.Now()
		results := b.set.Profiles(ctx, []string{documented, "5a3e1e000000000000000003"}, schema.ProfileInput{})
		testkit.Equal(t, "how long it took", time.Since(start), time.Minute)
		if n := len(steps); n < 6 {
			t.Errorf("%d steps of progress, want 6 at least", n)
		}
		for i, r := range results {
			what := fmt.Sprintf("result %d: the failure", i)
			testkit.HasPrefix(t, what, r.Failure, "interrupted: ")
			testkit.Contains(t, what, r.Failure, "may have been billed")
		}
	})
	// The command line waits longer than a tool call, as nobody cuts it off.
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, close := newBench(setup{fetcher: slow(90*time.Second, &requests)})
		defer close()
		testkit.Equal(t, "the failure", b.set.Profiles(t.Context(), []string{documented}, schema.ProfileInput{})[0].Failure, "")
		testkit.Equal(t, "the number of requests", requests.Load(), 1)
	})
}
