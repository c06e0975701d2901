package schema

import "testing"

// BenchmarkDecodeArguments is the strict reading of a plain call's arguments.
func BenchmarkDecodeArguments(b *testing.B) {
	raw := []byte(`{"userId":"` + id + `"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeProfileInput(raw); err != nil {
			b.Fatalf("%s: got %v, want no error", raw, err)
		}
	}
}
