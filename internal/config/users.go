package config

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"pgy-mcp/schema"
)

// readOperands reads the arguments after the flags. As a USER or a NOTE, "-" is the list on
// stdin.
func (p *parser) readOperands(operands []string, stdin io.Reader) error {
	switch {
	case slices.Contains(withUsers, p.Command):
		return p.readUsers(operands, stdin)
	case p.Command == "find":
		return p.readWho(operands)
	case p.Command == "review":
		return p.readNotes(operands, stdin)
	case len(operands) == 0:
		return nil
	case slices.Contains(commands, operands[0]):
		return fmt.Errorf("the command comes first: pgy-mcp %s [flags]", operands[0])
	}
	return fmt.Errorf("unexpected argument %q", operands[0])
}

// readUsers reads USERs. A text without an id stays as it is: it fails that blogger only.
func (p *parser) readUsers(operands []string, stdin io.Reader) error {
	if len(operands) == 0 {
		return fmt.Errorf("%s needs at least one USER, an id or a profile URL", p.Command)
	}
	for _, u := range operands {
		switch {
		case u == "-":
			if err := p.readUserList(stdin); err != nil {
				return err
			}
		case strings.HasPrefix(u, "-"):
			return fmt.Errorf("%s comes after a USER; flags go before: pgy-mcp %s [flags] USER", u, p.Command)
		case isFile(u):
			return p.refuseFile(u, "USER")
		default:
			p.addUser(u)
		}
	}
	p.Compare.AddUsers(p.Users)
	return nil
}

// readWho reads WHO, which may be several arguments, and checks the search.
func (p *parser) readWho(operands []string) error {
	if i := slices.IndexFunc(operands, func(s string) bool { return strings.HasPrefix(s, "-") }); i >= 0 {
		return fmt.Errorf("%s comes after WHO; flags go before: pgy-mcp find [flags] [WHO]", operands[i])
	}
	if p.Labels {
		return nil
	}
	if err := p.Find.SetWho(strings.Join(operands, " ")); err != nil {
		return err
	}
	return schema.FindArguments.CheckFlags(&p.Find)
}

// isFile reports whether an argument is the name of a list's file: by its extension, or
// because the file exists.
func isFile(argument string) bool {
	if slices.Contains([]string{".csv", ".txt", ".tsv", ".xlsx", ".xls"}, strings.ToLower(filepath.Ext(argument))) {
		return true
	}
	if _, err := schema.UserIDInLine(argument); err == nil {
		return false
	}
	info, err := os.Stat(argument)
	return err == nil && info.Mode().IsRegular()
}

// refuseFile says how to give the list that a file holds.
func (p *parser) refuseFile(name, noun string) error {
	shown := schema.Showable(name)
	switch strings.ToLower(filepath.Ext(name)) {
	case ".xlsx", ".xls":
		return fmt.Errorf("%s is a workbook, no %s: save its sheet as csv; pgy-mcp %s - < FILE reads a list from that", shown, noun, p.Command)
	}
	return fmt.Errorf("%s is a file, no %s: pgy-mcp %s - < %[1]s reads a list from it", shown, noun, p.Command)
}

func (p *parser) addUser(given string) {
	if id, err := schema.UserIDInLine(given); err == nil {
		given = id
	}
	p.Users = append(p.Users, given)
}

// readUserList reads users from stdin, one a line. The first line may be a header.
func (p *parser) readUserList(stdin io.Reader) error {
	lines, err := listLines(stdin)
	if err != nil {
		return err
	}
	already, header := len(p.Users), ""
	for i, line := range lines {
		if i == 0 && schema.IsHeader(line.text) {
			header = fmt.Sprintf("the first line of standard input, %q, has no id and was taken for a header", schema.Showable(line.text))
			p.warnings = append(p.warnings, header)
		} else {
			p.addUser(line.text)
		}
	}
	switch {
	case len(p.Users) > already:
		return nil
	case header != "":
		return errors.New(header + "; nothing follows: give ids or profile URLs, one a line")
	}
	return errors.New("standard input has no USER: give ids or profile URLs, one a line")
}

// listLine is a line of a list.
type listLine struct {
	number int // the first is 1; blank lines and comments count
	text   string
}

// listLines returns the lines of a list without blank ones, comments, and 0x1A, which the
// command copy of Windows appends.
func listLines(stdin io.Reader) ([]listLine, error) {
	b, err := io.ReadAll(stdin)
	if err != nil {
		return nil, fmt.Errorf("standard input cannot be read: %w", err)
	}
	if bytes.HasPrefix(b, []byte("PK\x03\x04")) || bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")) {
		return nil, errors.New("standard input is a workbook, not text: save its sheet as csv, and give that")
	}
	var out []listLine
	number := 0
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(decoded(b)), "\n") {
		number++
		if !utf8.ValidString(line) {
			line = fromGBK(line)
		}
		if line = tidy(strings.Trim(line, "\x1a")); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, listLine{number, line})
		}
	}
	return out, nil
}

// fromGBK decodes GBK, in which a Chinese Excel saves CSV.
func fromGBK(line string) string {
	text, _ := simplifiedchinese.GB18030.NewDecoder().String(line) // bytes that are no GBK become U+FFFD
	return text
}

// decoded returns the text of a file without its byte order mark: decoded from UTF-16 if
// the mark says so, as PowerShell and spreadsheets write it, otherwise unchanged.
func decoded(b []byte) string {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		order = binary.BigEndian
	case !bytes.HasPrefix(b, []byte("\xff\xfe")):
		return strings.TrimPrefix(string(b), "\ufeff")
	}
	b = b[2:]
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
