package program

import (
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
	"pgy-mcp/upstream/redis"
	"pgy-mcp/upstream/redis/redistest"
)

// pricing is an upstream in which each answer has a price of its own.
type pricing struct {
	*httptest.Server
	requests atomic.Int64
}

func newPricing(t *testing.T) *pricing {
	p := &pricing{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"code":0,"data":{"userId":%q,"videoState":1,"videoPrice":%d}}`, r.URL.Query().Get("userId"), 18000+p.requests.Add(1)-1)
	}))
	t.Cleanup(p.Close)
	return p
}

const oldLine = `{"at":%q,"from":"search","videoPriceCny":16000,"videoStatus":"open","upstream":{"videoPriceCny":"videoPrice"}}`

// remember adds a line of three days ago to a blogger's history, and gives its date.
func remember(t *testing.T, s upstream.Store, blogger string) (date string) {
	t.Helper()
	at := time.Now().UTC().Add(-72 * time.Hour)
	line := upstream.Line{Blogger: blogger, Text: fmt.Appendf(nil, oldLine, at.Format(time.RFC3339))}
	if err := s.Save(t.Context(), nil, []upstream.Line{line}); err != nil {
		t.Fatalf("saving a line ends with %v, want none", err)
	}
	return at.Format(time.DateOnly)
}

// What one process paid for, another one tells of: on the command line, in a call, and
// as a history, for which nobody is asked.
func TestProcessesShareHistories(t *testing.T) {
	u, dir := newPricing(t), filepath.Join(t.TempDir(), "cache")
	blogger := testkit.BloggerID(1)
	store := disk.Open(dir, disk.Options{Source: u.URL, Size: 10})
	defer func() { _ = store.Close() }()
	date := remember(t, store, blogger)
	args := []string{"-upstream", u.URL, "-cache-dir", dir}
	want := "Since " + date + ": video quote 16,000 → 18,000 CNY (+12.5 %)\n"
	for range 2 { // the second process pays nothing
		status, out, log := runOnce(t, withToken(), append(append([]string{"profile"}, args...), blogger)...)
		testkit.Equal(t, "the status of profile; its log: "+log, status, 0)
		testkit.ContainsOnce(t, "what profile prints", out, want)
	}
	p := program(t, args...)
	p.ask(2)
	testkit.Contains(t, "the text of a call", fmt.Sprint(p.answers(t, 2)), strings.TrimSuffix(want, "\n"))
	_ = p.end()
	testkit.Equal(t, "the number of requests", u.requests.Load(), 2)

	other := testkit.BloggerID(7)
	history := func(more ...string) (int, string, string) {
		return runOnce(t, nil, append(append([]string{"history"}, args...), append(more, blogger, other)...)...)
	}
	status, out, log := history()
	testkit.Equal(t, "the status of history; its log: "+log, status, 0)
	testkit.ContainsOnce(t, "what history prints", out, "| "+blogger+" | "+date, " | search | 16,000 | open |", " | profile | 18,000 | open |")
	testkit.Equal(t, "stderr of history", log, "No history of: "+other+"\n")
	_, out, _ = history("-o", "csv")
	testkit.ContainsOnce(t, "the csv", out, "userId,at,from,", ",search,,,16000,open,", ",profile,,,18000,open,")
	_, out, log = history("-lang", "zh")
	testkit.ContainsOnce(t, "the table in Chinese", out, "| 视频报价（元） |", " | 搜索 | 16,000 | 可接单 |")
	testkit.Equal(t, "stderr in Chinese", log, "没有历史记录："+other+"\n")
	status, out, log = history("-o", "json", "4639645438")
	testkit.Equal(t, "the status with a 小红书号", status, 1)
	testkit.Contains(t, "stderr with a 小红书号", log, "4639645438\ninvalid_argument: ")
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("the JSON of three users is %q, want three lines", out)
	}
	testkit.HasPrefix(t, "the JSON of a failure", lines[0], `{"userId":"4639645438","error":"invalid_argument: `)
	testkit.Equal(t, "the JSON of nothing", lines[2], `{"userId":"`+other+`","lines":[]}`)
	testkit.Lacks(t, "the JSON", lines[1], "upstream")
	testkit.Equal(t, "the number of requests after all", u.requests.Load(), 2)
}

// Replicas share histories in Redis.
func TestReplicasShareHistories(t *testing.T) {
	server := redistest.Start(t)
	u, blogger := newPricing(t), testkit.BloggerID(1)
	store, err := redis.Open(server.URL(), redis.Options{Source: u.URL, Rate: 100})
	if err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "Redis is connected", func() bool {
		_, err := store.Lines(t.Context(), blogger)
		return err == nil
	})
	date := remember(t, store, blogger)
	for _, command := range [][]string{{"profile"}, {"profile", "-cached-only"}} {
		status, out, log := runOnce(t, withToken(), append(command, "-upstream", u.URL, "-redis", server.URL(), blogger)...)
		if degraded(log) {
			t.Skipf("this machine is too busy: a process went on without Redis; its log:\n%s", log)
		}
		testkit.Equal(t, "the status of profile; its log: "+log, status, 0)
		testkit.ContainsOnce(t, "what profile prints", out, "Since "+date+": video quote 16,000 → 18,000 CNY (+12.5 %)\n")
	}
	testkit.Equal(t, "the number of requests", u.requests.Load(), 1)
}

// Ten processes are killed while they add to the same histories: the line of each
// answer that a caller saw is there.
func TestKilledWhileTheyAppend(t *testing.T) {
	const processes, bloggers = 10, 3
	for range (*moments + processes - 1) / processes {
		u, dir := newPricing(t), filepath.Join(t.TempDir(), "cache")
		var mu sync.Mutex
		var wg sync.WaitGroup
		seen := map[float64]string{} // blogger by price
		var logs []string
		for range processes {
			p := program(t, "-upstream", u.URL, "-rate", "10000", "-cache-dir", dir, "-cache-ttl", "1ns", "-cache-stale", "0s", "-log-level", "warn")
			wg.Go(func() {
				killAfter := 1 + mathrand.IntN(15) // answers
				for i := 0; ; i++ {
					if i == killAfter {
						time.AfterFunc(mathrand.N(8*time.Millisecond), func() { _ = p.Process.Kill() })
					}
					p.askOne(i % bloggers)
					if !p.out.Scan() {
						break
					}
					if price, ok := priceIn(p.out.Text()); ok {
						mu.Lock()
						seen[price] = testkit.BloggerID(i % bloggers)
						mu.Unlock()
					}
				}
				_ = p.Wait()
				mu.Lock()
				logs = append(logs, p.stderr.String())
				mu.Unlock()
			})
		}
		wg.Wait()
		if len(seen) < processes {
			t.Errorf("%d answers were seen, want %d at least; the logs:\n%.2000q", len(seen), processes, logs)
		}
		if !storeAnswered(t, logs) {
			continue
		}
		wantLines(t, dir, u.URL, seen)
	}
}

// askOne sends a call for a blogger.
func (p *process) askOne(n int) {
	_, _ = fmt.Fprintln(p.in, testkit.Call(n, testkit.BloggerID(n)))
}

// priceIn gives the video quote of an answer that is a profile.
func priceIn(line string) (float64, bool) {
	var a struct {
		Result struct {
			StructuredContent struct {
				Summary struct {
					Quotes struct{ Video struct{ PriceCNY float64 } }
				}
			}
		}
	}
	err := json.Unmarshal([]byte(line), &a)
	price := a.Result.StructuredContent.Summary.Quotes.Video.PriceCNY
	return price, err == nil && price > 0
}

// wantLines wants a line for each price in its blogger's history, and of the rest no
// more damaged than what a process leaves that dies.
func wantLines(t *testing.T, dir, source string, seen map[float64]string) {
	t.Helper()
	found, damaged := map[float64]string{}, 0
	store := disk.Open(dir, disk.Options{Source: source, Size: 1000})
	defer func() { _ = store.Close() }()
	for i := range 3 {
		lines, err := store.Lines(t.Context(), testkit.BloggerID(i))
		if err != nil {
			t.Errorf("reading a history ends with %v, want its lines", err)
		}
		for _, line := range lines {
			var l struct{ VideoPriceCNY float64 }
			if json.Unmarshal(line, &l) != nil {
				damaged++
			} else {
				found[l.VideoPriceCNY] = testkit.BloggerID(i)
			}
		}
	}
	for price, blogger := range seen {
		if found[price] != blogger {
			t.Errorf("the price %v of %s was seen and is in the history of %q, want it in hers", price, blogger, found[price])
		}
	}
	if damaged > 10 {
		t.Errorf("%d lines are damaged, want one for each killed process at most", damaged)
	}
}
