package upstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Just One API's two documented base URLs. China is plain HTTP: the token crosses the
// network in clear text.
const (
	Global = "https://api.justoneapi.com"
	China  = "http://47.117.133.51:30015"
)

const (
	// maxBody bounds an answer after decompression; the largest usual one has
	// about 12 KB.
	maxBody = 4 << 20

	// Most answers are smaller than smallBody. At most largeBodies of the larger ones are
	// read and decoded at the same time: each takes up to four times maxBody of memory.
	smallBody   = 32 << 10
	largeBodies = 16

	// mostRetryAfter bounds the wait that callers are told.
	mostRetryAfter = 7 * 24 * time.Hour

	// dialLimit bounds opening a connection, so that three attempts fit into the default
	// of -wait.
	dialLimit = 10 * time.Second
)

// Client is the Fetcher that asks Just One API. It may be used concurrently.
type Client struct {
	base    string
	token   Token
	redact  func(body []byte) []byte
	timeout time.Duration
	http    *http.Transport
	large   chan struct{} // a semaphore for the large answers that are being read
}

// NewClient makes a client for a base URL without a trailing slash. The
// timeout bounds one request from dialling to the answer's last byte.
func NewClient(base string, token Token, timeout time.Duration) *Client {
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialLimit}).DialContext,
		TLSHandshakeTimeout: dialLimit,
		// On a reused connection net/http sends a GET again by itself when the
		// server closes it: a second paid request that is not counted.
		DisableKeepAlives: true,
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, r *http.Response) error {
			if r.StatusCode != http.StatusOK {
				return proxyRefusal(r.StatusCode)
			}
			return nil
		},
	}
	return &Client{base, token, redactor(token), timeout, transport, make(chan struct{}, largeBodies)}
}

// Ready implements Fetcher: it reports a missing token.
func (c *Client) Ready() error {
	if c.token.IsZero() {
		return &Error{Kind: TokenMissing, Billed: NotBilled}
	}
	return nil
}

// Fetch implements Fetcher. Its errors never hold the URL, which holds the token.
func (c *Client) Fetch(ctx context.Context, q Query) (*Response, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, q.url(c.base, c.token), nil)
	if err != nil {
		return nil, &Error{Kind: Internal, Billed: NotBilled, Detail: "the request cannot be built"}
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "pgy-mcp")
	// http.Client would follow redirects, and fail an answer whose Location it
	// cannot read.
	resp, err := c.http.RoundTrip(req)
	if err != nil {
		return nil, transportError(err, connected.Load(), c.proxied(req))
	}
	defer func() { _ = resp.Body.Close() }()
	answer, fail := c.receive(ctx, resp, q)
	if fail != nil {
		fail.RetryAfter = retryAfter(resp.Header)
		return nil, fail
	}
	return answer, nil
}

// receive reads and judges the answer to a query.
func (c *Client) receive(ctx context.Context, resp *http.Response, q Query) (*Response, *Error) {
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// Its body is the bare connection, which no time limit ends.
		return nil, statusError(resp.StatusCode)
	}
	body, release, err := c.readBody(ctx, resp.Body)
	defer release()
	if err != nil {
		return nil, transportError(err, true, false)
	}
	if len(body) > maxBody {
		return nil, &Error{Kind: BadResponse, Billed: UnknownBilling, Detail: fmt.Sprintf("the answer is larger than %d MiB", maxBody>>20)}
	}
	data, requestID, fail := parse(resp.StatusCode, c.redact(body), q)
	switch {
	case fail == nil:
		return NewResponse(q.Subject, data, requestID, true), nil
	case fail.Status == http.StatusProxyAuthRequired && c.proxied(resp.Request):
		return nil, proxyRefusal(fail.Status)
	}
	return nil, fail
}

// readBody reads at most maxBody+1 bytes of an answer: more than maxBody is too large. A
// large answer first waits for a place in large. The caller frees the place with release,
// which is never nil, when it no longer needs body.
func (c *Client) readBody(ctx context.Context, r io.Reader) (body []byte, release func(), err error) {
	release = func() {}
	body, err = io.ReadAll(io.LimitReader(r, smallBody))
	if err != nil || len(body) < smallBody {
		return body, release, err
	}
	select {
	case c.large <- struct{}{}:
		release = func() { <-c.large }
	case <-ctx.Done():
		return nil, release, ctx.Err()
	}
	body, err = io.ReadAll(io.MultiReader(bytes.NewReader(body), io.LimitReader(r, maxBody+1-smallBody)))
	return body, release, err
}

// proxied reports whether a request goes through a proxy, or would if the proxy's address
// could be read.
func (c *Client) proxied(req *http.Request) bool {
	proxy, err := c.http.Proxy(req)
	return proxy != nil || err != nil
}

// proxyRefusal is the error of a request that a proxy did not pass on.
func proxyRefusal(status int) *Error {
	return &Error{
		Kind: Unreachable, Status: status, Billed: NotBilled, Detail: "the proxy refuses the connection",
		Final: status == http.StatusProxyAuthRequired || status == http.StatusForbidden,
	}
}

// transportError is the error of a request that brought no complete answer. Before there is a
// connection, nothing was sent: an *Error in err, the cause of a context's end, is returned as
// it is. After that the request may have been served and charged.
func transportError(err error, connected, proxied bool) *Error {
	var timeout net.Error
	var refusal *Error
	switch {
	case !connected && errors.As(err, &refusal):
		return refusal
	case !connected:
		return &Error{Kind: Unreachable, Billed: NotBilled, Detail: dialDetail(err, proxied)}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return &Error{Kind: Timeout, Billed: UnknownBilling}
	}
	return &Error{Kind: BadResponse, Billed: UnknownBilling, Detail: "the connection ended before a complete answer"}
}

// dialDetail is the Detail of a connection that was not opened.
func dialDetail(err error, proxied bool) string {
	var dns *net.DNSError
	var timeout net.Error
	var dial *net.OpError
	proxy := errors.As(err, &dial) && dial.Op == "proxyconnect"
	switch {
	case errors.As(err, &dns) && proxy:
		return "the proxy's name cannot be resolved"
	case errors.As(err, &dns):
		return "its name cannot be resolved"
	case errors.As(err, &timeout) && timeout.Timeout() && proxy:
		return "the proxy does not take connections in time"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it does not take connections in time"
	case strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "x509: "):
		return "no secure connection can be made"
	case proxy:
		return "the proxy refuses connections"
	case proxied: // it took the connection, and ended it
		return "the proxy refuses the connection"
	}
	return "it refuses connections"
}

// retryAfter gives how long the header Retry-After asks to wait, at most mostRetryAfter;
// 0 if there is none. It compares a date with the answer's own Date, where there is one.
func retryAfter(h http.Header) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text != "" && strings.Trim(text, "0123456789.") == "" {
		seconds, _ := strconv.ParseFloat(text, 64) // 0 for two points, +Inf for too many digits
		return time.Duration(min(seconds, mostRetryAfter.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(at.Sub(now), 0), mostRetryAfter)
}
