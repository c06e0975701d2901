// Package quiet silences the standard logger, to which the metrics library writes while it
// is initialized. Of the packages whose imports are initialized, Go initializes the one with
// the first path. This package needs only io and log; the metrics library also needs regexp,
// whose path comes after this one's.
package quiet

import (
	"io"
	"log"
)

func init() { log.SetOutput(io.Discard) } //nolint:forbidigo // this is the logger to be silenced
