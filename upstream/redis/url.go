package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"syscall"

	goredis "github.com/redis/go-redis/v9"
)

// The errors show nothing of the URL: in a miswritten URL a password may be anywhere.
var (
	errURL      = errors.New("the URL of Redis must be redis://user:password@host:port/database, or rediss:// for TLS; user, password, port and database may be left out, and / ? # @ : % in a password are percent-encoded")
	errPassword = errors.New("the URL of Redis names a user without a password; a password without a user is redis://:password@host")
)

// parse makes the settings of a go-redis client of a URL. The error is errURL or errPassword.
func parse(raw string) (*goredis.Options, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "redis" && u.Scheme != "rediss" || u.Hostname() == "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, errURL
	}
	if _, set := u.User.Password(); u.User.Username() != "" && !set {
		return nil, errPassword
	}
	o, err := goredis.ParseURL(raw)
	if err != nil || o.DB < 0 {
		return nil, errURL
	}
	o.Protocol = 2 // the simpler one: the server sends nothing unasked
	o.DisableIdentity = true
	o.ContextTimeoutEnabled = true
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = operationLimit, operationLimit, operationLimit, operationLimit
	o.MaxRetries = -1 // a look-up goes on without Redis
	o.PoolSize, o.ConnMaxIdleTime = maxConnections, maxIdle
	o.Dialer = dialer(o.TLSConfig)
	return o, nil
}

// dialer opens connections whose replies are checked.
func dialer(c *tls.Config) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		if c != nil {
			conn, err := (&tls.Dialer{Config: c}).DialContext(ctx, network, addr)
			return checked{conn}, err
		}
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		// go-redis needs the TCP connection itself, to see whether the other end has
		// closed it.
		return struct {
			checked
			syscall.Conn
		}{checked{conn}, conn.(*net.TCPConn)}, nil
	}
}
