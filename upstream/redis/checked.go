package redis

import (
	"bytes"
	"net"
)

// The most digits of a length that a reply may announce: up to 9,999,999 bytes of a string,
// up to 9,999 elements of a list. go-redis allocates what is announced: garbage that looks
// like a larger number would kill the process.
const (
	mostStringDigits = 7
	mostListDigits   = 4
)

// checked is a connection that fails where a reply announces more.
type checked struct{ net.Conn }

// Read implements net.Conn. It cannot tell the lines of a reply from those inside a saved
// answer, and checks both: in an answer no line begins with a sign and so many digits.
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
