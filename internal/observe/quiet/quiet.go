// Package quiet silences the standard logger, to which the metrics library writes while it
// is initialized. Go initializes this package earlier: it has few imports, and an earlier
// path.
package quiet

import (
	"io"
	"log"
)

func init() { log.SetOutput(io.Discard) } //nolint:forbidigo // this is the logger to be silenced
