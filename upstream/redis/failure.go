package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	goredis "github.com/redis/go-redis/v9"
)

var (
	errGarbage = errors.New("what Redis answers cannot be read")
	errClosed  = errors.New("the connection to Redis was closed")
)

// codes lists the first words of Redis's errors that may be shown. No other word of an error
// is shown: a server may repeat what it was sent, and that may be a password.
var codes = []string{
	"BUSY", "ERR", "LOADING", "MASTERDOWN", "MISCONF", "MOVED", "NOAUTH", "NOPERM", "NOREPLICAS", "OOM",
	"READONLY", "WRONGPASS", "WRONGTYPE",
}

// explain turns an error of go-redis into one in our own words, without the server's address,
// its text, or anything of the URL; nil stays nil.
func explain(err error) error {
	var (
		timeout     net.Error
		reply       goredis.Error
		certificate *tls.CertificateVerificationError
		name        *net.DNSError
		number      syscall.Errno
	)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("no answer from Redis in time: %w", context.DeadlineExceeded)
	case errors.As(err, &certificate):
		return errors.New("the certificate of Redis is not trusted, or not for this name")
	case errors.As(err, &name):
		return errors.New("the host name of Redis cannot be resolved")
	case errors.As(err, &number):
		return fmt.Errorf("no connection to Redis: %w", number)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return errClosed
	case errors.As(err, &reply):
		code, _, _ := strings.Cut(reply.Error(), " ")
		if slices.Contains(codes, code) {
			return fmt.Errorf("refused by Redis: %s", code)
		}
	}
	return errGarbage
}
