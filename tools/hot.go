package tools

import (
	"sync"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

const (
	// hotSize bounds the profiles that are kept rendered: about 10 KB each.
	hotSize = 256
	// hotLimit is the most bytes of one that is kept; the usual ones have a
	// sixth of it.
	hotLimit = 64 << 10
)

// hot keeps the profiles that are asked for again and again rendered. When it
// is full it starts over: rendering takes a fraction of a millisecond.
type hot struct {
	mu    sync.RWMutex
	ready map[hotKey]*rendered
}

type hotKey struct {
	profile *upstream.Profile
	mode    schema.RawMode
}

func (h *hot) render(p *upstream.Profile, mode schema.RawMode) *rendered {
	key := hotKey{p, mode}
	h.mu.RLock()
	r, ok := h.ready[key]
	h.mu.RUnlock()
	if ok {
		return r
	}
	r = render(p, mode)
	if len(r.head)+len(r.tail) > hotLimit {
		return r
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ready == nil || len(h.ready) >= hotSize {
		h.ready = make(map[hotKey]*rendered, hotSize)
	}
	h.ready[key] = r
	return r
}
