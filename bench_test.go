package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/testdata"
	"pgy-mcp/tools"
	"pgy-mcp/upstream"
)

const callOfSample = `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":"659902c1000000002200361b"}}}`

// sampleService answers from the recorded samples, as "-upstream sample" does.
func sampleService(tb testing.TB) *service {
	return serviceOver(tb, upstream.NewSample(testdata.Upstream()))
}

func serviceOver(tb testing.TB, source upstream.Fetcher) *service {
	log := slog.New(slog.DiscardHandler)
	directory := upstream.New(upstream.Settings{Source: "sample", TTL: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: log}, source, upstream.NewMemory(100, 0))
	tb.Cleanup(directory.Close)
	counts := newMetrics()
	set := tools.New(tools.Settings{Lookups: directory, Wait: time.Minute, Log: log, Observe: counts.call})
	return &service{mcp: newMCPServer(set), tools: set, log: log}
}

// BenchmarkStdioCachedCall is one cached call through the stdio code, pipes
// left out.
func BenchmarkStdioCachedCall(b *testing.B) {
	var in bytes.Buffer
	for i := range b.N {
		fmt.Fprintf(&in, callOfSample+"\n", i)
	}
	s := sampleService(b)
	b.ReportAllocs()
	b.ResetTimer()
	if err := serveStdio(b.Context(), s, &in, io.Discard); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkHTTPCachedCall is one cached call through the HTTP handler with its
// guard, the network left out.
func BenchmarkHTTPCachedCall(b *testing.B) {
	h := newHTTPServer(context.Background(), sampleService(b))
	handler := guard(config{}, slog.New(slog.DiscardHandler), h.routes("http", http.NotFoundHandler()))
	body := []byte(fmt.Sprintf(callOfSample, 1))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code, w.Body)
		}
	}
}
