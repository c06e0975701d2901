package serve

import (
	"net/http"
	"slices"
	"time"
)

func startStream(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	w.WriteHeader(http.StatusOK)
}

// writeEvent writes one event, or a comment where it has no name, and sends it
// off. The data is on one line.
func writeEvent(w http.ResponseWriter, event string, data ...[]byte) error {
	if event == "" {
		return send(w, []byte(":\n\n"))
	}
	return send(w, slices.Concat([][]byte{[]byte("event: " + event + "\ndata: ")}, data, [][]byte{[]byte("\n\n")})...)
}

// send writes to a client and sends it off. A client that does not take it within
// writeLimit loses its connection, and with it all that it holds here.
func send(w http.ResponseWriter, parts ...[]byte) error {
	c := http.NewResponseController(w)
	_ = c.SetWriteDeadline(time.Now().Add(writeLimit)) // a recorder of tests has none
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
	return c.Flush()
}
