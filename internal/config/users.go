package config

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"pgy-mcp/schema"
)

// readUsers takes what comes after the flags; "-" is the list on stdin. Ids are
// read before anything is asked, so that a mistake costs nothing.
func (p *parser) readUsers(rest []string, stdin io.Reader) {
	if !slices.Contains(withUsers, p.Command) {
		switch {
		case len(rest) == 0:
		case slices.Contains(commands, rest[0]):
			p.mistake("the command comes first: pgy-mcp %s [flags]", rest[0])
		default:
			p.mistake("unexpected argument %q", rest[0])
		}
		return
	}
	for _, u := range rest {
		if u == "-" {
			p.readList(stdin)
			continue
		}
		if strings.HasPrefix(u, "-") {
			p.mistake("%s comes after a USER; flags go before: pgy-mcp %s [flags] USER", u, p.Command)
			return
		}
		id, err := schema.UserID(u)
		if err != nil {
			p.mistake("%q: %w", u, err)
		}
		p.Users = append(p.Users, id)
	}
	if len(rest) == 0 {
		p.mistake("%s needs at least one USER, an id or a profile URL", p.Command)
	}
	for _, u := range p.Users {
		p.Compare.AddUser(u)
	}
}

// readList takes users from stdin, one a line. A line that cannot be an id stays
// as it is: it is one blogger's failure, as in a call of the tool.
func (p *parser) readList(stdin io.Reader) {
	before := len(p.Users)
	lines := bufio.NewScanner(stdin)
	for lines.Scan() {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if id, err := schema.UserID(line); err == nil {
			line = id
		}
		p.Users = append(p.Users, line)
	}
	if err := lines.Err(); err != nil {
		p.mistake("standard input cannot be read: %w", err)
	} else if len(p.Users) == before {
		p.mistake("standard input has no USER: give ids or profile URLs, one a line")
	}
}
