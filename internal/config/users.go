package config

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"pgy-mcp/schema"
)

// readUsers takes what comes after the flags; "-" is the list on stdin. Ids are
// read before anything is asked, so that a mistake costs nothing.
func (p *parser) readUsers(rest []string, stdin io.Reader) error {
	if p.Command == "review" {
		return p.readNotes(rest, stdin)
	}
	if !slices.Contains(withUsers, p.Command) {
		switch {
		case len(rest) == 0:
			return nil
		case slices.Contains(commands, rest[0]):
			return fmt.Errorf("the command comes first: pgy-mcp %s [flags]", rest[0])
		}
		return fmt.Errorf("unexpected argument %q", rest[0])
	}
	if len(rest) == 0 {
		return fmt.Errorf("%s needs at least one USER, an id or a profile URL", p.Command)
	}
	var mistakes []error
	for _, u := range rest {
		switch id, err := schema.UserID(u); {
		case u == "-":
			mistakes = append(mistakes, p.readList(stdin))
		case strings.HasPrefix(u, "-"):
			return fmt.Errorf("%s comes after a USER; flags go before: pgy-mcp %s [flags] USER", u, p.Command)
		case err != nil:
			mistakes = append(mistakes, fmt.Errorf("%q: %w", u, err))
		default:
			p.Users = append(p.Users, id)
		}
	}
	for _, u := range p.Users {
		p.Compare.AddUser(u)
	}
	return errors.Join(mistakes...)
}

// readList takes users from stdin, one a line. A line that cannot be an id stays
// as it is: it is one blogger's failure, as in a call of the tool.
func (p *parser) readList(stdin io.Reader) error {
	lines, err := listLines(stdin)
	switch {
	case err != nil:
		return err
	case len(lines) == 0:
		return errors.New("standard input has no USER: give ids or profile URLs, one a line")
	}
	for _, line := range lines {
		if id, err := schema.UserID(line); err == nil {
			line = id
		}
		p.Users = append(p.Users, line)
	}
	return nil
}

// listLines gives the lines of a list without blank ones and comments.
func listLines(stdin io.Reader) ([]string, error) {
	var out []string
	lines := bufio.NewScanner(stdin)
	for lines.Scan() {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("standard input cannot be read: %w", err)
	}
	return out, nil
}
