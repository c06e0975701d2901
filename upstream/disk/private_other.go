//go:build !unix

package disk

import "io/fs"

// private is true: these systems keep a user's folders closed to others.
func private(fs.FileInfo) bool { return true }
