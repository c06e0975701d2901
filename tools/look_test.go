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

	"pgy-mcp/schema"
)

// The command line prints what the tool would have given.
func TestLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, close := newBench(setup{fetcher: sample()})
		defer close()
		looks := b.set.Look(t.Context(), []string{"4639645438", documented, "5a3e1e0000000000000000e1", "5a3e1e000000000000000003"})
		if len(looks) != 4 {
			t.Fatalf("got %d looks, want 4", len(looks))
		}
		for i, want := range map[int]string{
			2: `{"userId":"5a3e1e0000000000000000e1","error":"not_found: The upstream has no data for this userId (code 201)."}`,
			0: `{"userId":"4639645438","error":"invalid_argument: userId looks like `,
		} {
			if facts := looks[i].Facts; facts != nil {
				t.Errorf("look %d failed and has the facts %v, want none", i, facts)
			}
			begins(t, fmt.Sprintf("look %d: what is structured", i), string(looks[i].Structured), want)
		}
		checkWords(t, "invalid_argument", looks[0].Failure)
		checkWords(t, "not_found", looks[2].Failure)
		b, again := newBench(setup{fetcher: sample()})
		defer again()
		for i, id := range map[int]string{1: documented, 3: "5a3e1e000000000000000003"} {
			result := b.call(t, t.Context(), `{"userId":"`+id+`"}`)
			a := read(t, result)
			// There is no raw data in what the command line prints.
			want := strings.Replace(a.text(), English.Text([]Fact{rawFact(schema.RawCompact)})+"\n", "", 1)
			sameText(t, id+": the text, which is to be the tool's,", English.Text(looks[i].Facts), want)
			same(t, id+": the failure", looks[i].Failure, "")
			var tool struct{ StructuredContent json.RawMessage }
			if err := json.Unmarshal(result, &tool); err != nil {
				t.Fatalf("the result is %.300s: %v, want JSON", result, err)
			}
			sameText(t, id+": what is structured, which is to be the tool's,", string(looks[i].Structured), string(tool.StructuredContent))
		}
	})
}

func TestLookIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		var steps []float64
		b, close := newBench(setup{fetcher: slow(90*time.Second, &requests)})
		defer close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		ctx = WithProgress(ctx, func(done, total float64, message string) {
			same(t, "the total of the progress", total, 2)
			begins(t, "the message of the progress", message, "0 of 2 look-ups")
			steps = append(steps, done)
		})

		start := time.Now()
		looks := b.set.Look(ctx, []string{documented, "5a3e1e000000000000000003"})
		same(t, "how long it took", time.Since(start), time.Minute)
		if n := len(steps); n < 6 {
			t.Errorf("%d steps of progress, want 6 at least", n)
		}
		for i, l := range looks {
			what := fmt.Sprintf("look %d: the failure", i)
			begins(t, what, l.Failure, "interrupted: ")
			has(t, what, l.Failure, "may have been billed")
		}
	})
	// The command line waits longer than a tool call, as nobody cuts it off.
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		b, close := newBench(setup{fetcher: slow(90*time.Second, &requests)})
		defer close()
		same(t, "the failure", b.set.Look(t.Context(), []string{documented})[0].Failure, "")
		same(t, "the number of requests", requests.Load(), 1)
	})
}

func TestAges(t *testing.T) {
	for seconds, want := range map[int64]string{0: "0 s ago", 119: "119 s ago", 120: "2 min ago", 7199: "119 min ago", 7200: "2 h ago", 30 * 3600: "30 h ago"} {
		if got := English.age(seconds); got != want {
			t.Errorf("age(%d) = %q, want %q", seconds, got, want)
		}
	}
}

func TestNumbersForReaders(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 12345: "12,345", 1234567.25: "1,234,567.25", -1204: "-1,204", -999: "-999", 0.2016: "0.2016", 9007199254740992: "9,007,199,254,740,992",
	} {
		if got := number(x); got != want {
			t.Errorf("number(%v) = %q, want %q", x, got, want)
		}
	}
}
