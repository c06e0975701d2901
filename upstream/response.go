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

// Response is what a source answered to one query. It never changes once it is
// made, so many goroutines may read it.
type Response struct {
	Subject   string // as asked for: a userId, a noteId or ""
	FetchedAt time.Time
	RequestID string       // the source's, harmless characters only; "" if none
	Billed    bool         // the source charged for it
	packed    []byte       // the data object, deflated: a third of its size in memory
	size      atomic.Int64 // of the data object; 0 is not known yet
}

// NewResponse makes a response that is fetched now, by the wall clock: the
// monotonic one stands still while a machine sleeps. data may be reused after.
func NewResponse(subject string, data json.RawMessage, requestID string, billed bool) *Response {
	return &Response{Subject: subject, FetchedAt: time.Now().Round(0), RequestID: requestID, Billed: billed, packed: pack(data)}
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

// Data is the data object, byte for byte; null where Trend has no figures. Each
// call makes it anew.
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
	// Ready says why no request can be made at all, before anything is
	// spent; nil if one can. The error is an *Error.
	Ready() error
	// Fetch makes one request, without retries. The error is an *Error.
	Fetch(ctx context.Context, q Query) (*Response, error)
}
