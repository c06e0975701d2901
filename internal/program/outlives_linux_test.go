package program

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"pgy-mcp/internal/testkit"
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

func TestAFullDisk(t *testing.T) {
	dir := mounted(t, "64k")
	f, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	_ = f.Close()
	u := testkit.NewSlowUpstream(t, 0)
	wantAnswers(t, u, filepath.Join(dir, "cache"), true)
}

func TestADiskThatBecomesReadOnly(t *testing.T) {
	dir := mounted(t, "4m")
	u, cache := testkit.NewSlowUpstream(t, 0), filepath.Join(dir, "cache")
	wantAnswers(t, u, cache, false)
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	wantAnswers(t, u, cache, false) // what was kept before is read all the same
	u2 := testkit.NewSlowUpstream(t, 0)
	wantAnswers(t, u2, cache, true)
}
