package upstream_test

import (
	"strings"
	"sync"
	"testing"

	"pgy-mcp/upstream"
)

// Callers share a profile, so what one does to its data must not reach another.
func TestEachCallerHasItsOwnData(t *testing.T) {
	given := []byte(`{"name":"团子有点咸"}`)
	want := string(given)
	p := upstream.NewResponse(documented, given, "r", true)
	clear(given)
	clear(p.Data())
	if got := string(p.Data()); got != want {
		t.Errorf("the data are %q, want %q", got, want)
	}
}

// Profiles are packed and unpacked side by side, whatever their size.
func TestDataOfManyProfiles(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			want := `{"a":"` + strings.Repeat(blogger(i), i*20) + `"}`
			p := upstream.NewResponse(blogger(i), []byte(want), "", false)
			if got := string(p.Data()); got != want {
				t.Errorf("the data of blogger %d are %d bytes, %.300s, want %d, %.300s", i, len(got), got, len(want), want)
			}
		})
	}
	wg.Wait()
}
