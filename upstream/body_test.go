package upstream

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// trickle gives a little at a time, then err.
type trickle struct {
	left int
	err  error
}

func (r *trickle) Read(b []byte) (int, error) {
	if r.left == 0 {
		return 0, r.err
	}
	n := min(len(b), r.left, 5000)
	clear(b[:n])
	r.left -= n
	return n, nil
}

// An answer is read whole, or fails as its reader does.
func TestReadBody(t *testing.T) {
	c := NewClient("http://127.0.0.1", NewToken("a-token"), time.Minute)
	for _, size := range []int{0, 1, bodyPiece - 1, bodyPiece, bodyPiece + 1, 1 << 20, maxBody, maxBody + 1, maxBody + 2} {
		for _, end := range []error{io.EOF, io.ErrUnexpectedEOF} {
			if size > maxBody {
				end = io.EOF
			}
			body, err := c.readBody(t.Context(), &trickle{size, end})
			if want := min(size, maxBody+1); errors.Is(end, io.EOF) && (err != nil || !bytes.Equal(body, make([]byte, want))) {
				t.Errorf("an answer of %d bytes is read as %d, %v, want %d", size, len(body), err, want)
			}
			if !errors.Is(end, io.EOF) && !errors.Is(err, end) {
				t.Errorf("an answer that is cut after %d bytes ends with %v, want %v", size, err, end)
			}
		}
	}
	if n := len(c.room); n != 0 {
		t.Errorf("%d places are still taken, want none", n)
	}
}

// Answers that never end hold a bounded number of bytes; the others wait for them
// until their time is over.
func TestBodiesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClient("http://127.0.0.1", NewToken("a-token"), time.Minute)
		c.room = make(chan struct{}, 10)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		failed := make(chan error, 20)
		for range 20 {
			go func() {
				_, err := c.readBody(ctx, &trickle{1 << 20, io.EOF})
				failed <- err
			}()
		}
		synctest.Wait()
		if n := len(c.room); n != 10 {
			t.Errorf("%d places are taken, want 10", n)
		}
		for range 20 {
			if err := <-failed; !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("an answer ends with %v, want that time ran out", err)
			}
		}
	})
}

// An answer in a store that unpacks to more than one can have, or not at all, is
// damaged.
func TestStoredAnswersThatDoNotUnpack(t *testing.T) {
	l := &Lookups{settings: Settings{TTL: time.Hour, Stale: time.Hour, Upstream: "u"}}
	for name, packed := range map[string][]byte{
		"a bomb":  pack(make([]byte, maxUnpacked+1)),
		"garbage": []byte("garbage"),
		"empty":   {},
		"cut off": pack([]byte(`{"name":"whole"}`))[:5],
	} {
		item := l.item("key", &entry{response: &Response{packed: packed}, at: time.Now()})
		if e, err := l.decode("key", item.Value); err == nil {
			t.Errorf("%s of %d bytes is read as %+v, want an error", name, len(packed), e)
		}
	}
	item := l.item("key", &entry{response: &Response{packed: pack(make([]byte, maxBody))}, at: time.Now()})
	if _, err := l.decode("key", item.Value); err != nil {
		t.Errorf("the largest answer is damaged: %v, want it read", err)
	}
}
