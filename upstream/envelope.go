package upstream

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"unicode/utf8"
)

// envelope is what wraps every answer of the upstream.
type envelope struct {
	code      int
	data      json.RawMessage // nil where there is none
	requestID string
}

// parseEnvelope reads an answer whose keys are matched exactly; ok is false
// where it is not the documented envelope.
func parseEnvelope(body []byte) (e envelope, ok bool) {
	var m map[string]json.RawMessage
	if json.Unmarshal(body, &m) != nil {
		return e, false
	}
	code, ok := integer(m["code"])
	if !ok {
		return e, false
	}
	return envelope{code, m["data"], harmless(m["requestId"])}, true
}

// integer reads 301, 301.0 or "301".
func integer(v json.RawMessage) (int, bool) {
	f, err := strconv.ParseFloat(string(bytes.Trim(v, `"`)), 64)
	n := int(f)
	return n, err == nil && float64(n) == f
}

// harmless gives a request id that may stand in our words: letters, digits
// and -_.: only, 64 at most; anything else is dropped as a whole.
func harmless(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) != nil || len(s) > 64 {
		return ""
	}
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '-', c == '_', c == '.', c == ':':
		default:
			return ""
		}
	}
	return s
}

// read judges one complete answer: the envelope's code under any HTTP status,
// and the status only where the body is no envelope.
func read(status int, body []byte, q Query) (json.RawMessage, string, *Error) {
	body = bytes.TrimPrefix(body, []byte("\uFEFF"))
	if !utf8.Valid(body) {
		body = bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	e, ok := parseEnvelope(body)
	if !ok {
		return nil, "", statusError(status)
	}
	if e.code != 0 {
		err := codeError(e.code)
		err.RequestID = e.requestID
		return nil, "", err
	}
	fail := func(kind Kind, billed Billing, detail string) (json.RawMessage, string, *Error) {
		return nil, "", &Error{Kind: kind, Billed: billed, Detail: detail, RequestID: e.requestID}
	}
	switch string(bytes.Join(bytes.Fields(e.data), nil)) {
	case "", "null", "{}", "[]", `""`:
		return fail(NotFound, Billed, "the answer holds no data")
	}
	if e.data[0] != '{' {
		return fail(BadResponse, UnknownBilling, "the answer's data is not an object")
	}
	if id := userIDIn(e.data); q.Endpoint.namesBlogger && id != "" && id != q.UserID {
		return fail(BadResponse, UnknownBilling, "the answer is another blogger's")
	}
	return e.data, e.requestID, nil
}

// userIDIn reads whose profile this is, in lower case; "" if it does not say.
func userIDIn(data json.RawMessage) string {
	var m map[string]json.RawMessage
	var id string
	if json.Unmarshal(data, &m) != nil || json.Unmarshal(m["userId"], &id) != nil {
		return ""
	}
	return string(bytes.ToLower(bytes.TrimSpace([]byte(id))))
}

// codes is the upstream's table of codes; any other one is an UpstreamError.
var codes = map[int]Kind{
	100: TokenInvalid,
	201: NotFound,
	202: RateLimited,
	301: CollectionFailed,
	302: RateLimited,
	303: QuotaExceeded,
	400: InvalidParameters,
	404: NotFound,
	600: PermissionDenied,
	601: InsufficientBalance,
	602: TokenLimitReached,
}

func codeError(code int) *Error {
	e := &Error{Kind: cmp.Or(codes[code], UpstreamError), Code: code, Billed: NotBilled}
	if code == 201 {
		e.Billed = Billed
	}
	return e
}

// statusError is for an answer without an envelope. It says nothing of the
// blogger: a proxy or another service may have answered.
func statusError(status int) *Error {
	e := &Error{Status: status, Billed: NotBilled}
	switch {
	case status == http.StatusUnauthorized:
		e.Kind = TokenInvalid
	case status == http.StatusForbidden:
		e.Kind = PermissionDenied
	case status == http.StatusTooManyRequests:
		e.Kind = RateLimited
	case status >= 500:
		e.Kind = UpstreamError
	case status >= 300 && status < 400:
		e.Kind, e.Billed, e.Detail = BadResponse, UnknownBilling, "it is a redirect, which is not followed; -upstream may be wrong"
	default:
		e.Kind, e.Billed, e.Detail = BadResponse, UnknownBilling, "it is not the documented envelope; -upstream may be wrong"
	}
	return e
}
