package upstream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const (
	fuzzedID    = "659902c1000000002200361b"
	fuzzedToken = "canary/Tok+en=9f8e7d"
)

var kinds = map[Kind]bool{
	TokenInvalid: true, PermissionDenied: true, InsufficientBalance: true, TokenLimitReached: true, RateLimited: true, QuotaExceeded: true,
	CollectionFailed: true, InvalidParameters: true, NotFound: true, UpstreamError: true, BadResponse: true,
}

// Whatever the upstream sends gives a profile's JSON object or an error of a
// published kind, and the token in neither.
func FuzzEnvelope(f *testing.F) {
	for _, body := range []string{
		"", "null", "[]", "{}", `{"code":0}`, `{"code":0,"data":null}`, `{"code":0,"data":{ }}`, `{"code":0,"data":[1]}`,
		`{"code":"0","data":{"userId":"` + strings.ToUpper(fuzzedID) + `"},"requestId":"a-1"}`, `{"code":0.0,"data":{"a":"\ud800"}}`,
		`{"code":1e999}`, `{"code":-1}`, `{"code":301,"requestId":"` + fuzzedToken + `"}`, `{"code":0,"data":{"x":"` + fuzzedToken + `"}}`,
		`{"code":0,"data":{"userId":"5a3e1e000000000000000001"}}`, `{"code":0,"data":{"` + url.QueryEscape(fuzzedToken) + `":[]}}`,
		"<html>" + fuzzedToken, "{\"code\":0,\"data\":{\"\xff\":1}}", `{"code":0,"code":1,"data":{},"data":{"a":1}}`, "\ufeff{}",
	} {
		for _, status := range []int{http.StatusOK, http.StatusFound, http.StatusUnauthorized, http.StatusBadGateway} {
			f.Add(status, []byte(body))
		}
	}
	redact := redactor(NewToken(fuzzedToken))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		data, requestID, err := read(status, redact(body), UserBlogger.Query(fuzzedID, Options{}))
		if err == nil {
			var object map[string]json.RawMessage
			if json.Unmarshal(data, &object) != nil || len(object) == 0 {
				t.Errorf("data is no object with members: %q", data)
			}
		} else {
			if data != nil || requestID != "" || !kinds[err.Kind] {
				t.Errorf("data %q, request id %q and kind %q of an error", data, requestID, err.Kind)
			}
			if b := err.Billed; b != NotBilled && b != Billed && b != UnknownBilling {
				t.Errorf("billed %q", b)
			}
			if err.Code != 0 && err.Status != 0 {
				t.Errorf("%#v: both the code and the status decide", err)
			}
		}
		for _, text := range []string{string(data), requestID, fmt.Sprintf("%+v", err)} {
			if strings.Contains(text, fuzzedToken) || strings.Contains(text, url.QueryEscape(fuzzedToken)) {
				t.Errorf("the token is in %q", text)
			}
		}
	})
}

// A token between any two texts is taken out in each of its spellings; where it
// is not, nothing is touched.
func FuzzRedact(f *testing.F) {
	query := url.QueryEscape(fuzzedToken)
	spelled := []string{fuzzedToken, query, strings.ToLower(query[:len("canary%2F")]) + query[len("canary%2F"):], url.QueryEscape(query),
		strings.ReplaceAll(fuzzedToken, "/", `\/`), strings.Replace(fuzzedToken, "n", `\u006e`, 1),
		strings.TrimSuffix(fuzzedToken, "d") + `\u0064`}
	for _, s := range []string{"", "%", "%2", "%25", `\`, `\u`, `\u00`, "canary/Tok", "\xff", "团", `{"a":"`, `"}`, "% \\"} {
		f.Add(s, s)
	}
	redact := redactor(NewToken(fuzzedToken))
	f.Fuzz(func(t *testing.T, before, after string) {
		text := []byte(before + after)
		if !strings.ContainsAny(before+after, `%\`) {
			if got, want := redact(text), bytes.ReplaceAll(text, []byte(fuzzedToken), []byte(redacted)); !bytes.Equal(got, want) {
				t.Errorf("%q becomes %q, want %q", text, got, want)
			}
		}
		for _, s := range spelled {
			got := redact([]byte(before + s + after))
			if bytes.Contains(got, []byte(s)) || !bytes.Contains(got, []byte(redacted)) {
				t.Errorf("%q becomes %q", before+s+after, got)
			}
			if again := redact(got); !bytes.Equal(again, got) {
				t.Errorf("%q becomes %q, then %q", before+s+after, got, again)
			}
		}
	})
}
