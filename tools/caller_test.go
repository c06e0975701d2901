package tools

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"pgy-mcp/upstream"
)

// A resource that may be paid for is counted as a call is.
func TestReadsOfPaidResourcesAreCounted(t *testing.T) {
	b := newPromptBench(t)
	const missing = "5a3e1e0000000000000000e1"
	for _, id := range []string{documented, documented, missing} {
		b.resource(t, "pgy://blogger/"+id+"/raw")
	}
	if len(b.outcomes) != 3 {
		t.Fatalf("%d outcomes of 3 reads, want 3: %+v", len(b.outcomes), b.outcomes)
	}
	for i, want := range []Outcome{{Tool: "blogger-raw", Kind: "ok", Missed: 1}, {Tool: "blogger-raw", Kind: "ok", Cached: 1}, {Tool: "blogger-raw", Kind: "not_found", Missed: 1}} {
		got := b.outcomes[i]
		if got.Tool != want.Tool || got.Kind != want.Kind || got.Missed != want.Missed || got.Cached != want.Cached {
			t.Errorf("outcome %d is %+v, want %+v", i, got, want)
		}
	}
	want := LookupFailure{Subject: missing, Section: "profile", Kind: "not_found", RequestID: "sample-not-found"}
	if got := b.outcomes[2].Failures; len(got) != 1 || got[0] != want {
		t.Errorf("the failures of the last read are %+v, want %+v", got, want)
	}
}

// paid is a source that charges for each answer, of so many bytes.
type paid int

func (paid) Ready() error { return nil }

func (n paid) Fetch(_ context.Context, q upstream.Query) (*upstream.Response, error) {
	data := `{"userId":"` + q.Subject + `","name":"` + strings.Repeat("n", int(n)) + `"}`
	return upstream.NewResponse(q.Subject, json.RawMessage(data), "", true), nil
}

// A charge counts as told when its result was delivered, whatever told it.
func TestAnUndeliveredChargeIsToldAgain(t *testing.T) {
	for name, read := range map[string]func(b *bench, ctx context.Context) string{
		"a tool": func(b *bench, ctx context.Context) string {
			return string(b.call(t, ctx, `{"userId":"`+documented+`"}`))
		},
		"a resource": func(b *bench, ctx context.Context) string {
			return string(JSON(b.mcp.HandleMessage(ctx, json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"pgy://blogger/`+documented+`/raw"}}`))))
		},
	} {
		b, end := newBench(setup{fetcher: paid(1)})
		for i, c := range []struct{ delivered, billed bool }{{false, true}, {false, true}, {true, true}, {true, false}, {false, false}, {true, false}} {
			caller := &Caller{}
			got := read(b, WithCaller(t.Context(), caller))
			caller.Delivered(c.delivered)
			if billed := strings.Contains(got, `"billed":true`); billed != c.billed {
				t.Errorf("%s, read %d: billed is %v, want %v: %.300s", name, i, billed, c.billed, got)
			}
		}
		end()
	}
}

// A call asks once before it unpacks a large answer, and not for a small one.
func TestLargeAnswersAreAskedFor(t *testing.T) {
	for size, want := range map[int]int{largeAnswer / 2: 0, largeAnswer: 1} {
		b, end := newBench(setup{fetcher: paid(size)})
		for _, tool := range []string{`get_blogger_profile {"userId":"` + documented + `"}`, `compare_bloggers {"userIds":["` + documented + `","` + second + `"]}`} {
			asked := 0
			ctx := WithCaller(t.Context(), &Caller{Large: func() { asked++ }})
			name, arguments, _ := strings.Cut(tool, " ")
			b.set.Call(ctx, name, json.RawMessage(arguments))
			if asked != want {
				t.Errorf("%s with answers of %d bytes asks %d times, want %d", tool, size, asked, want)
			}
		}
		end()
	}
}

// A call whose context ends while it waits for memory makes no answer, and the
// charge is not told.
func TestALargeAnswerOfACancelledCall(t *testing.T) {
	b, end := newBench(setup{fetcher: paid(largeAnswer)})
	defer end()
	ctx, cancel := context.WithCancel(t.Context())
	caller := &Caller{Large: cancel}
	if got := string(b.call(t, WithCaller(ctx, caller), `{"userId":"`+documented+`"}`)); !strings.Contains(got, "pending: ") {
		t.Errorf("the cancelled call is answered %.300s, want pending", got)
	}
	caller.Delivered(false)
	if got := string(b.call(t, t.Context(), `{"userId":"`+documented+`"}`)); !strings.Contains(got, `"billed":true`) {
		t.Errorf("the next call is answered %.300s, want it to tell the charge", got)
	}
}
