package upstream_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
)

// slowly has an operation of a store take so long.
func slowly(operation string, took time.Duration) func(context.Context, string) error {
	return func(_ context.Context, o string) error {
		if o == operation {
			time.Sleep(took)
		}
		return nil
	}
}

// A caller that leaves while the paid answer is being saved leaves its charge to the
// next one, and the look-up to Drain.
func TestACallerThatLeavesDuringTheSave(t *testing.T) {
	for name, next := range map[string]upstream.Ask{"a call": {}, "a call that pays nothing": {CachedOnly: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, store := &source{took: time.Second}, newCommon(0)
				store.breaks(slowly("save", 300*time.Millisecond))
				d := process(f, store)
				defer d.Close()
				l := d.Lookup(profile(documented), upstream.Ask{})
				time.Sleep(1100 * time.Millisecond)
				l.Leave()
				synctest.Wait()
				if n := d.Stats().Sent; n != 1 {
					t.Errorf("during the save %d look-ups are sent, want 1", n)
				}
				second := d.Lookup(profile(documented), next)
				<-second.Done()
				a, err := second.Answer()
				if err != nil || !a.Billed {
					t.Errorf("the next answer is %+v, %v, want it billed", a, err)
				}
				f.wantRequests(t, 1)
			})
		})
	}
}

// A caller that pays nothing, and finds in the store what this process has paid for
// meanwhile, is told of the charge where nobody else was.
func TestWhatTheStoreHasKeepsItsCharge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newCommon(0)
		d := process(&source{took: 100 * time.Millisecond}, store)
		defer d.Close()
		store.breaks(slowly("load", 300*time.Millisecond))
		free := d.Lookup(profile(documented), upstream.Ask{CachedOnly: true})
		synctest.Wait()
		store.breaks(nil)
		l := d.Lookup(profile(documented), upstream.Ask{})
		time.Sleep(50 * time.Millisecond)
		l.Leave()
		<-free.Done()
		if a, err := free.Answer(); err != nil || !a.Billed {
			t.Errorf("the answer is %+v, %v, want it billed", a, err)
		}
	})
}

// A look-up whose answer cannot be saved, since too many operations hang, gives its
// lock back.
func TestALockWhoseSaveFindsNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, end := newCommon(0), make(chan struct{})
		d := process(&source{took: 10 * time.Second}, store)
		defer d.Close()
		l := d.Lookup(profile(documented), upstream.Ask{})
		synctest.Wait()
		store.breaks(func(_ context.Context, operation string) error {
			if operation == "load" {
				<-end // whatever its context says, as a disk does
			}
			return nil
		})
		for i := range 100 {
			d.Lookup(profile(blogger(i)), upstream.Ask{}).LeavePending()
		}
		<-l.Done()
		time.Sleep(20 * time.Second)
		close(end)
		time.Sleep(10 * time.Second)
		if store.has(profile(documented).Key()) {
			t.Error("the answer is saved after 20 s, want it given up: what hangs must not pile up")
		}
		if _, _, err := store.TryLock(t.Context(), profile(documented).Key()); err != nil {
			t.Errorf("after the look-up the lock says %v, want it free", err)
		}
	})
}

// A look-up that began while the store stood still takes its lock once the store
// works again, so that others wait for it.
func TestALockAfterAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, pause := newCommon(0), make(chan struct{})
		store.breaks(func(ctx context.Context, _ string) error {
			select {
			case <-pause:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		f, g := &source{took: 30 * time.Second}, &source{took: 30 * time.Second}
		one, other := process(f, store), process(g, store)
		defer one.Close()
		defer other.Close()
		first := one.Lookup(profile(documented), upstream.Ask{})
		time.Sleep(time.Second)
		if n := len(f.seen()); n != 1 {
			t.Fatalf("after a second of the pause %d requests are out, want 1", n)
		}
		close(pause)
		time.Sleep(time.Second)
		if _, _, err := store.TryLock(t.Context(), profile(documented).Key()); !errors.Is(err, upstream.ErrLocked) {
			t.Errorf("after the pause the lock says %v, want ErrLocked", err)
		}
		if a := mustGet(t, other, documented, false); !a.Cached {
			t.Errorf("the answer of the other process is %+v, want it cached", a)
		}
		<-first.Done()
		g.wantRequests(t, 0)
	})
}

// waiting is a look-up that has waited for a second for another process, and what ends
// that one.
func waiting(t *testing.T, f *source, store *common) (l *upstream.Lookup, unlock func()) {
	t.Helper()
	_, free, err := store.TryLock(t.Context(), profile(documented).Key())
	if err != nil {
		t.Fatal(err)
	}
	d := process(f, store)
	t.Cleanup(d.Close)
	l = d.Lookup(profile(documented), upstream.Ask{})
	time.Sleep(time.Second)
	return l, func() { _ = free(t.Context()) }
}

// A process that waits for another one, whose store pauses meanwhile and which dies
// then, takes over once the store works again.
func TestALockThatComesLateWhileAnotherIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		l, unlock := waiting(t, f, store)
		store.breaks(slowly("lock", 2*time.Second))
		time.Sleep(time.Second) // one is asked for
		unlock()
		time.Sleep(3 * time.Second)
		store.breaks(nil)
		begin := time.Now()
		<-l.Done()
		if took := time.Since(begin); took > 15*time.Second {
			t.Errorf("the look-up takes %s after the pause, want 15 s at most", took)
		}
		f.wantRequests(t, 1)
	})
}

// A look-up that finds another process gone takes the lock at once, although it had
// just given it back to look: a store takes its time for that.
func TestALockThatIsGivenBackSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, store := &source{}, newCommon(0)
		l, unlock := waiting(t, f, store)
		unlock()
		store.breaks(slowly("unlock", 100*time.Millisecond))
		begin := time.Now()
		<-l.Done()
		if took := time.Since(begin); took > time.Second {
			t.Errorf("the look-up takes %s after the other process has ended, want 1 s at most", took)
		}
		f.wantRequests(t, 1)
	})
}

// perKey is a store that takes a while for each key that it reads.
type perKey struct{ *common }

func (p perKey) Load(ctx context.Context, keys ...string) ([][]byte, error) {
	select {
	case <-time.After(time.Duration(len(keys)) * 100 * time.Microsecond):
		return p.common.Load(ctx, keys...)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// What is kept of thousands of queries is found, although no store reads that in the
// time of one look-up.
func TestWhatIsKeptOfThousands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const bloggers = 5000
		store := newCommon(0)
		other := process(&source{}, store)
		defer other.Close()
		var queries []upstream.Query
		for i := range bloggers {
			mustGet(t, other, blogger(i), false)
			queries = append(queries, profile(blogger(i)))
		}
		d := process(&source{}, perKey{store})
		defer d.Close()
		found := 0
		for i, a := range d.Cached(t.Context(), queries...) {
			if a.Response != nil && a.Subject == blogger(i) {
				found++
			}
		}
		if found != bloggers {
			t.Errorf("the answers of %d bloggers are found, want %d", found, bloggers)
		}
	})
}
