// Package upstream fetches, retries, caches and coalesces look-ups at Just One
// API, or among recorded samples. It knows nothing of MCP.
package upstream

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Response is what a source answered to one query. It never changes, so it may be used
// concurrently.
type Response struct {
	Subject   string // as asked for: a userId, a noteId or ""
	FetchedAt time.Time
	RequestID string       // the source's, harmless characters only; "" if none
	Billed    bool         // the source charged for it
	packed    []byte       // the data object, deflated to about a third of its size
	size      atomic.Int64 // of the data object in bytes; 0 is not known yet
}

// NewResponse makes a response that was fetched now. The time is that of the wall clock alone,
// since the monotonic clock stands still while a machine sleeps. data is copied.
func NewResponse(subject string, data json.RawMessage, requestID string, billed bool) *Response {
	return &Response{Subject: subject, FetchedAt: time.Now().Round(0), RequestID: requestID, Billed: billed, packed: pack(data)}
}

// Size is how many bytes Data has. It does not make Data, and takes time only at the first
// call.
func (p *Response) Size() int {
	n := p.size.Load()
	if n == 0 {
		n, _ = io.Copy(io.Discard, flate.NewReader(bytes.NewReader(p.packed))) // Data panics where this fails
		p.size.Store(n)
	}
	return int(n)
}

// Data is the data object, byte for byte; null where Trend has no figures. Each call
// unpacks it, into memory that the caller may change.
func (p *Response) Data() json.RawMessage {
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(p.packed)))
	if err != nil {
		panic("upstream: a response in memory cannot be unpacked: " + err.Error())
	}
	return data
}

// maxUnpacked bounds a stored data object: an answer has maxBody at most.
const maxUnpacked = 32 << 20

// unpacks reports whether packed is a whole data object of a size that an answer
// can have.
func unpacks(packed []byte) bool {
	r := readers.Get().(io.ReadCloser)
	defer readers.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(packed), nil); err != nil {
		return false
	}
	n, err := io.Copy(io.Discard, io.LimitReader(r, maxUnpacked+1))
	return err == nil && n <= maxUnpacked && n > 0
}

func pack(data []byte) []byte {
	var b bytes.Buffer
	w := writers.Get().(*flate.Writer)
	defer writers.Put(w)
	w.Reset(&b)
	// A buffer takes whatever is written to it.
	_, _ = w.Write(data)
	_ = w.Close()
	return bytes.Clone(b.Bytes()) // without the room to grow
}

// A writer has more than a megabyte, and a reader 40 KB.
var (
	writers = sync.Pool{New: func() any {
		w, err := flate.NewWriter(nil, flate.BestSpeed)
		if err != nil {
			panic(err) // the level is a constant
		}
		return w
	}}
	readers = sync.Pool{New: func() any { return flate.NewReader(nil) }}
)

// Fetcher asks one source. Its methods may be called concurrently.
type Fetcher interface {
	// Ready says why no request can be made at all, before a request is counted; nil if
	// requests can be made. The error is an *Error.
	Ready() error
	// Fetch makes one request, without retries. The error is an *Error. The request was
	// charged where Billed of the response or of the error says so.
	Fetch(ctx context.Context, q Query) (*Response, error)
}
