package tools

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgy-mcp/upstream"
)

// What each kind of failure promises of a retry and of the bill.
func TestWordsOfEveryKind(t *testing.T) {
	frees := time.Date(2026, 11, 24, 7, 41, 0, 0, time.FixedZone("CST", 8*3600))
	yes, no, unknown := upstream.Billed, upstream.NotBilled, upstream.UnknownBilling
	for _, c := range []struct {
		err               *upstream.Error
		retryable, billed string
	}{
		{&upstream.Error{Kind: upstream.TokenMissing, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.TokenInvalid, Code: 100, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.TokenInvalid, Status: 401, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.PermissionDenied, Code: 600, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.InsufficientBalance, Code: 601, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.TokenLimitReached, Code: 602, Billed: no}, "no, operator", "no"},
		{&upstream.Error{Kind: upstream.RateLimited, Code: 302, Billed: no}, "yes, after ", "no"},
		{&upstream.Error{Kind: upstream.RateLimited, Status: 429, Billed: no}, "yes, after ", "no"},
		{&upstream.Error{Kind: upstream.QuotaExceeded, Code: 303, Billed: no}, "no, until 00:00 Asia/Shanghai", "no"},
		{&upstream.Error{Kind: upstream.BudgetExhausted, FreesAt: frees, Billed: no}, "no, until 2026-11-23T23:41:00Z", "no"},
		{&upstream.Error{Kind: upstream.CollectionFailed, Code: 301, Billed: no}, "yes, a few times; can last for one id", "no"},
		{&upstream.Error{Kind: upstream.InvalidParameters, Code: 400, Billed: no}, "no", "no"},
		{&upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: yes}, "no", "yes"},
		{&upstream.Error{Kind: upstream.NotFound, Code: 404, Billed: no}, "no", "no"},
		{&upstream.Error{Kind: upstream.UpstreamError, Code: 500, Billed: no}, "yes", "no"},
		{&upstream.Error{Kind: upstream.Unreachable, Billed: no}, "yes", "no"},
		{&upstream.Error{Kind: upstream.Timeout, Billed: unknown}, "yes, once", "unknown"},
		{&upstream.Error{Kind: upstream.BadResponse, Billed: unknown}, "yes, once", "unknown"},
		{&upstream.Error{Kind: upstream.Internal, Billed: unknown}, "no", "unknown"},
	} {
		text := failed(English, c.err).Text()
		checkWords(t, string(c.err.Kind), text)
		if got := field(t, text, `(?m)^Retryable: (.*)\. Billed: `); !said(got, c.retryable) {
			t.Errorf("%v: retryable is %q, want %q", c.err, got, c.retryable)
		}
		if got := field(t, text, `(?m)\. Billed: (.*)\.$`); got != c.billed {
			t.Errorf("%v: billed is %q, want %q", c.err, got, c.billed)
		}
		if n := c.err.Code; n != 0 && !strings.Contains(text, fmt.Sprintf("(code %d)", n)) {
			t.Errorf("%v: the code is not named: %s", c.err, text)
		}
		if n := c.err.Status; n != 0 && !strings.Contains(text, fmt.Sprintf("(HTTP %d)", n)) {
			t.Errorf("%v: the status is not named: %s", c.err, text)
		}
	}
}

// said: a short word stands for itself, a longer one begins the sentence.
func said(got, want string) bool {
	return got == want || strings.Contains(want, ", ") && strings.HasPrefix(got, want)
}

func field(t *testing.T, text, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Errorf("no %s in %q", pattern, text)
		return ""
	}
	return m[1]
}

// checkWords holds an error to its published form.
func checkWords(t *testing.T, kind, text string) {
	t.Helper()
	form := regexp.MustCompile(`^([a-z_]+): [A-Za-z].*\.\nRetryable: [a-z].*[^.]\. Billed: [a-z].*[^.]\.\nNext step: [a-z].*[^.]\.(\nRequest ID: [-\w.:]+)?$`)
	if m := form.FindStringSubmatch(text); m == nil || m[1] != kind {
		t.Errorf("%s: not of the published form: %q", kind, text)
	}
	checkNothingHidden(t, strings.ReplaceAll(text, "\n", " "))
}

func TestTheContractsExample(t *testing.T) {
	const want = "rate_limited: Just One API limits how fast this token may call (code 302).\n" +
		"Retryable: yes, after 12 s. Billed: no.\n" +
		"Next step: call again with the same userId in 12 s.\n" +
		"Request ID: 6f1c"
	e := &upstream.Error{Kind: upstream.RateLimited, Code: 302, Billed: upstream.NotBilled, RetryAfter: 12 * time.Second, RequestID: "6f1c"}
	if got := failed(English, e).Text(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestRetryAfterInWholeSeconds(t *testing.T) {
	for after, want := range map[time.Duration]string{
		12 * time.Second: "12 s", 1500 * time.Millisecond: "2 s", time.Nanosecond: "1 s", 2 * time.Minute: "120 s",
		0: "10 s", // it did not say
	} {
		text := failed(English, &upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled, RetryAfter: after}).Text()
		if !strings.Contains(text, "Retryable: yes, after "+want+". ") || !strings.HasSuffix(text, " in "+want+".") {
			t.Errorf("%v: %q", after, text)
		}
	}
}

func TestTheDetailStandsInTheFirstLine(t *testing.T) {
	e := &upstream.Error{Kind: upstream.BadResponse, Status: 302, Billed: upstream.UnknownBilling, Detail: "it is a redirect"}
	text := failed(English, e).Text()
	checkWords(t, "bad_response", text)
	if !strings.HasPrefix(text, "bad_response: The upstream's answer cannot be used (HTTP 302): it is a redirect.\n") {
		t.Errorf("%q", text)
	}
}

func TestOurOwnRateLimitDoesNotBlameTheUpstream(t *testing.T) {
	if text := failed(English, &upstream.Error{Kind: upstream.RateLimited, Billed: upstream.NotBilled}).Text(); strings.Contains(text, "Just One API") {
		t.Errorf("%q", text)
	}
}

func TestWordsOfPending(t *testing.T) {
	text := stillPending(50 * time.Second).Text()
	checkWords(t, "pending", text)
	for _, want := range []string{"after 50s", "Retryable: yes, in 15 s, without a further charge. Billed: not yet.", "in 15 s; "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q has no %q", text, want)
		}
	}
}

func TestWordsOfAnInvalidArgument(t *testing.T) {
	text := invalidArguments(English, errors.New("userId is empty: give one")).Text()
	checkWords(t, "invalid_argument", text)
	for _, want := range []string{"invalid_argument: userId is empty: give one.\n", "Retryable: no, corrected", "Billed: no."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q has no %q", text, want)
		}
	}
}

func TestWordsOfSamplesAndEarlierAnswers(t *testing.T) {
	e := &upstream.Error{Kind: upstream.NotFound, Code: 201, Billed: upstream.NotBilled, Remembered: true, Known: []string{"a1", "b2"}}
	text := failed(English, e).Text()
	checkWords(t, "not_found", text)
	for _, want := range []string{"This is an earlier answer; no new request was made.\n", "a1, b2.", "Billed: no."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q has no %q", text, want)
		}
	}
}

// What is our own fault is for the log: the caller is told nothing of it, and
// a kind that the words do not know is our own fault.
func TestInternalSaysNothingMore(t *testing.T) {
	for _, e := range []*upstream.Error{
		{Kind: upstream.Internal, Billed: upstream.NotBilled, Detail: "zebra", Code: 77, Status: 78},
		{Kind: "zebra", Billed: upstream.Billed},
	} {
		text := failed(English, e).Text()
		checkWords(t, "internal", text)
		if strings.Contains(text, "zebra") || strings.Contains(text, "7") || !strings.Contains(text, "Billed: unknown.") {
			t.Errorf("%+v: %q", e, text)
		}
	}
}
