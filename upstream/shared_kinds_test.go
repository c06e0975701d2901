package upstream_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
)

// A request that ends without an answer is told to all who were asked meanwhile, in
// whatever process, and is not sent again for them.
func TestAFailureIsSharedByProcesses(t *testing.T) {
	for name, e := range map[string]upstream.Error{
		"may have been billed": {Kind: upstream.BadResponse, Billed: upstream.UnknownBilling},
		"free":                 {Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled},
		"asks to wait":         {Kind: upstream.RateLimited, Code: 302, Billed: upstream.NotBilled, RetryAfter: 45 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, store := &source{took: 30 * time.Second, answer: failing(e)}, newCommon(0)
				var wg sync.WaitGroup
				for range 6 {
					d := process(f, store)
					defer d.Close()
					wg.Go(func() {
						_, err := get(t, d, documented, false)
						wantError(t, err, e.Kind, e.Billed)
						testkit.Equal(t, "the wait that a process tells", upstream.AsError(err).RetryAfter, e.RetryAfter)
					})
				}
				wg.Wait()
				f.wantRequests(t, 1)
				later := process(f, store)
				defer later.Close()
				_, err := get(t, later, documented, false)
				wantError(t, err, e.Kind, e.Billed)
				f.wantRequests(t, 2) // nobody was promised anything
			})
		})
	}
}

// A look-up that waits for its turn holds no lock, and two processes that queue for
// the same bloggers pay for each once.
func TestNoLockIsHeldInTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, &row{common: newCommon(0), apart: 10 * time.Second}
		var calls []*upstream.Lookup
		for range 2 {
			d := process(f, store)
			defer d.Close()
			for i := range 70 { // longer than another process is waited for
				calls = append(calls, d.Lookup(profile(blogger(i)), upstream.Ask{}))
			}
		}
		time.Sleep(time.Minute)
		store.mu.Lock()
		if n := len(store.locked); n > 2 {
			t.Errorf("%d locks are held, want 2 at most", n)
		}
		store.mu.Unlock()
		for _, c := range calls {
			<-c.Done()
			if _, err := c.Answer(); err != nil {
				t.Errorf("a look-up ends with %v, want an answer", err)
			}
		}
		f.wantRequests(t, 70)
	})
}

// Look-ups that the store answers are never too many.
func TestAFloodThatTheStoreAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		same := found(documented)
		f, store := &source{answer: func(string, int) (*upstream.Response, error) { return same, nil }}, newCommon(0)
		a := process(f, store)
		defer a.Close()
		const bloggers = 6000
		for range 2 {
			for i := range bloggers {
				a.Lookup(profile(blogger(i)), upstream.Ask{})
				if i%4000 == 3999 {
					time.Sleep(time.Second)
				}
			}
			time.Sleep(time.Second)
		}
		s := settings()
		s.Rate = rate.Every(time.Hour)
		b := upstream.New(s, f, upstream.NewMemory(10, 0), store)
		defer b.Close()
		refused := 0
		var calls []*upstream.Lookup
		for i := range bloggers {
			calls = append(calls, b.Lookup(profile(blogger(i)), upstream.Ask{}))
		}
		for _, c := range calls {
			<-c.Done()
			if _, err := c.Answer(); err != nil {
				refused++
			}
		}
		if refused != 0 {
			t.Errorf("%d of %d look-ups are refused, want none", refused, bloggers)
		}
		f.wantRequests(t, bloggers)
	})
}

// The rows of a search and a note's author are kept as entries of their own, in one
// saving with the answer, and found by another process; a search that finds nobody
// is kept for a sixth of the time.
func TestRowsAreKept(t *testing.T) {
	search := upstream.Search.With(url.Values{"page": {"1"}})
	note := upstream.Note.Query(blogger(7), upstream.Options{})
	kol := func(n int) string { return fmt.Sprintf(`{"userId":"%s","n":%d}`, blogger(n), n) }
	for name, c := range map[string]struct {
		query upstream.Query
		data  string
		rows  map[upstream.Query]string
		fresh time.Duration
	}{
		"a search": {search, `{"kols":[` + kol(1) + `,{"userId":"x"},{},` + kol(2) + `],"total":2}`, map[upstream.Query]string{
			upstream.SearchRow.Query(blogger(1), upstream.Options{}): kol(1), upstream.SearchRow.Query(blogger(2), upstream.Options{}): kol(2)}, ttl},
		"nobody": {search, `{"kols":[],"total":0}`, nil, ttl / 6},
		"a note": {note, `{"noteId":"` + blogger(7) + `","userInfo":` + kol(3) + `}`, map[upstream.Query]string{upstream.NoteAuthor.Query(blogger(3), upstream.Options{}): kol(3)}, ttl},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &source{answer: func(id string, _ int) (*upstream.Response, error) {
					return upstream.NewResponse(id, []byte(c.data), "", true), nil
				}}
				store := newCommon(0)
				a, b := process(f, store), process(f, store)
				defer a.Close()
				defer b.Close()
				ask := func(d *upstream.Lookups, q upstream.Query, ask upstream.Ask) (upstream.Answer, *upstream.Error) {
					l := d.Lookup(q, ask)
					<-l.Done()
					got, err := l.Answer()
					return got, typed(t, err)
				}
				if _, err := ask(a, c.query, upstream.Ask{}); err != nil {
					t.Fatalf("the look-up ends with %v, want an answer", err)
				}
				if n := store.counts()["save"]; n != 1 {
					t.Errorf("the store is asked to save %d times, want once", n)
				}
				for q, want := range c.rows {
					for _, d := range []*upstream.Lookups{a, b} {
						got, err := ask(d, q, upstream.Ask{})
						if err != nil || string(got.Data()) != want || got.Billed || !got.Cached || got.Stale {
							t.Errorf("%s is %+v, %v, want %s, cached and not billed", q.Key(), got, err, want)
						}
					}
				}
				unknown := upstream.SearchRow.Query(blogger(9), upstream.Options{})
				_, err := ask(b, unknown, upstream.Ask{})
				wantError(t, err, upstream.NotCached, upstream.NotBilled)
				time.Sleep(c.fresh - time.Second)
				if got, err := ask(b, c.query, upstream.Ask{}); err != nil || !got.Cached {
					t.Errorf("shortly before its end the answer is %+v, %v, want it cached", got, err)
				}
				f.wantRequests(t, 1)
				time.Sleep(2 * time.Second)
				for q := range c.rows {
					if got := b.Cached(t.Context(), unknown, q); got[0].Response != nil || got[1].Response == nil || !got[1].Stale {
						t.Errorf("afterwards Cached gives %+v, want nothing and a stale row", got)
					}
				}
				if got, err := ask(b, c.query, upstream.Ask{CachedOnly: true}); err != nil || !got.Stale || got.Failed != nil {
					t.Errorf("afterwards the answer that pays nothing is %+v, %v, want it stale", got, err)
				}
				if got, err := ask(b, c.query, upstream.Ask{}); err != nil || got.Cached {
					t.Errorf("afterwards the answer is %+v, %v, want a new one", got, err)
				}
			})
		})
	}
}

// Cached claims no charge, and asks the store once for all.
func TestCachedClaimsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{took: time.Second}, newCommon(0)
		d := process(f, store)
		defer d.Close()
		l := d.Lookup(profile(documented), upstream.Ask{})
		time.Sleep(time.Second / 2)
		l.Leave()
		time.Sleep(time.Hour)
		store.counts()
		got := d.Cached(t.Context(), profile(documented), profile(blogger(1)), profile(blogger(2)))
		if got[0].Response == nil || got[0].Billed || got[1].Response != nil {
			t.Errorf("Cached gives %+v, want the profile, not billed, and nothing", got)
		}
		if n := store.counts()["load"]; n != 1 {
			t.Errorf("the store is asked %d times, want once", n)
		}
		if a := mustGet(t, d, documented, false); !a.Billed {
			t.Errorf("the next caller's answer is %+v, want it billed", a)
		}
		f.wantRequests(t, 1)
	})
}

// What was told of another process's look-up is believed for as long as its lease
// could hold, though the store fails meanwhile.
func TestAStoreThatFailsWhileAnotherLooksUp(t *testing.T) {
	for name, fault := range map[string]func(context.Context, string) error{"fails": fails, "hangs": hangs} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, store := &source{took: 6 * time.Second}, newCommon(0)
				a, b := process(f, store), process(f, store)
				defer a.Close()
				defer b.Close()
				first := a.Lookup(profile(documented), upstream.Ask{})
				time.Sleep(time.Second)
				second := b.Lookup(profile(documented), upstream.Ask{})
				time.Sleep(time.Second)
				store.breaks(fault)
				time.Sleep(2 * time.Second)
				store.breaks(nil)
				<-first.Done()
				<-second.Done()
				if got, err := second.Answer(); err != nil || !got.Cached {
					t.Errorf("the second answer is %+v, %v, want the first's", got, err)
				}
				f.wantRequests(t, 1)
			})
		})
	}
}

// One look-up waits for the store no longer than half a second in all, however many
// operations are slow, and however they queue.
func TestSlowStoresDelayALittle(t *testing.T) {
	for _, by := range []time.Duration{20 * time.Millisecond, 60 * time.Millisecond, 150 * time.Millisecond, 400 * time.Millisecond, time.Second} {
		t.Run(by.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log strings.Builder
				f, store := &source{}, newCommon(10)
				store.breaks(func(context.Context, string) error { time.Sleep(by); return nil })
				var processes []*upstream.Lookups
				for range 2 {
					s := settings()
					s.Log = logTo(&log)
					d := upstream.New(s, f, upstream.NewMemory(100, 10), store)
					defer d.Close()
					processes = append(processes, d)
				}
				for i := range 30 {
					begin := time.Now()
					_, _ = get(t, processes[i%2], blogger(i), false)
					if took := time.Since(begin); took > 500*time.Millisecond {
						t.Errorf("look-up %d takes %s, want 500ms at most", i, took)
					}
					time.Sleep(2 * time.Second)
				}
				warned := strings.Contains(log.String(), "the budget is counted by this process alone")
				if n := len(f.seen()); n > 10 && !warned {
					t.Errorf("%d requests went out without a warning, want 10 or one; the log:\n%s", n, &log)
				} else if by <= 60*time.Millisecond && n != 10 {
					t.Errorf("%d requests went out, want 10", n)
				}
			})
		})
	}
}

// Histories are lines of Settings.History, written with the answer; without a store
// the process has them.
func TestHistory(t *testing.T) {
	for name, store := range map[string]*common{"in the store": newCommon(0), "in the process": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := settings()
				s.History = func(from *upstream.Endpoint, r *upstream.Response, last []byte) []byte {
					if strings.Contains(string(last), `"n":3`) {
						return nil
					}
					n := strings.Count(string(last), "|")
					return fmt.Appendf(nil, `{"at":%q,"from":%q,"n":%d,"last":%q}`, r.FetchedAt.Format(time.RFC3339), from.Name, n+1, strings.Repeat("|", n+1))
				}
				f := &source{answer: func(id string, before int) (*upstream.Response, error) {
					return upstream.NewResponse(id, []byte(`{"kols":[{"userId":"`+documented+`"}]}`), "", true), nil
				}}
				var kept upstream.Store
				if store != nil {
					kept = store
				}
				d := upstream.New(s, f, upstream.NewMemory(10, 0), kept)
				defer d.Close()
				mustGet(t, d, documented, false)
				<-d.Lookup(upstream.Search.With(url.Values{"page": {"1"}}), upstream.Ask{}).Done()
				time.Sleep(time.Hour)
				for range 2 {
					mustGet(t, d, documented, true)
					time.Sleep(time.Hour)
				}
				lines, err := d.History(t.Context(), documented)
				var got []string
				for _, line := range lines {
					got = append(got, string(line[strings.Index(string(line), `"from"`):strings.Index(string(line), `,"last"`)]))
				}
				if want := `["from":"profile","n":1 "from":"searchRow","n":2 "from":"profile","n":3]`; err != nil || fmt.Sprint(got) != want {
					t.Errorf("the history is %s, %v, want %s", got, err, want)
				}
				usage, err := d.Usage(t.Context())
				if want := (upstream.Count{Sent: 3, Billed: 3}); err != nil || usage.Endpoints["profile"] != want {
					t.Errorf("the usage is %v, %v, want profile %v", usage, err, want)
				}
				time.Sleep(400 * 24 * time.Hour)
				if lines, err := d.History(t.Context(), documented); err != nil || len(lines) != 0 {
					t.Errorf("after 400 days the history is %s, %v, want none", lines, err)
				}
			})
		})
	}
}
