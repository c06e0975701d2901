package redis

import (
	"bytes"
	"net"
)

// What a reply may announce: a string of 9,999,999 bytes, a list of 999
// elements. go-redis makes room for as much as is announced, and the process
// would die of garbage that looks like a larger number.
const (
	mostStringDigits = 7
	mostListDigits   = 3
)

// checkedTCP is a connection on which no reply announces more. It shows go-redis
// the TCP connection, for a look at whether the other end has closed it.
type checkedTCP struct{ *net.TCPConn }

// Read implements net.Conn.
func (c checkedTCP) Read(b []byte) (int, error) { return readChecked(c.TCPConn, b) }

// checkedTLS is the same for an encrypted connection.
type checkedTLS struct{ net.Conn }

// Read implements net.Conn.
func (c checkedTLS) Read(b []byte) (int, error) { return readChecked(c.Conn, b) }

// readChecked takes an answer's own lines for announcements too: they have no
// such digits.
func readChecked(c net.Conn, b []byte) (int, error) {
	n, err := c.Read(b)
	for line := range bytes.Lines(b[:n]) {
		digits := len(line) - len(bytes.TrimLeft(line[1:], "+0123456789")) - 1
		switch line[0] {
		case '$', '=', '!':
			if digits > mostStringDigits {
				return 0, errGarbage
			}
		case '*', '%', '~', '>', '|':
			if digits > mostListDigits {
				return 0, errGarbage
			}
		}
	}
	return n, err
}
