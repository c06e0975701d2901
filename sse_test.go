package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// listener is a client of the older transport.
type listener struct {
	t        *testing.T
	events   *bufio.Scanner
	endpoint string
}

func (w *web) openStream(ctx context.Context) *listener {
	w.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+"/sse", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { resp.Body.Close() })
	s := &listener{t: w.t, events: bufio.NewScanner(resp.Body)}
	s.events.Buffer(nil, 16<<20)
	s.endpoint = s.next()
	return s
}

// next gives the next event's data.
func (s *listener) next() string {
	s.t.Helper()
	for s.events.Scan() {
		if data, ok := strings.CutPrefix(s.events.Text(), "data: "); ok {
			return data
		}
	}
	s.t.Fatalf("the stream ended: %v", s.events.Err())
	return ""
}

func TestSSE(t *testing.T) {
	u := newUpstream(t, func(id string) bool { return id == bloggerID(9) })
	w := startHTTP(t, withToken(), u.flags("-transport", "sse")...)
	ctx, leave := context.WithCancel(t.Context())
	a, b := w.openStream(ctx), w.openStream(t.Context())
	post := func(s *listener, body string) {
		if resp, text := w.do("POST", s.endpoint, body); resp.StatusCode != 202 {
			t.Errorf("%d %s", resp.StatusCode, text)
		}
	}
	post(a, fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":%q},"_meta":{"progressToken":"x"}}}`, bloggerID(1)))
	for _, want := range []string{`"progress":0`, `"progress":1`, `"billed":true`} {
		if got := a.next(); !strings.Contains(got, want) {
			t.Errorf("no %s in %.300s", want, got)
		}
	}
	post(a, `{"jsonrpc":"2.0","id":2,"method":"server/discover","params":{`+modernMeta+`}}`)
	if got := a.next(); strings.Contains(got, `"supportedVersions":["2026`) || !strings.Contains(got, "2025-11-25") {
		t.Errorf("discover offers %s", got)
	}
	// The other client's cancellation does not reach this one's request.
	post(a, call(3, bloggerID(9)))
	u.waitArrived(t, 2)
	post(b, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}`)
	post(a, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}`)
	u.release()
	if got := a.next(); !strings.Contains(got, `"id":3,"result"`) {
		t.Errorf("%.300s", got)
	}
	if resp, _ := w.do("POST", "/message?sessionId=guess", ping); resp.StatusCode != 404 {
		t.Errorf("an unknown session: %d", resp.StatusCode)
	}
	leave()
	eventually(t, "the session is gone", func() bool {
		resp, _ := w.do("POST", a.endpoint, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
		return resp.StatusCode == 404
	})
	w.cancel()
	if status := <-w.status; status != 0 {
		t.Errorf("status %d", status)
	}
}
