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

// save saves items, and the history lines of the bloggers seen, in the store, and waits for
// that as long as the look-up's patience lasts. Without a store it keeps the lines in this
// process's memory, and not the items: finish and keepRow do that.
func (l *Lookups) save(v *visit, items []Item, seen []sighting) {
	if l.settings.History == nil || len(seen) == 0 || !seen[0].response.Billed {
		seen = nil
	}
	bloggers := make([]string, len(seen))
	for i, s := range seen {
		bloggers[i] = s.response.Subject
	}
	lines := func(last [][]byte) (lines []Line) {
		for i, s := range seen {
			var newest []byte
			if i < len(last) {
				newest = last[i]
			}
			if text := l.settings.History(s.from, s.response, newest); text != nil {
				lines = append(lines, Line{s.response.Subject, text})
			}
		}
		return lines
	}
	if v.store == nil {
		last := make([][]byte, len(bloggers))
		for i, b := range bloggers {
			if all := l.memory.lines(b); len(all) > 0 {
				last[i] = all[len(all)-1]
			}
		}
		l.memory.add(lines(last))
		return
	}
	v.save(l.ctx, func(ctx context.Context) error {
		var last [][]byte
		if len(bloggers) > 0 {
			var err error
			if last, err = v.store.Last(ctx, bloggers...); err != nil {
				l.guard.recordFailure(opLoad, err) // a line too many is better than one too few
			}
		}
		return v.store.Save(ctx, items, lines(last))
	})
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
		var of struct{ At time.Time }
		young := out != nil // lines after a young one are younger
		damaged := !json.Valid(line) || !young && json.Unmarshal(line, &of) != nil
		switch {
		case damaged:
			l.guard.warnDamaged.Do(func() { l.settings.Log.Warn("damaged lines of a history are skipped", "userId", blogger) })
		case young || time.Since(of.At) < LineLifetime:
			out = append(out, line)
		}
	}
	return out, nil
}
