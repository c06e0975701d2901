package condense

import (
	"encoding/json"
	"testing"
)

// BenchmarkProfile is the summary from the raw bytes of the documented sample.
func BenchmarkProfile(b *testing.B) {
	data := json.RawMessage(sampleData(b, documented))
	b.ReportAllocs()
	for b.Loop() {
		Profile(data)
	}
}
