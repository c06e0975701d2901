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

func unpack(packed []byte) ([]byte, error) {
	return io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
}
