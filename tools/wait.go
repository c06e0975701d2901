package tools

import (
	"context"
	"slices"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/upstream"
)

// progressEvery is how often a waiting client is notified; clients expect 10 s at most.
const progressEvery = 5 * time.Second

// Progress reports how far a call is. It returns after the notification is written, so
// that a result cannot overtake it.
type Progress func(done, total float64, message string)

// forever is a wait without a limit.
const forever time.Duration = 0

// atOnce is from how many running look-ups on a command or call starts no further group.
const atOnce = 300

// queue starts groups of look-ups in order, while fewer than atOnce look-ups run.
type queue struct {
	groups  int
	start   func(group int) []*upstream.Lookup
	started int                // groups
	running []*upstream.Lookup // started, and not known to have ended
	ended   chan struct{}      // has an element where one of them has ended
}

// advance starts groups until atOnce look-ups run. It returns how many look-ups have ended
// since its last call.
func (q *queue) advance() (ended int) {
	for {
		before := len(q.running)
		q.running = slices.DeleteFunc(q.running, isDone)
		ended += before - len(q.running)
		if q.started == q.groups || len(q.running) >= atOnce {
			return ended
		}
		for _, l := range q.start(q.started) {
			q.running = append(q.running, l)
			if !isDone(l) {
				go q.watch(l)
			}
		}
		q.started++
	}
}

func (q *queue) watch(l *upstream.Lookup) {
	<-l.Done()
	select {
	case q.ended <- struct{}{}:
	default: // it has an element
	}
}

// await waits until all look-ups are done, the wait is over, or ctx ends. It reports the
// progress to the caller.
func await(ctx context.Context, l lang.Language, wait time.Duration, lookups ...*upstream.Lookup) {
	newProgress(ctx, l, 0, len(lookups)).await(ctx, wait, lookups...)
}

// newProgress starts to report the progress of a call with total look-ups.
func newProgress(ctx context.Context, l lang.Language, done, total int) *progress {
	p := &progress{report: callerOf(ctx).Progress, language: l, total: total, done: done}
	if total > 0 {
		p.send()
	}
	return p
}

// await waits, as the function await does, for some of the call's look-ups.
func (p *progress) await(ctx context.Context, wait time.Duration, lookups ...*upstream.Lookup) {
	p.awaitQueue(ctx, wait, &queue{groups: 1, start: func(int) []*upstream.Lookup { return lookups }})
}

// awaitQueue starts the look-ups of a queue and waits for them as await does. If the wait
// or ctx ends first, some groups are never started.
func (p *progress) awaitQueue(ctx context.Context, wait time.Duration, q *queue) {
	q.ended = make(chan struct{}, 1)
	p.add(q.advance())
	if len(q.running) == 0 {
		return // without a timer
	}
	tick := time.Tick(progressEvery)
	var over <-chan time.Time
	if wait != forever {
		over = time.After(wait)
	}
	for ; len(q.running) > 0; p.add(q.advance()) {
		select {
		case <-q.ended:
		case <-tick:
			p.ticks++
			p.send()
		case <-over:
			return
		case <-ctx.Done():
			return
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

// progress counts look-ups that are done. What it reports rises strictly: by 1 for each
// look-up, and in ever smaller steps in between.
type progress struct {
	report             Progress // may be nil
	language           lang.Language
	total, done, ticks int
}

// add reports look-ups that have ended, one by one.
func (p *progress) add(ended int) {
	for range ended {
		p.done++
		p.ticks = 0
		p.send()
	}
}

func (p *progress) send() {
	if p.report == nil {
		return
	}
	message := p.language.Say(t("Looking up; that can take a minute.", "正在查询，可能需要一分钟。"))
	if p.total > 1 {
		message = p.language.Say(t("%d of %d look-ups done.", "已完成 %d 项查询，共 %d 项。"), p.done, p.total)
	} else if p.done == p.total {
		message = p.language.Say(t("The look-up is done.", "查询已完成。"))
	}
	p.report(float64(p.done)+1-1/float64(1+p.ticks), float64(p.total), message)
}
