package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// writeFile writes a file whole or not at all: it writes a temporary file beside it and
// renames that. An existing file keeps its mode. Where the name is a link, it replaces the
// link's target.
func writeFile(name, body string) error {
	err := replaceFile(name, body)
	if p := new(fs.PathError); errors.As(err, &p) {
		err = p.Err // without the temporary file's name
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func replaceFile(name, body string) (err error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	existing, statErr := os.Stat(name)
	folder, _ := filepath.Split(name) // not filepath.Dir: it resolves .. wrongly behind a link
	temporary := fmt.Sprintf("%s.pgy-mcp-%x", folder, rand.Uint64())
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) // less the umask
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary)
		}
	}()
	_, err = f.WriteString(body)
	if statErr == nil {
		err = errors.Join(err, f.Chmod(existing.Mode().Perm()))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}

// printTo writes to standard output. A closed pipe is no error: head closes it when it has
// read enough.
func printTo(stdout io.Writer, text string) error {
	if _, err := io.WriteString(stdout, text); err != nil && !isClosedPipe(err) {
		return err
	}
	return nil
}

// The errors of Windows for a closed pipe.
const (
	errorBrokenPipe = syscall.Errno(109)
	errorNoData     = syscall.Errno(232)
)

func isClosedPipe(err error) bool {
	if runtime.GOOS != "windows" {
		return errors.Is(err, syscall.EPIPE)
	}
	return errors.Is(err, errorBrokenPipe) || errors.Is(err, errorNoData)
}
