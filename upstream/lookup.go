package upstream

import "time"

// Lookup is one caller's part in a look-up. One goroutine uses it, and ends it
// with Answer or Leave.
type Lookup struct {
	lookups  *Lookups
	key      string
	refresh  bool
	late     bool // it had failed before this caller came
	inflight *inflight
	charge   *charge // that this caller was told of; nil if none
}

// Answer is a response and what it cost this caller.
type Answer struct {
	*Response
	Age    time.Duration
	Cached bool   // it came from memory, this process's or a store's
	Billed bool   // this caller is the one to be told of the charge
	Stale  bool   // past its time, since the source fails
	Failed *Error // how it fails, where Stale
}

// closed is the Done channel of look-ups that memory answered.
var closed = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// remembered is a look-up that memory answered.
func remembered(e Entry) *inflight { return &inflight{done: closed, entry: e, fromStore: true} }

// Done is closed when Answer has something to say; at once where memory
// answers.
func (l *Lookup) Done() <-chan struct{} { return l.inflight.done }

// Answer gives the outcome for this caller; call it once, when Done is closed.
// The error is an *Error.
func (l *Lookup) Answer() (Answer, error) {
	f := l.inflight
	if f.err == nil {
		return l.answer(f.entry, f.fromStore)
	}
	if e := f.fallback; l.lookups.usableStale(e) && !l.refresh && f.err.Kind.Retryable() {
		a, err := l.answer(e, true)
		a.Stale, a.Failed = true, f.err
		return a, err
	}
	err := *f.err
	err.Remembered = err.Remembered || l.late
	return Answer{}, &err
}

// answer makes the outcome of an entry; cached is whether it came from memory.
func (l *Lookup) answer(e Entry, cached bool) (Answer, error) {
	billed := l.takeCharge(e.charge)
	if e.Missing == nil {
		return Answer{Response: e.Response, Age: age(e), Cached: cached, Billed: billed}, nil
	}
	err := *e.Missing
	err.Remembered = cached
	err.Billed = NotBilled
	if billed {
		err.Billed = Billed
	}
	return Answer{Cached: cached}, &err
}

func age(e Entry) time.Duration { return max(time.Since(e.At), 0) }
