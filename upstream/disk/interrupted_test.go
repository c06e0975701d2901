package disk

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
)

// A lock that a signal interrupts is tried again; every other failure is told.
func TestInterruptedLocks(t *testing.T) {
	for _, c := range []struct {
		interruptions int
		then          error
	}{{0, nil}, {3, nil}, {2, syscall.ENOLCK}} {
		tries := 0
		got, err := uninterrupted(func() (bool, error) {
			if tries++; tries <= c.interruptions {
				return false, fmt.Errorf("flock: %w", syscall.EINTR)
			}
			return c.then == nil, c.then
		})
		if tries != c.interruptions+1 || got != (c.then == nil) || !errors.Is(err, c.then) {
			t.Errorf("interrupted %d times it gives %v, %v after %d tries, want %v after one more", c.interruptions, got, err, tries, c.then)
		}
	}
}
