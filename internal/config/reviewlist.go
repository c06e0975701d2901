package config

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"pgy-mcp/schema"
)

// readNotes reads the operands of review: notes with what was paid for them, or "-" for
// the list on stdin. An operand that holds no note becomes a failed row. A wrong amount is a
// mistake of the whole command line, so that nothing is paid.
func (p *parser) readNotes(operands []string, stdin io.Reader) error {
	if len(operands) == 0 {
		return errors.New("review needs at least one NOTE, an id or a note's URL; an id may be followed by = and what was paid, in CNY")
	}
	var mistakes []error
	for _, given := range operands {
		switch {
		case given == "-":
			mistakes = append(mistakes, p.readNoteList(stdin))
		case strings.HasPrefix(given, "-"):
			return fmt.Errorf("%s comes after a NOTE; flags go before: pgy-mcp review %[1]s NOTE", given)
		case isFile(given):
			return p.refuseFile(given, "NOTE")
		default:
			mistakes = append(mistakes, p.addNote(given, schema.PaidNote))
		}
	}
	return errors.Join(mistakes...)
}

// readNoteList reads notes from stdin, one a line. The first line may be a header.
func (p *parser) readNoteList(stdin io.Reader) error {
	lines, err := listLines(stdin)
	if err != nil {
		return err
	}
	header := ""
	if len(lines) > 0 && schema.IsHeader(lines[0].text) {
		header = lines[0].text
		p.warnings = append(p.warnings, fmt.Sprintf("the first line of standard input, %q, has no note and was taken for a header", schema.Showable(header)))
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return errors.New("standard input has no NOTE: give a line for each, NOTE or NOTE,CNY")
	}
	read := schema.NewPaidNoteLines(header).Read
	var mistakes []error
	for _, line := range lines {
		if err := p.addNote(line.text, read); err != nil {
			mistakes = append(mistakes, fmt.Errorf("line %d: %w", line.number, err))
		}
	}
	return errors.Join(mistakes...)
}

func (p *parser) addNote(given string, read func(string) (schema.AskedNote, error)) error {
	n, err := read(given)
	if err == nil {
		err = p.Review.Add(n)
	}
	if err != nil {
		return fmt.Errorf("%q: %w", schema.Showable(given), err)
	}
	return nil
}
