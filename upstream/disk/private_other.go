//go:build !unix

package disk

import "io/fs"

// private is for the system to say: a user's folders are closed to others there.
func private(fs.FileInfo) bool { return true }
