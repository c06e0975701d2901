package upstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
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
	for _, size := range []int{0, 1, smallBody - 1, smallBody, smallBody + 1, 1 << 20, maxBody, maxBody + 1, maxBody + 2} {
		for _, end := range []error{io.EOF, io.ErrUnexpectedEOF} {
			if size > maxBody {
				end = io.EOF
			}
			body, release, err := c.readBody(t.Context(), &trickle{size, end})
			release()
			if want := min(size, maxBody+1); errors.Is(end, io.EOF) && (err != nil || !bytes.Equal(body, make([]byte, want))) {
				t.Errorf("an answer of %d bytes is read as %d, %v, want %d", size, len(body), err, want)
			}
			if !errors.Is(end, io.EOF) && !errors.Is(err, end) {
				t.Errorf("an answer that is cut after %d bytes ends with %v, want %v", size, err, end)
			}
		}
	}
	if n := len(c.large); n != 0 {
		t.Errorf("%d places are still taken, want none", n)
	}
}

// halfway gives the beginning of a large answer, and the rest once it is released.
type halfway struct {
	trickle
	begun atomic.Bool
	rest  <-chan struct{}
}

func (r *halfway) Read(b []byte) (int, error) {
	if r.left <= 1<<20 {
		r.begun.Store(true)
		<-r.rest
	}
	return r.trickle.Read(b)
}

// No more than largeBodies of the answers that come at once are read beyond their
// beginning; the others wait, and come too.
func TestManyLargeAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClient("http://127.0.0.1", NewToken("a-token"), time.Minute)
		rest, read := make(chan struct{}), make(chan error, 3*largeBodies)
		answers := make([]halfway, 3*largeBodies)
		for i := range answers {
			answers[i] = halfway{trickle: trickle{2 << 20, io.EOF}, rest: rest}
			go func() {
				body, release, err := c.readBody(t.Context(), &answers[i])
				defer release()
				if len(body) != 2<<20 {
					err = fmt.Errorf("%d bytes, %w", len(body), err)
				}
				read <- err
			}()
		}
		synctest.Wait()
		begun := 0
		for i := range answers {
			if answers[i].begun.Load() {
				begun++
			}
		}
		if begun != largeBodies {
			t.Errorf("%d large answers are read at a time, want %d", begun, largeBodies)
		}
		close(rest)
		for range answers {
			if err := <-read; err != nil {
				t.Errorf("an answer ends with %v, want it whole", err)
			}
		}
	})
}

// Large answers that never end keep others waiting until their time is over.
func TestAnswersThatNeverEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClient("http://127.0.0.1", NewToken("a-token"), time.Minute)
		for range largeBodies {
			c.large <- struct{}{}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, release, err := c.readBody(ctx, &trickle{1 << 20, io.EOF})
		release()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an answer ends with %v, want that time ran out", err)
		}
		if _, release, err = c.readBody(ctx, &trickle{smallBody - 1, io.EOF}); err != nil {
			t.Errorf("a small answer ends with %v, want it whole", err)
		}
		release()
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
