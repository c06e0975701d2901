package tools

import (
	"testing"

	"pgy-mcp/schema"
)

// BenchmarkSummarize is the summary from the raw bytes of the documented sample.
func BenchmarkSummarize(b *testing.B) {
	data := sampleData(b, documented)
	b.ReportAllocs()
	for b.Loop() {
		summarize(English, data)
	}
}

// BenchmarkDecodeArguments is the strict reading of a plain call's arguments.
func BenchmarkDecodeArguments(b *testing.B) {
	raw := []byte(`{"userId":"` + documented + `"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schema.ProfileArguments.Decode(raw); err != nil {
			b.Fatalf("%s: got %v, want no error", raw, err)
		}
	}
}
