package upstream

import (
	"context"
	"encoding/json"
	"time"
)

// sighting is a paid answer about a blogger.
type sighting struct {
	from     *Endpoint
	response *Response
}

// saveWithHistory saves items, and the history lines of the bloggers seen, in the store, and
// waits for that as long as the look-up's patience lasts. Without a store it keeps the lines in
// this process's memory, and not the items: finish and keepRow do that.
func (l *Lookups) saveWithHistory(v *visit, items []Item, seen []sighting) {
	var bloggers []string
	for _, s := range seen {
		bloggers = append(bloggers, s.response.Subject)
	}
	if v.store == nil {
		l.memory.add(l.newLines(seen, l.memory.last(bloggers)))
		return
	}
	v.save(l.ctx, func(ctx context.Context) error {
		last := make([][]byte, len(bloggers))
		found, err := v.store.Last(ctx, bloggers...)
		copy(last, found)
		if err != nil {
			l.guard.recordFailure(opLoad, err) // a line too many is better than one too few
		}
		return v.store.Save(ctx, items, l.newLines(seen, last))
	})
}

// newLines makes the history lines of the bloggers seen. last has the newest line of each.
func (l *Lookups) newLines(seen []sighting, last [][]byte) (lines []Line) {
	for i, s := range seen {
		if text := l.settings.History(s.from, s.response, last[i]); text != nil {
			lines = append(lines, Line{s.response.Subject, text})
		}
	}
	return lines
}

// History gives the lines of a blogger's history, as Settings.History made them, of the last
// 400 days, the oldest first. An error means that the store could not be read.
func (l *Lookups) History(ctx context.Context, blogger string) ([][]byte, error) {
	return l.history(ctx, l.guard.visit(), blogger)
}

// History is Lookups.History for the blogger that was looked up. Call it when Done is closed:
// it waits for the store as long as the look-up's patience lasts.
func (c *Lookup) History(ctx context.Context) ([][]byte, error) {
	v := c.lookups.guard.visit()
	v.remaining -= c.flight.waited
	return c.lookups.history(ctx, v, c.subject)
}

func (l *Lookups) history(ctx context.Context, v *visit, blogger string) ([][]byte, error) {
	lines := l.memory.lines(blogger)
	if l.guard.store != nil {
		end, ok := l.beginReading()
		if !ok {
			return nil, shuttingDown()
		}
		defer end()
		var err error
		if lines, err = v.lines(ctx, blogger); err != nil {
			return nil, err
		}
	}
	var out [][]byte
	for _, line := range lines {
		var seen struct{ At time.Time }
		switch {
		case json.Unmarshal(line, &seen) != nil:
			l.guard.warnDamaged.Do(func() { l.settings.Log.Warn("damaged lines of a history are skipped", "userId", blogger) })
		case time.Since(seen.At) < LineLifetime:
			out = append(out, line)
		}
	}
	return out, nil
}
