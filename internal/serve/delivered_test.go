package serve

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// gone is a client of HTTP that does not take its answer.
type gone struct{ *httptest.ResponseRecorder }

func (gone) Write([]byte) (int, error) { return 0, errors.New("the client has gone") }

// A charge counts as told when the answer was written to the client; else the next
// caller is told. The answers are small or large, alone or in a batch.
func TestChargesOfAnswersThatWereNotWritten(t *testing.T) {
	lost := map[string]func(t *testing.T, s *Server, message string){
		"stdio is closed": func(t *testing.T, s *Server, message string) {
			_ = s.Stdio(t.Context(), strings.NewReader(message), closedOut{})
		},
		"the call is cancelled": func(t *testing.T, s *Server, message string) {
			c := newSession(t.Context(), s, writerFunc(func(string) {}))
			respond := c.take(t, message)
			c.take(t, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`)()
			respond()
		},
		"HTTP is not read": func(t *testing.T, s *Server, message string) {
			side(t, s, false).handler().ServeHTTP(gone{httptest.NewRecorder()}, request(http.MethodPost, "/mcp", message))
		},
		"HTTP is closed": func(t *testing.T, s *Server, message string) {
			ctx, leave := context.WithCancel(t.Context())
			leave()
			side(t, s, false).serve(request(http.MethodPost, "/mcp", message).WithContext(ctx))
		},
		"the stream is closed": func(t *testing.T, s *Server, message string) {
			h := side(t, s, true)
			c, end := openStream(t, h)
			v, _ := h.streams.Load(c.id)
			respond := v.(*sseClient).take(t, message)
			end()
			respond()
		},
	}
	read := `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"pgy://blogger/` + documentedID + `/raw"}}`
	for how, lose := range lost {
		for what, message := range map[string]string{"a call": call(1, documentedID), "a resource": read, "a batch": "[" + ping + "," + call(1, documentedID) + "]"} {
			for size, source := range map[string]named{"small": "n", "large": named(strings.Repeat("n", 1<<17))} {
				s := serverOver(t, source)
				lose(t, s, message)
				eventually(t, "no call is under way", func() bool { return s.tools.Lookups.Stats().InFlight == 0 && s.calls.held.Load() == 0 })
				for i, want := range []string{`"billed":true`, `"billed":false`} {
					if got := s.ask(t, message); !strings.Contains(got, want) {
						t.Errorf("%s, %s %s: answer %d afterwards is %.300s, want %s in it", how, size, what, i, got, want)
					}
				}
			}
		}
	}
}

// quick is a client of HTTP that closes its request as soon as it has the answer.
type quick struct {
	*httptest.ResponseRecorder
	leave func()
}

func (q quick) Flush() { q.leave() }

// A client that has read its answer was told of the charge, however soon it closes
// its request.
func TestAClientThatReadsAndCloses(t *testing.T) {
	s := serverOver(t, named("n"))
	ctx, leave := context.WithCancel(t.Context())
	w := quick{httptest.NewRecorder(), leave}
	side(t, s, false).handler().ServeHTTP(w, request(http.MethodPost, "/mcp", call(1, documentedID)).WithContext(ctx))
	for i, got := range []string{w.Body.String(), s.ask(t, call(2, documentedID))} {
		if want := []string{`"billed":true`, `"billed":false`}[i]; !strings.Contains(got, want) {
			t.Errorf("answer %d is %.300s, want %s in it", i, got, want)
		}
	}
}
