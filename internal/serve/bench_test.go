package serve

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

const callOfSample = `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":"659902c1000000002200361b"}}}`

// BenchmarkStdioCachedCall is one cached call through the stdio code, pipes
// left out.
func BenchmarkStdioCachedCall(b *testing.B) {
	var in bytes.Buffer
	for i := range b.N {
		fmt.Fprintf(&in, callOfSample+"\n", i)
	}
	s := sampleServer(b)
	b.ReportAllocs()
	b.ResetTimer()
	if err := s.Stdio(b.Context(), &in, io.Discard); err != nil {
		b.Fatalf("stdio ends with %v, want nil", err)
	}
}

// BenchmarkHTTPCachedCall is one cached call through the HTTP handler with its
// guard, the network left out.
func BenchmarkHTTPCachedCall(b *testing.B) {
	handler := side(b, sampleServer(b), false).handler()
	body := []byte(fmt.Sprintf(callOfSample, 1))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("status %d (%.300s), want 200", w.Code, w.Body)
		}
	}
}
