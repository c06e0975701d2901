package tools

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"pgy-mcp/schema"
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
	language  Language
	kind      upstream.Kind
	sentence  string // what happened, ends with a full stop
	retryable string
	billed    string
	next      string // what to do, ends with a full stop
	requestID string
}

// Text gives the failure in four lines, complete in itself.
func (f failure) Text() string {
	s := f.language.say("%s\nRetryable: %s. Billed: %s.\nNext step: %s", f.Error(), f.retryable, f.billed, f.next)
	if f.requestID != "" {
		s += "\n" + f.language.Text([]Fact{f.language.fact("Request ID", f.requestID)})
	}
	return s
}

// Error gives kind and sentence, as for a row of a table.
func (f failure) Error() string { return string(f.kind) + f.language.say(": ") + f.sentence }

func invalidArguments(l Language, err error) failure {
	said := err.Error()
	if r := new(schema.Refusal); errors.As(err, &r) {
		said = l.say(r.Text, r.Args...)
	}
	return failure{
		language:  l,
		kind:      invalidArgument,
		sentence:  l.sentence(said),
		retryable: l.say("no, corrected arguments are needed"),
		billed:    l.say("no"),
		next:      l.say("call again with the argument corrected; nothing was asked or paid."),
	}
}

// IsInvalidArgument reports whether a prompt's or a resource's error is about
// the arguments that it was given.
func IsInvalidArgument(message string) bool {
	return strings.HasPrefix(message, string(invalidArgument)+": ")
}

// IsNotFound reports whether a resource's error is that there is no such blogger.
func IsNotFound(message string) bool {
	return strings.HasPrefix(message, string(upstream.NotFound)+": ")
}

// stillPending is for calls of agents alone, in English: the command line waits.
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
func interrupted(l Language) failure {
	return failure{
		language:  l,
		kind:      "interrupted",
		sentence:  l.say("The look-up was not finished."),
		retryable: l.say("yes"),
		billed:    l.say(string(upstream.UnknownBilling)),
		next:      l.say("run the command again; the look-up may have been billed."),
	}
}

// words are what is said of a kind of upstream failure.
type words struct {
	sentence  string
	retryable string
	next      string
}

// operator is for failures that no caller can do anything about.
const operator = "no, operator action is needed"

// failures has the words of each kind; %s is the time to wait.
var failures = map[upstream.Kind]words{
	upstream.TokenMissing: {"This server has no Just One API token", operator,
		"ask the operator to set JUSTONEAPI_TOKEN or JUSTONEAPI_TOKEN_FILE to a token from https://justoneapi.com, and to restart the server; -upstream sample needs none."},
	upstream.TokenInvalid: {"Just One API does not accept this server's token", operator,
		"ask the operator to check the token; do not try other bloggers, they fail the same way."},
	upstream.PermissionDenied: {"This server's token may not use this endpoint", operator,
		"ask the operator to have the Pugongying endpoints enabled for the token."},
	upstream.InsufficientBalance: {"The balance of the Just One API account is used up", operator,
		"ask the operator to top up the account; answers that are still fresh can be had."},
	upstream.TokenLimitReached: {"This server's token has reached its own limit", operator,
		"ask the operator to raise the token's limit; answers that are still fresh can be had."},
	upstream.RateLimited: {"Just One API limits how fast this token may call", "yes, after %s",
		"call again with the same userId in %s."},
	upstream.QuotaExceeded: {"The token's daily quota at Just One API is used up", "no, until 00:00 Asia/Shanghai",
		"go on after 00:00 Asia/Shanghai (16:00 UTC); answers that are still fresh can be had."},
	upstream.BudgetExhausted: {"This server's own budget of upstream requests in 24 hours is used up", "no, until %s",
		"go on at %s, when the next request is free, or ask the operator to raise -budget; answers that are still fresh can be had."},
	upstream.CollectionFailed: {"The upstream could not collect this blogger's data, several tries included", "yes, a few times; can last for one id",
		"call again with the same userId in %s; after two more failures go on without this blogger."},
	upstream.InvalidParameters: {"The upstream refuses this request", "no",
		"check the userId against the blogger's profile page."},
	upstream.NotFound: {"The upstream has no data for this userId", "no",
		"check the userId against the blogger's profile page; the blogger may not be on Pugongying."},
	upstream.Unreachable: {"The upstream cannot be reached", "yes",
		"call again with the same userId in %s; if it lasts, ask the operator to check -upstream and the network."},
	upstream.Timeout: {"The upstream did not answer in time", "yes, once",
		"call again once with the same userId; the call that timed out may have been billed."},
	upstream.BadResponse: {"The upstream's answer cannot be used", "yes, once",
		"call again once with the same userId; the call may have been billed."},
	upstream.UpstreamError: {"The upstream has an error of its own", "yes",
		"call again with the same userId in %s."},
	upstream.Internal: {"This server made a mistake", "no",
		"tell the operator; the server's log has the details."},
}

// failed puts an upstream failure into words: the only place that does.
func failed(l Language, e *upstream.Error) failure {
	w, known := failures[e.Kind]
	f := failure{language: l, kind: e.Kind, billed: l.say(string(e.Billed)), requestID: e.RequestID}
	if !known || e.Kind == upstream.Internal {
		w = failures[upstream.Internal]
		f.kind, f.billed = upstream.Internal, l.say(string(upstream.UnknownBilling))
	}
	f.retryable = l.say(w.retryable)
	usual := 30 * time.Second
	if e.Kind == upstream.RateLimited {
		usual = 10 * time.Second
	}
	wait := l.say("%d s", int64(math.Ceil(cmp.Or(e.RetryAfter, usual).Seconds())))
	switch {
	case e.Kind == upstream.BudgetExhausted:
		wait = e.FreesAt.UTC().Format(time.RFC3339)
	case e.RetryAfter > 0 && !strings.Contains(w.retryable, "%s"):
		// What the upstream asks for is told, whatever the kind.
		f.retryable += l.say("; the upstream asks to wait %s")
	}
	f.sentence = l.say(w.sentence)
	if e.Kind == upstream.RateLimited && e.Code == 0 && e.Status == 0 {
		f.sentence = l.say("This server asks no faster than it is set to")
	}
	f.sentence = l.sentence(f.sentence + l.origin(e))
	if e.Remembered {
		f.sentence += l.say(" This is an earlier answer; no new request was made.")
	}
	f.retryable = strings.ReplaceAll(f.retryable, "%s", wait)
	f.next = strings.ReplaceAll(l.say(w.next), "%s", wait)
	if len(e.Known) > 0 {
		f.next = l.say("use one of the recorded samples: %s.", l.list(e.Known))
	}
	return f
}

// origin says by what the kind was recognized, and the detail.
func (l Language) origin(e *upstream.Error) string {
	s := ""
	switch {
	case e.Kind == upstream.Internal:
		return ""
	case e.Code != 0:
		s = l.say(" (code %d)", e.Code)
	case e.Status != 0:
		s = l.say(" (HTTP %d)", e.Status)
	}
	if e.Detail != "" {
		s += l.say(": ") + l.say(e.Detail)
	}
	return s
}
