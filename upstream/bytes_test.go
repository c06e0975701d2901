package upstream

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// Few profiles may take as much as many: the oldest leave for their bytes too.
func TestMemoryIsBoundedInBytes(t *testing.T) {
	large := func(id string) *entry {
		data := json.RawMessage(fmt.Sprintf(`{"x":%q}`, rand.Text()+rand.Text()+rand.Text()+rand.Text()))
		return &entry{response: NewResponse(id, data, "", true), at: time.Now()}
	}
	m := NewMemory(1000, 0)
	m.maxBytes = 3 * large("a").size()
	for _, id := range []string{"a", "b", "c", "c", "c", "d", "e"} {
		m.save(id, large(id), time.Hour)
		if m.bytes > m.maxBytes {
			t.Errorf("%d bytes are stored, want %d at most", m.bytes, m.maxBytes)
		}
	}
	m.save("f", &entry{missing: &Error{Kind: NotFound}, at: time.Now()}, time.Hour)
	for id, want := range map[string]bool{"a": false, "b": false, "e": true, "f": true} {
		if got := m.load(id).answered(); got != want {
			t.Errorf("%s is stored: %v, want %v", id, got, want)
		}
	}
	if n := m.order.Len(); n < 3 {
		t.Errorf("%d answers are stored, want 3 at least", n)
	}
}
