//go:build unix

package disk

import (
	"io/fs"
	"os"
	"syscall"
)

// private reports whether a folder belongs to this user and nobody else may write in it.
func private(info fs.FileInfo) bool {
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Geteuid() && info.Mode().Perm()&0o022 == 0
}
