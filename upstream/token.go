package upstream

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
)

// Token is a secret: the API token, or the one that callers show. However it is
// printed, logged or marshalled, it reads REDACTED; only the request to the upstream
// holds the API token's text. The text stands behind a pointer: fmt calls no methods
// on the unexported fields of other types, but it does not follow pointers there either.
type Token struct{ secret *string }

const redacted = "REDACTED"

// NewToken wraps a secret. "" is no token.
func NewToken(secret string) Token { return Token{&secret} }

// IsZero reports whether no token is configured.
func (t Token) IsZero() bool { return t.reveal() == "" }

func (t Token) reveal() string {
	if t.secret == nil {
		return ""
	}
	return *t.secret
}

// Format prints REDACTED for every verb.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String returns REDACTED.
func (Token) String() string { return redacted }

// MarshalText returns REDACTED; encoding/json and log/slog use it too.
func (Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Equal reports whether s is the token, in a time that does not depend on
// where the two differ. The empty token equals nothing.
func (t Token) Equal(s string) bool {
	a, b := sha256.Sum256([]byte(t.reveal())), sha256.Sum256([]byte(s))
	return !t.IsZero() && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
