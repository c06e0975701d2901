// Package upstream is a figure's way in: it asks Just One API (or the recorded
// samples), retries what may be retried, remembers what was paid for, and lets
// callers share one look-up. It knows nothing of MCP.
package upstream

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"io"
	"sync/atomic"
	"time"
)

// Response is what a source answered to one query. It never changes once it is
// made, so many goroutines may read it.
type Response struct {
	UserID    string // as asked for: 24 lower-case hex digits
	FetchedAt time.Time
	RequestID string       // the source's, harmless characters only; "" if none
	Billed    bool         // the source charged for it
	packed    []byte       // the data object, deflated: a third of its size in memory
	size      atomic.Int64 // of the data object; 0 is not known yet
}

// NewResponse makes a response that is fetched now, by the wall clock: the
// monotonic one stands still while a machine sleeps. data may be reused after.
func NewResponse(userID string, data json.RawMessage, requestID string, billed bool) *Response {
	return &Response{UserID: userID, FetchedAt: time.Now().Round(0), RequestID: requestID, Billed: billed, packed: pack(data)}
}

// Size is how many bytes Data has. It takes no memory, and after the first time no
// time.
func (p *Response) Size() int {
	n := p.size.Load()
	if n == 0 {
		n, _ = io.Copy(io.Discard, flate.NewReader(bytes.NewReader(p.packed))) // Data panics where this fails
		p.size.Store(n)
	}
	return int(n)
}

// Data is the data object, byte for byte. Each call makes it anew.
func (p *Response) Data() json.RawMessage {
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(p.packed)))
	if err != nil {
		panic("upstream: a response in memory cannot be unpacked: " + err.Error())
	}
	return data
}

func pack(data []byte) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	// A buffer takes whatever is written to it.
	_, _ = w.Write(data)
	_ = w.Close()
	return bytes.Clone(b.Bytes()) // without the room to grow
}

// Fetcher asks one source. Its methods may be called concurrently.
type Fetcher interface {
	// Ready says why no request can be made at all, before anything is
	// spent; nil if one can. The error is an *Error.
	Ready() error
	// Fetch makes one request, without retries. The error is an *Error.
	Fetch(ctx context.Context, q Query) (*Response, error)
}
