package upstream

import (
	"errors"
	"strconv"
	"time"
)

// Kind is the published name of what went wrong.
type Kind string

// The kinds; parse, codes and statusError show which answers become which kind.
const (
	TokenMissing        Kind = "token_missing"
	TokenInvalid        Kind = "token_invalid"
	PermissionDenied    Kind = "permission_denied"
	InsufficientBalance Kind = "insufficient_balance"
	TokenLimitReached   Kind = "token_limit_reached"
	RateLimited         Kind = "rate_limited"
	QuotaExceeded       Kind = "quota_exceeded"
	BudgetExhausted     Kind = "budget_exhausted"
	NotCached           Kind = "not_cached"
	CollectionFailed    Kind = "collection_failed"
	InvalidParameters   Kind = "invalid_parameters"
	NotFound            Kind = "not_found"
	UpstreamError       Kind = "upstream_error"
	Unreachable         Kind = "unreachable"
	Timeout             Kind = "timeout"
	BadResponse         Kind = "bad_response"
	Internal            Kind = "internal"
)

// Billing says whether a request was charged.
type Billing string

// The values of Billing.
const (
	NotBilled      Billing = "no"
	Billed         Billing = "yes"
	UnknownBilling Billing = "unknown"
)

// Error is a look-up that failed. Of the upstream's text it holds the request ID alone, and
// no URL and no token; the words for a caller are made elsewhere.
type Error struct {
	Kind   Kind
	Code   int // the envelope's code; 0 where there was none or it was 0
	Status int // the HTTP status, only where it decided the kind
	Billed Billing
	// Detail narrows the kind down in our own words; "" if there is no more to say.
	Detail string
	// Final is set where only the operator can remove the cause, although the kind is
	// retryable: a proxy's 407 or 403.
	Final bool
	// Overloaded is set where this process refused the look-up, since too many
	// are under way.
	Overloaded bool
	// RetryAfter is how long the upstream asks to wait; 0 if it does not say.
	RetryAfter time.Duration
	// FreesAt is when the budget has a request again; zero for other kinds than
	// BudgetExhausted.
	FreesAt time.Time
	// RequestID is the upstream's, harmless characters only.
	RequestID string
	// Remembered is set where this is an earlier failure and no request was made now.
	Remembered bool
	// Known lists the ids or links that exist, where the source is a Sample.
	Known []string
}

// Retryable reports whether the same call may succeed later without anybody acting. After
// such an error an older answer may be served.
func (e *Error) Retryable() bool {
	switch e.Kind {
	case RateLimited, CollectionFailed, UpstreamError, Unreachable, Timeout, BadResponse:
		return !e.Final
	}
	return false
}

// remembered is the error as an earlier one, from the time at: RetryAfter is what is left
// of the wait.
func (e *Error) remembered(at time.Time) *Error {
	r := *e
	r.Remembered = true
	r.RetryAfter = max(e.RetryAfter-time.Since(at), 0)
	return &r
}

// Error is for logs.
func (e *Error) Error() string {
	s := string(e.Kind)
	if e.Code != 0 {
		s += ", code " + strconv.Itoa(e.Code)
	}
	if e.Status != 0 {
		s += ", HTTP " + strconv.Itoa(e.Status)
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// AsError gives the *Error in err; for any other err, an Error of the kind Internal.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Billed: UnknownBilling}
}
