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
		data, requestID, err := parse(status, redact(body), Profile.Query(fuzzedID, Options{}))
		if err == nil {
			var object map[string]json.RawMessage
			if err := json.Unmarshal(data, &object); err != nil {
				t.Errorf("the data are %q, want a JSON object: %v", data, err)
			} else if len(object) == 0 {
				t.Errorf("the data are %q, want members in them", data)
			}
		} else {
			if data != nil {
				t.Errorf("beside an error the data are %q, want none", data)
			}
			if requestID != "" {
				t.Errorf("beside an error the request id is %q, want none", requestID)
			}
			if !kinds[err.Kind] {
				t.Errorf("the error's kind is %q, want one of %v", err.Kind, kinds)
			}
			if b := err.Billed; b != NotBilled && b != Billed && b != UnknownBilling {
				t.Errorf("the error's Billed is %q, want no, yes or unknown", b)
			}
			if err.Code != 0 && err.Status != 0 {
				t.Errorf("the error is %#v, want a code or a status, not both", err)
			}
		}
		for _, text := range []string{string(data), requestID, fmt.Sprintf("%+v", err)} {
			for _, token := range []string{fuzzedToken, url.QueryEscape(fuzzedToken)} {
				if strings.Contains(text, token) {
					t.Errorf("the outcome has %q, want no %q in it", text, token)
				}
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
	for _, s := range []string{"", "%", "%2", "%25", `\`, `\u`, `\u00`, "%5", `\u005`, "canary/Tok", "\xff", "团", `{"a":"`, `"}`, "% \\"} {
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
			if bytes.Contains(got, []byte(s)) {
				t.Errorf("%q becomes %q, want no %q in it", before+s+after, got, s)
			}
			if !bytes.Contains(got, []byte(redacted)) {
				t.Errorf("%q becomes %q, want %q in it", before+s+after, got, redacted)
			}
			if again := redact(got); !bytes.Equal(again, got) {
				t.Errorf("%q becomes %q at the second time, want no change", got, again)
			}
		}
	})
}
