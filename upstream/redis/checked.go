package redis

import (
	"bytes"
	"net"
)

// What a reply may announce: a string of 9,999,999 bytes, a list of 9,999
// elements. go-redis makes room for as much as is announced, and the process
// would die of garbage that looks like a larger number.
const (
	mostStringDigits = 7
	mostListDigits   = 4
)

// checked is a connection on which no reply announces more.
type checked struct{ net.Conn }

// Read implements net.Conn. It checks the lines inside an answer as if they announced
// something too: none of them begins with so many digits.
func (c checked) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
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
