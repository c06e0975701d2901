package tools

import (
	"fmt"
	"strings"
	"time"

	"pgy-mcp/upstream"
)

// Kinds of failure that arise here and not in the upstream.
const (
	invalidArgument upstream.Kind = "invalid_argument"
	pending         upstream.Kind = "pending"
)

// pendingRetry is after how long a pending call is worth repeating.
const pendingRetry = 15 * time.Second

// failure is an error as a model reads it.
type failure struct {
	kind      upstream.Kind
	sentence  string // what happened, ends with a full stop
	retryable string
	billed    string
	next      string // what to do, ends with a full stop
	requestID string
}

// Text gives the failure in four lines, complete in itself.
func (f failure) Text() string {
	s := fmt.Sprintf("%s\nRetryable: %s. Billed: %s.\nNext step: %s", f.Line(), f.retryable, f.billed, f.next)
	if f.requestID != "" {
		s += "\nRequest ID: " + f.requestID
	}
	return s
}

// Line gives kind and sentence, for a row of a table.
func (f failure) Line() string { return string(f.kind) + ": " + f.sentence }

func invalidArguments(err error) failure {
	return failure{
		kind:      invalidArgument,
		sentence:  sentence(err.Error()),
		retryable: "no, corrected arguments are needed",
		billed:    "no",
		next:      "call again with the argument corrected; nothing was asked or paid.",
	}
}

// IsInvalidArgument reports whether a prompt's or a resource's error is about
// the arguments that it was given.
func IsInvalidArgument(message string) bool {
	return strings.HasPrefix(message, string(invalidArgument)+": ")
}

func stillPending(wait time.Duration) failure {
	return failure{
		kind:      pending,
		sentence:  fmt.Sprintf("The look-up is not finished after %s and goes on in this server.", wait),
		retryable: fmt.Sprintf("yes, in %d s, without a further charge", int(pendingRetry.Seconds())),
		billed:    "not yet",
		next:      fmt.Sprintf("call again with the same userId in %d s; the answer is kept and not paid twice.", int(pendingRetry.Seconds())),
	}
}

// interrupted is for look-ups that the end of the program cuts off.
func interrupted() failure {
	return failure{
		kind:      "interrupted",
		sentence:  "The look-up was not finished.",
		retryable: "yes",
		billed:    string(upstream.UnknownBilling),
		next:      "run the command again; the look-up may have been billed.",
	}
}

// failed puts an upstream failure into words: the only place that does.
func failed(e *upstream.Error) failure {
	f := failure{kind: e.Kind, billed: string(e.Billed), requestID: e.RequestID}
	const operator = "no, operator action is needed"
	switch e.Kind {
	case upstream.TokenMissing:
		f.sentence, f.retryable = "This server has no Just One API token", operator
		f.next = "ask the operator to set JUSTONEAPI_TOKEN or JUSTONEAPI_TOKEN_FILE and to restart the server."
	case upstream.TokenInvalid:
		f.sentence, f.retryable = "Just One API does not accept this server's token", operator
		f.next = "ask the operator to check the token; do not try other bloggers, they fail the same way."
	case upstream.PermissionDenied:
		f.sentence, f.retryable = "This server's token may not use this endpoint", operator
		f.next = "ask the operator to have the Pugongying endpoints enabled for the token."
	case upstream.InsufficientBalance:
		f.sentence, f.retryable = "The balance of the Just One API account is used up", operator
		f.next = "ask the operator to top up the account; profiles that are still fresh can be had."
	case upstream.TokenLimitReached:
		f.sentence, f.retryable = "This server's token has reached its own limit", operator
		f.next = "ask the operator to raise the token's limit; profiles that are still fresh can be had."
	case upstream.RateLimited:
		wait := waitText(e.RetryAfter, 10*time.Second)
		f.sentence, f.retryable = "Just One API limits how fast this token may call", "yes, after "+wait
		if e.Code == 0 && e.Status == 0 {
			f.sentence = "This server asks no faster than it is set to"
		}
		f.next = "call again with the same userId in " + wait + "."
	case upstream.QuotaExceeded:
		f.sentence, f.retryable = "The token's daily quota at Just One API is used up", "no, until 00:00 Asia/Shanghai"
		f.next = "go on after 00:00 Asia/Shanghai (16:00 UTC); profiles that are still fresh can be had."
	case upstream.BudgetExhausted:
		at := e.FreesAt.UTC().Format(time.RFC3339)
		f.sentence, f.retryable = "This server's own budget of upstream requests in 24 hours is used up", "no, until "+at
		f.next = "go on at " + at + ", when the next request is free, or ask the operator to raise -budget; profiles that are still fresh can be had."
	case upstream.CollectionFailed:
		f.sentence, f.retryable = "The upstream could not collect this profile, several tries included", "yes, a few times; can last for one id"
		f.next = "call again with the same userId in 30 s; after two more failures go on without this blogger."
	case upstream.InvalidParameters:
		f.sentence, f.retryable = "The upstream refuses this userId", "no"
		f.next = "check the userId against the blogger's profile page."
	case upstream.NotFound:
		f.sentence, f.retryable = "The upstream has no profile for this userId", "no"
		f.next = "check the userId against the blogger's profile page; the blogger may not be on Pugongying."
		if len(e.Known) > 0 {
			f.next = "use one of the recorded samples: " + strings.Join(e.Known, ", ") + "."
		}
	case upstream.Unreachable:
		f.sentence, f.retryable = "The upstream cannot be reached", "yes"
		f.next = "call again with the same userId in 30 s; if it lasts, ask the operator to check -upstream and the network."
	case upstream.Timeout:
		f.sentence, f.retryable = "The upstream did not answer in time", "yes, once"
		f.next = "call again once with the same userId; the call that timed out may have been billed."
	case upstream.BadResponse:
		f.sentence, f.retryable = "The upstream's answer cannot be used", "yes, once"
		f.next = "call again once with the same userId; the call may have been billed."
	case upstream.UpstreamError:
		f.sentence, f.retryable = "The upstream has an error of its own", "yes"
		f.next = "call again with the same userId in 30 s."
	default:
		f.kind, f.sentence, f.retryable, f.billed = upstream.Internal, "This server made a mistake", "no", string(upstream.UnknownBilling)
		f.next = "tell the operator; the server's log has the details."
	}
	f.sentence = sentence(f.sentence + origin(e))
	if e.Remembered {
		f.sentence += " This is an earlier answer; no new request was made."
	}
	return f
}

// origin says by what the kind was recognized, and the detail.
func origin(e *upstream.Error) string {
	s := ""
	switch {
	case e.Kind == upstream.Internal:
		return ""
	case e.Code != 0:
		s = fmt.Sprintf(" (code %d)", e.Code)
	case e.Status != 0:
		s = fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

// waitText is whole seconds, rounded up.
func waitText(d, otherwise time.Duration) string {
	if d <= 0 {
		d = otherwise
	}
	return fmt.Sprintf("%d s", int64((d+time.Second-1)/time.Second))
}

func sentence(s string) string {
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
