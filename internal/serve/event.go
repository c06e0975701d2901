package serve

import (
	"bytes"
	"fmt"
	"net/http"
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
	return send(w, fmt.Appendf(nil, "event: %s\ndata: %s\n\n", event, bytes.Join(data, nil)))
}

// send writes to a client and sends it off. A client that does not take it within
// writeLimit loses its connection, and with it all that it holds here.
func send(w http.ResponseWriter, b []byte) error {
	c := http.NewResponseController(w)
	_ = c.SetWriteDeadline(time.Now().Add(writeLimit)) // a recorder of tests has none
	if _, err := w.Write(b); err != nil {
		return err
	}
	return c.Flush()
}
