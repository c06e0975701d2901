package redis

import (
	"bytes"
	"net"
	"syscall"
)

const (
	// longestString is the longest reply that is read.
	longestString = 64 << 20
	// mostElements is the most that a list in a reply has.
	mostElements = 1000
)

// checked is a connection on which no reply announces more than it may: go-redis
// makes room for as much as is announced, and dies of garbage that looks like a
// large number.
type checked struct {
	net.Conn
	skip     int  // bytes of a string that are still to come, with its line end
	kind     byte // of the line under way; 0 before its first byte
	size     int  // what the line announces
	negative bool // there is nothing
}

// checkedTCP lets go-redis see whether the other end has closed.
type checkedTCP struct {
	checked
	syscall.Conn
}

// Read implements net.Conn.
func (c *checked) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && !c.lawful(b[:n]) {
		return 0, errGarbage
	}
	return n, err
}

// lawful follows the replies' lines and strings.
func (c *checked) lawful(b []byte) bool {
	for len(b) > 0 {
		switch {
		case c.skip > 0:
			n := min(c.skip, len(b))
			c.skip -= n
			b = b[n:]
			continue
		case c.kind == 0:
			c.kind, c.size, c.negative = b[0], 0, false
		case b[0] == '\n':
			if bytes.IndexByte(sized, c.kind) >= 0 && !c.negative {
				c.skip = c.size + len("\r\n")
			}
			c.kind = 0
		case !c.announces(b[0]):
			return false
		}
		b = b[1:]
	}
	return true
}

// What is followed by as many bytes or elements as its line says.
var (
	sized = []byte("$=!")
	lists = []byte("*%~>|")
)

// announces reads one byte of what a line announces; other lines have text.
func (c *checked) announces(digit byte) bool {
	most := longestString
	if bytes.IndexByte(lists, c.kind) >= 0 {
		most = mostElements
	} else if bytes.IndexByte(sized, c.kind) < 0 {
		return true
	}
	switch {
	case digit == '-':
		c.negative = true
	case '0' <= digit && digit <= '9':
		c.size = 10*c.size + int(digit-'0')
	}
	return c.size <= most
}
