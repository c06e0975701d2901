// Package quiet silences the standard logger, to which the metrics library writes while it
// is initialized. Go initializes this package before that library: this package imports io
// and log alone, and the library has to wait for net/http.
package quiet

import (
	"io"
	"log"
)

func init() { log.SetOutput(io.Discard) } //nolint:forbidigo // this is the logger to be silenced
