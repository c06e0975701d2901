// Package quiet silences the standard logger, to which the metrics library
// writes while packages are initialized. Go initializes the ready packages in
// the order of their paths; this one needs so little that it is ready first.
package quiet

import (
	"io"
	"log"
)

func init() { log.SetOutput(io.Discard) } //nolint:forbidigo // this is the logger to be silenced
