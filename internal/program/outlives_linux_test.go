package program

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
)

// mounted makes a small file system of its own, which takes the right to mount.
func mounted(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a file system cannot be mounted here (%v); .ci/run wants this test to run", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fill leaves no room in a file system.
func fill(t *testing.T, dir string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	_ = f.Close()
}

func TestAFullDisk(t *testing.T) {
	dir := mounted(t, "64k")
	fill(t, dir)
	u := testkit.NewSlowUpstream(t, 0)
	wantAnswers(t, u, filepath.Join(dir, "cache"), true)
}

// A lock needs no room: else who waits for another process would not see that it ended.
func TestALockOnAFullDisk(t *testing.T) {
	dir := mounted(t, "64k")
	fill(t, dir)
	s := disk.Open(dir, disk.Options{Source: "https://a.example", Size: 10})
	for range 2 {
		_, unlock, err := s.TryLock(t.Context(), "key")
		if err != nil {
			t.Fatalf("the lock says %v, want it taken", err)
		}
		if _, _, err := s.TryLock(t.Context(), "key"); !errors.Is(err, upstream.ErrLocked) {
			t.Errorf("the lock says %v a second time, want ErrLocked", err)
		}
		_ = unlock(t.Context())
		if left, err := os.ReadDir(filepath.Join(dir, "locks")); err != nil || len(left) != 0 {
			t.Errorf("after unlocking %d locks are left, %v, want none", len(left), err)
		}
	}
}

func TestADiskThatBecomesReadOnly(t *testing.T) {
	dir := mounted(t, "4m")
	u, cache := testkit.NewSlowUpstream(t, 0), filepath.Join(dir, "cache")
	wantAnswers(t, u, cache, false)
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	wantAnswers(t, u, cache, false) // answers that were kept before are still read
	u2 := testkit.NewSlowUpstream(t, 0)
	wantAnswers(t, u2, cache, true)
}
