package upstream

import "time"

// Lookup is one caller's part in a look-up. It is used by one goroutine.
type Lookup struct {
	d       *Lookups
	userID  string
	refresh bool
	started bool  // this caller's call made the look-up begin
	stored  Entry // what was in memory at the start
	known   bool
	flight  *inflightLookup // nil where memory answered
}

// Answer is a profile and what it cost this caller.
type Answer struct {
	*Response
	Age    time.Duration
	Cached bool   // it was in memory
	Billed bool   // this very call was charged; of many that share a look-up, one says so
	Stale  bool   // past its time, since the source fails
	Failed *Error // how it fails, where Stale
}

// closed is the Done channel of look-ups that memory answered.
var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// Done is closed when Answer has something to say; at once where memory
// answers.
func (l *Lookup) Done() <-chan struct{} {
	if l.flight == nil {
		return closed
	}
	return l.flight.done
}

// Answer gives the outcome for this caller; call it once Done is closed. The
// error is an *Error.
func (l *Lookup) Answer() (Answer, error) {
	if l.flight == nil {
		return l.fromMemory()
	}
	if l.refresh {
		l.d.mu.Lock()
		l.d.takeUnread(l.userID)
		l.d.mu.Unlock()
	}
	f := l.flight
	if f.err == nil {
		return Answer{Response: f.profile, Age: age(f.profile), Billed: l.started && f.profile.Billed}, nil
	}
	if l.usableStale() && f.err.Kind.Retryable() {
		p := l.stored.Response
		return Answer{Response: p, Age: age(p), Cached: true, Stale: true, Failed: f.err}, nil
	}
	err := *f.err
	if err.Billed == Billed && !l.started {
		err.Billed = NotBilled
	}
	return Answer{}, &err
}

func (l *Lookup) fromMemory() (Answer, error) {
	if l.stored.Missing != nil {
		err := *l.stored.Missing
		err.Billed, err.Remembered = NotBilled, true
		return Answer{}, &err
	}
	p := l.stored.Response
	return Answer{Response: p, Age: age(p), Cached: true}, nil
}

func age(p *Response) time.Duration { return max(time.Since(p.FetchedAt), 0) }

// fresh reports whether memory alone can answer.
func (l *Lookup) fresh() bool {
	ttl := l.d.settings.TTL
	if l.stored.Missing != nil {
		ttl = l.d.missingTTL()
	}
	return l.known && time.Since(l.stored.At) < ttl
}

// usableStale reports whether the stored profile may stand in for a failing
// source. Who asked for a refresh wants to know that it failed.
func (l *Lookup) usableStale() bool {
	s := l.d.settings
	return l.known && !l.refresh && l.stored.Response != nil && time.Since(l.stored.At) < s.TTL+s.Stale
}
