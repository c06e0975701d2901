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

// writeFile writes a file whole or not at all: into a new one beside it, which then
// takes its name. A file that is there is replaced and keeps its mode; of a link, the
// file that it leads to.
func writeFile(name string, body []byte) error {
	err := replaceFile(name, body)
	if p := new(fs.PathError); errors.As(err, &p) {
		err = p.Err // the name in it is the new file's
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func replaceFile(name string, body []byte) (err error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	before, missing := os.Stat(name)
	folder, _ := filepath.Split(name) // as it is written: its .. may lead elsewhere than filepath.Dir says
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
	_, err = f.Write(body)
	if missing == nil {
		err = errors.Join(err, f.Chmod(before.Mode().Perm()))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}

// printed writes to standard output. A reader that has gone, as head has when it has
// read enough, is no error.
func printed(stdout io.Writer, body []byte) error {
	if _, err := stdout.Write(body); err != nil && !hasGone(err) {
		return err
	}
	return nil
}

// What Windows says of a pipe whose reader has gone.
const (
	errorBrokenPipe = syscall.Errno(109)
	errorNoData     = syscall.Errno(232)
)

func hasGone(err error) bool {
	if runtime.GOOS != "windows" {
		return errors.Is(err, syscall.EPIPE)
	}
	return errors.Is(err, errorBrokenPipe) || errors.Is(err, errorNoData)
}
