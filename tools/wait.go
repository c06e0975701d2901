package tools

import (
	"context"
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
	p.before = p.done
	open := p.count(lookups)
	if open == nil {
		return // before any timer is made
	}
	tick := time.Tick(progressEvery)
	var over <-chan time.Time
	if wait != forever {
		over = time.After(wait)
	}
	for ; open != nil; open = p.count(lookups) {
		select {
		case <-open.Done():
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
	before             int // how many were done before those that are waited for
}

// count reports each look-up that has ended since it was last called, and gives
// the first that has not; nil where all have.
func (p *progress) count(lookups []*upstream.Lookup) (open *upstream.Lookup) {
	ended := 0
	for _, l := range lookups {
		if isDone(l) {
			ended++
		} else if open == nil {
			open = l
		}
	}
	for p.done < p.before+ended {
		p.done++
		p.ticks = 0
		p.send()
	}
	return open
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
