package upstream

import (
	"bytes"
	"compress/flate"
	"io"
	"sync"
)

// Writers hold hundreds of kilobytes each: too much to make one a profile.
var packers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(io.Discard, flate.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

func pack(data []byte) []byte {
	var b bytes.Buffer
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	// A buffer takes whatever is written to it.
	_, _ = w.Write(data)
	_ = w.Close()
	return bytes.Clone(b.Bytes())
}

// Readers hold forty kilobytes each, which takes longer to make than a usual
// answer to read.
var unpackers = sync.Pool{New: func() any { return flate.NewReader(bytes.NewReader(nil)) }}

func unpack(packed []byte) ([]byte, error) {
	r := unpackers.Get().(io.ReadCloser)
	defer unpackers.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(packed), nil); err != nil {
		return nil, err
	}
	b := bytes.NewBuffer(make([]byte, 0, 4*len(packed))) // about what text unpacks to
	_, err := b.ReadFrom(r)
	return b.Bytes(), err
}
