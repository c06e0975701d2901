package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
)

// everywhere answers profiles, searches and notes about one blogger, each with a name of
// its own.
type everywhere struct {
	mu    sync.Mutex
	asked []string
	fails bool // profiles do
}

func (*everywhere) Ready() error { return nil }

func (s *everywhere) Fetch(_ context.Context, q upstream.Query) (*upstream.Response, error) {
	s.mu.Lock()
	s.asked = append(s.asked, q.Endpoint.Name)
	s.mu.Unlock()
	member := "name"
	if q.Endpoint == upstream.Note {
		member = "nickName"
	}
	blogger := fmt.Sprintf(`{"userId":%q,%q:%q,"videoState":1,"videoPrice":100}`, documented, member, q.Endpoint.Name)
	data := map[string]string{
		"profile": blogger,
		"search":  `{"kols":[` + blogger + `],"total":1}`,
		"note":    `{"userInfo":` + blogger + `}`,
	}[q.Endpoint.Name]
	if s.fails && q.Endpoint == upstream.Profile {
		return nil, &upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: upstream.NotBilled}
	}
	return upstream.NewResponse(q.Subject, json.RawMessage(data), "req-1", true), nil
}

// A row comes from the first that there is: a fresh profile, a fresh row of a search, a
// fresh note's author, a paid look-up, a stale profile; with cachedOnly a stale row too.
func TestWhereARowComesFrom(t *testing.T) {
	const (
		profile = iota
		search
		note
		hours
		failing
	)
	for _, c := range []struct {
		name      string
		before    []int // what was asked, and hours that passed
		arguments string
		want      string // the row's name and flags, and what the comparison asked for
	}{
		{"nothing", nil, ``, "profile  asked profile"},
		{"a search", []int{search}, ``, "search from search asked "},
		{"a note", []int{note}, ``, "note from a note asked "},
		{"a note and a search", []int{note, search}, ``, "search from search asked "},
		{"all three", []int{search, note, profile}, ``, "profile  asked "},
		{"a stale profile and a fresh search", []int{profile, hours, search}, ``, "search from search asked "},
		{"a stale search and a fresh note", []int{search, hours, note}, ``, "note from a note asked "},
		{"all stale", []int{profile, search, note, hours}, ``, "profile  asked profile"},
		{"a stale search and a failing profile", []int{search, hours, failing}, ``, "  asked profile"},
		{"a stale profile that fails anew", []int{profile, search, hours, failing}, ``, "profile stale asked profile"},
		{"refresh", []int{search, note}, `,"refresh":true`, "profile  asked profile"},
		{"cachedOnly, a stale search", []int{search, hours}, `,"cachedOnly":true`, "search from search,stale asked "},
		{"cachedOnly, a stale note", []int{note, hours}, `,"cachedOnly":true`, "note from a note,stale asked "},
		{"cachedOnly, all stale", []int{search, note, profile, hours}, `,"cachedOnly":true`, "profile stale asked "},
		{"cachedOnly, nothing", nil, `,"cachedOnly":true`, "  asked "},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				source := &everywhere{}
				b, end := newBench(setup{fetcher: source, source: "prod-global"})
				defer end()
				for _, step := range c.before {
					switch step {
					case profile:
						b.profile(t)
					case search:
						b.find(t, t.Context(), `{"topic":"x"}`)
					case note:
						b.find(t, t.Context(), `{"who":"https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c1"}`)
					case hours:
						time.Sleep(7 * time.Hour)
					case failing:
						source.fails = true
					}
				}
				asked := len(source.asked)
				result, _ := b.set.Call(t.Context(), "compare_bloggers", json.RawMessage(`{"userIds":["`+documented+`"]`+c.arguments+`}`))
				var r struct {
					StructuredContent struct {
						Rows []struct {
							Name  string
							Flags []string
						}
					}
				}
				if err := json.Unmarshal(join(result), &r); err != nil {
					t.Fatalf("compare_bloggers: got %v, want JSON", err)
				}
				row := append(r.StructuredContent.Rows, struct {
					Name  string
					Flags []string
				}{})[0]
				got := fmt.Sprintf("%s %s asked %s", row.Name, strings.Join(row.Flags, ","), strings.Join(source.asked[asked:], " "))
				testkit.Equal(t, "the row", got, c.want)
			})
		})
	}
}

func join(r Result) []byte {
	var out []byte
	for _, part := range r.Object("") {
		out = append(out, part...)
	}
	return out
}
