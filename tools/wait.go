package tools

import (
	"context"
	"fmt"
	"sync"
	"time"

	"pgy-mcp/upstream"
)

// progressEvery keeps a waiting client informed; clients expect 10 s at most.
const progressEvery = 5 * time.Second

// Caller is what a transport offers to one call. A zero Caller offers nothing.
type Caller struct {
	// Progress tells the client how far the call is; nil if it did not ask.
	// When it returns, the notification is on its way before any result.
	Progress func(done, total float64, message string)
	// Waiting is called once, before the call first waits for a look-up, so
	// that the transport can go on reading; nil if it need not know.
	Waiting func()
}

type callerKey struct{}

// WithCaller gives the call under ctx its caller.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// forever is a wait without a limit.
const forever time.Duration = 0

// await waits until every look-up is done, the wait is over or the caller has
// gone, and tells the caller how far it is.
func await(ctx context.Context, wait time.Duration, lookups ...*upstream.Lookup) {
	c, _ := ctx.Value(callerKey{}).(Caller)
	p := progress{report: c.Progress, total: len(lookups)}
	p.step(0)
	var open []*upstream.Lookup
	for _, l := range lookups {
		if isDone(l) {
			p.step(1)
		} else {
			open = append(open, l)
		}
	}
	if len(open) == 0 {
		return
	}
	if c.Waiting != nil {
		c.Waiting()
	}
	ctx, cancel := context.WithCancel(ctx)
	if wait != forever {
		ctx, cancel = context.WithTimeout(ctx, wait)
	}
	var watchers sync.WaitGroup
	defer watchers.Wait()
	defer cancel()
	done := make(chan struct{})
	for _, l := range open {
		watchers.Go(func() {
			select {
			case <-l.Done():
			case <-ctx.Done():
				return
			}
			select {
			case done <- struct{}{}:
			case <-ctx.Done():
			}
		})
	}
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for range open {
		for waiting := true; waiting; {
			select {
			case <-done:
				p.step(1)
				waiting = false
			case <-tick.C:
				p.tick()
			case <-ctx.Done():
				return
			}
		}
	}
}

func isDone(l *upstream.Lookup) bool {
	select {
	case <-l.Done():
		return true
	default:
		return false
	}
}

// progress rises strictly: by 1 for each blogger, and in ever smaller steps
// towards the next one while that is waited for.
type progress struct {
	report      func(done, total float64, message string)
	total       int
	done, ticks int
}

func (p *progress) step(n int) {
	p.done += n
	p.ticks = 0
	p.send()
}

func (p *progress) tick() {
	p.ticks++
	p.send()
}

func (p *progress) send() {
	if p.report == nil {
		return
	}
	message := "Looking up; a blogger can take a minute."
	if p.total > 1 {
		message = fmt.Sprintf("%d of %d bloggers looked up.", p.done, p.total)
	} else if p.done == p.total {
		message = "Looked up."
	}
	p.report(float64(p.done)+1-1/float64(1+p.ticks), float64(p.total), message)
}
