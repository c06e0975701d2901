package upstream

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// integer reads 301, 301.0 or "301".
func integer(v json.RawMessage) (int, bool) {
	f, err := strconv.ParseFloat(string(bytes.Trim(v, `"`)), 64)
	n := int(f)
	return n, err == nil && float64(n) == f
}

// harmless lists the characters that a request id may have, since it appears in our texts.
// A request id with any other character is dropped as a whole.
const harmless = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.:-"

// parse judges one complete answer, and gives its data and request id. The envelope's code
// decides, whatever the HTTP status; the status decides only where the body is not an
// envelope.
func parse(status int, body []byte, q Query) (json.RawMessage, string, *Error) {
	body = bytes.ToValidUTF8(bytes.TrimPrefix(body, []byte("\uFEFF")), []byte("\uFFFD"))
	var envelope map[string]json.RawMessage // not a struct: keys are matched exactly
	_ = json.Unmarshal(body, &envelope)
	code, ok := integer(envelope["code"])
	if !ok {
		return nil, "", statusError(status)
	}
	var requestID string
	if json.Unmarshal(envelope["requestId"], &requestID) != nil || len(requestID) > 64 || strings.Trim(requestID, harmless) != "" {
		requestID = ""
	}
	fail := func(kind Kind, billed Billing, detail string) (json.RawMessage, string, *Error) {
		return nil, "", &Error{Kind: kind, Code: code, Billed: billed, Detail: detail, RequestID: requestID}
	}
	switch {
	case code == 201:
		return fail(NotFound, Billed, "")
	case code != 0:
		return fail(cmp.Or(codes[code], UpstreamError), NotBilled, "")
	}
	data := envelope["data"]
	empty := slices.Contains([]string{"", "null", "{}", "[]", `""`}, string(bytes.Join(bytes.Fields(data), nil)))
	switch {
	case empty && q.Endpoint.nullable:
		return json.RawMessage("null"), requestID, nil
	case empty:
		return fail(NotFound, Billed, "the answer holds no data")
	case data[0] != '{':
		return fail(BadResponse, UnknownBilling, "the answer's data is not an object")
	}
	if id := idIn(data, q.Endpoint.subject); q.Endpoint.echoed && id != "" && id != q.Subject {
		if q.Endpoint == Note {
			return fail(BadResponse, UnknownBilling, "the answer is about another note")
		}
		return fail(BadResponse, UnknownBilling, "the answer is another blogger's")
	}
	return data, requestID, nil
}

// codes is the upstream's table of codes, none of them billed; any other one is
// an UpstreamError. 201 is NotFound, and billed.
var codes = map[int]Kind{
	100: TokenInvalid,
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

// statusError is the error of an answer without an envelope. It says nothing about the
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
	case status == http.StatusGatewayTimeout, status == 522, status == 524: // the last two are Cloudflare's
		e.Kind, e.Billed = UpstreamError, UnknownBilling
	case status >= 500:
		e.Kind = UpstreamError
	case status >= 300 && status < 400:
		e.Kind, e.Billed, e.Detail = BadResponse, UnknownBilling, "it is a redirect, which is not followed; -upstream may be wrong"
	default:
		e.Kind, e.Billed, e.Detail = BadResponse, UnknownBilling, "it is not the documented envelope; -upstream may be wrong"
	}
	return e
}
