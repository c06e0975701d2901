package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pgy-mcp/schema"
)

// Output says how a command outputs its result.
type Output struct {
	Format string // one of Formats
	File   string // "" is standard output
}

// workbook is the format that cannot be printed.
const workbook = "xlsx"

// formats lists what -o takes, by command; the first is the default.
var formats = map[string][]string{
	"compare":  {"table", "csv", "json", "html", workbook},
	"find":     {"table", "csv", "json", "html", workbook},
	"review":   {"table", "csv", "json", workbook},
	"history":  {"table", "csv", "json"},
	"insights": {"table", "json", "html"},
}

// Formats lists the formats of a command's -o, the default first; nil if it has no -o.
func Formats(command string) []string { return formats[command] }

// printedFormats lists the formats that can be printed.
func printedFormats(command string) []string {
	return slices.DeleteFunc(slices.Clone(formats[command]), func(f string) bool { return f == workbook })
}

// endings lists the file name extensions of a command's formats.
func endings(command string) []string {
	var out []string
	for _, f := range formats[command][1:] {
		out = append(out, "."+f)
	}
	return out
}

// readOutput returns the parse function of a command's -o.
func readOutput(command string) func(string) (Output, error) {
	printed, files := schema.List(printedFormats(command)), schema.List(endings(command))
	return func(value string) (Output, error) {
		ending := strings.ToLower(filepath.Ext(value))
		isFile := slices.Contains(endings(command), ending) && len(filepath.Base(value)) > len(ending)
		switch {
		case isFile:
			return Output{ending[1:], value}, nil
		case slices.Contains(printedFormats(command), value):
			return Output{Format: value}, nil
		case value == "-":
			return Output{}, fmt.Errorf("must be one of %s to print the result", printed)
		case slices.Contains(formats[command], value):
			return Output{}, fmt.Errorf("must be a file name for this format, such as bloggers.%s", value)
		}
		return Output{}, fmt.Errorf("must be one of %s, or a file whose name ends in %s", printed, files)
	}
}

// checkJSON refuses -json with an -o of another format.
func (p *parser) checkJSON() error {
	if !p.JSON || p.Output.Format == "json" {
		return nil
	}
	return fmt.Errorf("-json and -o %s exclude each other: give one", cmp.Or(p.Output.File, p.Output.Format))
}

// checkFile checks before anything is paid that the file of -o can be written.
func (p *parser) checkFile() error {
	file := p.Output.File
	if file == "" {
		return nil
	}
	if err := canWrite(file); err != nil {
		return fmt.Errorf("-o %s cannot be written: %w", file, err)
	}
	return nil
}

// canWrite checks whether a file can be written. It leaves the file as it is, and makes and
// removes another one in the folder.
func canWrite(file string) error {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	switch info, err := os.Stat(file); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return reason(err)
	case info.IsDir():
		return errors.New("it is a folder")
	case !info.Mode().IsRegular():
		return errors.New("it is no regular file")
	default: // on Windows another program may lock it
		f, err := os.OpenFile(file, os.O_WRONLY, 0)
		if err != nil {
			return reason(err)
		}
		_ = f.Close()
	}
	// Not filepath.Dir, for which nowhere/.. is the current folder.
	folder, _ := filepath.Split(file)
	probe, err := os.CreateTemp(cmp.Or(folder, "."), ".pgy-mcp-*")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no folder %s", strings.TrimRight(folder, string(filepath.Separator)))
	}
	if err != nil {
		return reason(err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// reason removes operation and file from an error: the sentence names the file.
func reason(err error) error {
	if p := new(fs.PathError); errors.As(err, &p) {
		return p.Err
	}
	return err
}
