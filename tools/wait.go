package tools

import (
	"context"
	"slices"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/upstream"
)

// progressEvery keeps a waiting client informed; clients expect 10 s at most.
const progressEvery = 5 * time.Second

// Progress tells a caller how far its call is. When it returns, the notification
// is on its way before any result.
type Progress func(done, total float64, message string)

// forever is a wait without a limit.
const forever time.Duration = 0

// atOnce is how many look-ups of one command are under way: a list of ten thousand
// bloggers is no flood.
const atOnce = 300

// queue starts groups of look-ups in order, a few hundred look-ups at a time.
type queue struct {
	groups  int
	start   func(group int) []*upstream.Lookup
	started int                // groups
	open    []*upstream.Lookup // started, and not known to have ended
	ended   chan struct{}      // has an element where one of them has ended
}

// advance starts look-ups in the place of those that have ended, and says how many have
// since it was last called.
func (q *queue) advance() (ended int) {
	for {
		before := len(q.open)
		q.open = slices.DeleteFunc(q.open, isDone)
		ended += before - len(q.open)
		if q.started == q.groups || len(q.open) >= atOnce {
			return ended
		}
		for _, l := range q.start(q.started) {
			q.open = append(q.open, l)
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
	default: // an element is there
	}
}

// await waits until every look-up is done, the wait is over or ctx ends, and
// reports the progress in the language.
func await(ctx context.Context, l lang.Language, wait time.Duration, lookups ...*upstream.Lookup) {
	newProgress(ctx, l, 0, len(lookups)).await(ctx, wait, lookups...)
}

// newProgress begins the progress of a call with so many look-ups, of which some are
// done.
func newProgress(ctx context.Context, l lang.Language, done, total int) *progress {
	p := &progress{report: callerOf(ctx).Progress, language: l, total: total, done: done}
	if total > 0 {
		p.send()
	}
	return p
}

// await is the function await for some of a call's look-ups.
func (p *progress) await(ctx context.Context, wait time.Duration, lookups ...*upstream.Lookup) {
	p.awaitQueue(ctx, wait, &queue{groups: 1, start: func(int) []*upstream.Lookup { return lookups }})
}

// awaitQueue starts the look-ups of a queue, and waits for them as await does. Where it
// does not wait until the end, some groups may not have been started.
func (p *progress) awaitQueue(ctx context.Context, wait time.Duration, q *queue) {
	q.ended = make(chan struct{}, 1)
	p.add(q.advance())
	if len(q.open) == 0 {
		return // before any timer is made
	}
	tick := time.Tick(progressEvery)
	var over <-chan time.Time
	if wait != forever {
		over = time.After(wait)
	}
	for ; len(q.open) > 0; p.add(q.advance()) {
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

// progress rises strictly: by 1 for each look-up, and in ever smaller steps
// towards the next one while that is waited for.
type progress struct {
	report             Progress // nil where nobody asked
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
