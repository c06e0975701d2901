package testkit

import (
	"testing"
	"time"
)

// Patience is how long a test waits for what should come at once.
const Patience = 20 * time.Second

// Eventually waits until is returns true, and ends the test after Patience. What
// completes "want that".
func Eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(Patience); !is(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited %s in vain, want that %s", Patience, what)
		}
	}
}
