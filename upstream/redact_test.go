package upstream_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgy-mcp/upstream"
)

// spellings are ways in which an upstream may echo the token. None of them
// needs further escaping inside a JSON string.
func spellings() map[string]string {
	each := func(format string) string {
		var b strings.Builder
		for _, c := range []byte(canary) {
			fmt.Fprintf(&b, format, c)
		}
		return b.String()
	}
	query := url.QueryEscape(canary)
	return map[string]string{
		"plain":                      canary,
		"percent-encoded":            query,
		"lower hex":                  strings.NewReplacer("%2F", "%2f", "%2B", "%2b", "%3D", "%3d").Replace(query),
		"path":                       url.PathEscape(canary),
		"every byte":                 each("%%%02X"),
		"every byte, lower hex":      each("%%%02x"),
		"twice":                      url.QueryEscape(query),
		"every byte, twice":          url.QueryEscape(each("%%%02x")),
		"three times":                url.QueryEscape(url.QueryEscape(query)),
		"JSON, every byte":           each(`\u%04x`),
		"JSON, every byte, capitals": each(`\u%04X`),
		"JSON, slash":                strings.ReplaceAll(canary, "/", `\/`),
		"JSON, one letter":           strings.Replace(canary, "c", `\u0063`, 1),
		"percent sign in JSON":       each(`\u0025%02x`),
		"a mix":                      `c\u0061n%61ry\/Tok%252Ben\u003D9%66\u0038e7d`,
	}
}

// leaks reports whether text holds the token, once it is read in any way that
// a reader of JSON or of a URL might read it.
func leaks(text string) bool {
	seen := []string{text}
	for _, spelled := range spellings() {
		seen = append(seen, strings.ReplaceAll(text, spelled, canary))
	}
	var inJSON any
	if json.Unmarshal([]byte(text), &inJSON) == nil {
		seen = append(seen, fmt.Sprint(inJSON))
	}
	for _, s := range seen {
		for range 4 {
			if strings.Contains(s, canary) {
				return true
			}
			if plain, err := url.PathUnescape(s); err == nil {
				s = plain
			}
		}
	}
	return false
}

// echoes are answers that hold a spelling of the token wherever one may stand.
func echoes(spelled string) map[string]http.HandlerFunc {
	envelope := func(code int) string {
		return fmt.Sprintf(`{"code":%d,"message":"bad token %s!","requestId":"%s","recordTime":"%[2]s","%[2]s":1,`+
			`"data":{"name":"before %[2]s after","%[2]s":{"url":["https://a.example/?token=%[2]s&x=1"]},"kept":"100%%"}}`, code, spelled, spelled)
	}
	headers := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for _, name := range []string{"Location", "X-Request-Id", "Set-Cookie", "Content-Location", "Retry-After", "Www-Authenticate"} {
				w.Header().Set(name, "https://a.example/?token="+spelled)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	return map[string]http.HandlerFunc{
		"profile":     headers(200, envelope(0)),
		"failure":     headers(200, envelope(500)),
		"other user":  headers(200, `{"code":0,"data":{"userId":"`+spelled+`"}}`),
		"wrong data":  headers(200, `{"code":0,"data":"`+spelled+`"}`),
		"code":        headers(200, `{"code":"`+spelled+`"}`),
		"HTML":        headers(502, "<html>no route to /?token="+spelled+"</html>"),
		"redirect":    headers(302, "see "+spelled),
		"bad request": headers(400, spelled),
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9999")
			_, _ = io.WriteString(w, spelled)
		},
	}
}

// verbs prints a value in every way that a log line or a message may.
func verbs(v any) string { return fmt.Sprintf("%v %+v %#v %s %q", v, v, v, v, v) }

func TestAnEchoedTokenGoesNoFurther(t *testing.T) {
	for name, spelled := range spellings() {
		for where, h := range echoes(spelled) {
			t.Run(name+" in "+where, func(t *testing.T) {
				p, err := ask(t, h)
				if where != "profile" {
					if err == nil {
						t.Fatal("no error, want one")
					}
					for _, said := range []string{verbs(err), verbs(*err)} {
						if leaks(said) {
							t.Errorf("the error is %s, want no token in it", said)
						}
					}
					return
				}
				if err != nil {
					t.Fatalf("the error is %v, want a profile", err)
				}
				got, want := string(p.Data()), `{"name":"before REDACTED after","REDACTED":{"url":["https://a.example/?token=REDACTED&x=1"]},"kept":"100%"}`
				if got != want {
					t.Errorf("the data are %.300s, want %s", got, want)
				}
				if leaks(got) {
					t.Errorf("the data are %.300s, want no token in them", got)
				}
				if leaks(p.RequestID) {
					t.Errorf("the request id is %q, want no token in it", p.RequestID)
				}
			})
		}
	}
}

// What is no echo of the token comes back byte for byte, however close it is.
func TestAnAnswerWithoutTheTokenIsKept(t *testing.T) {
	for _, text := range []string{
		canary[:len(canary)-1], canary[1:], strings.ToUpper(canary), "100% % %2 %zz", `\u0063anary \/ \\ \" \ud83d\ude00`,
		url.QueryEscape(canary[:len(canary)-1]) + "%", "canary canary/Tok en=9f8e7d", "团子有点咸",
	} {
		data := `{"name":"` + text + `"}`
		p, err := ask(t, answering(http.StatusOK, `{"code":0,"data":`+data+`}`))
		wantProfile(t, p, err, data)
	}
}

// A token may itself look encoded.
func TestOddTokens(t *testing.T) {
	for name, c := range map[string]struct{ token, echo string }{
		"a token with an escape":    {"tok%2Fen%25x", `\u0074ok%2Fen%25x`},
		"its query encoding":        {"tok%2Fen%25x", url.QueryEscape("tok%2Fen%25x")},
		"a token with a blank":      {"tok en and more", "tok+en+and+more"},
		"a token that is not ASCII": {"schl\u00fcssel-1", `schl\u00fcssel-1`},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := upstream.NewClient(serve(t, answering(http.StatusOK, `{"code":0,"data":{"name":"a `+c.echo+` z"}}`)).URL, upstream.NewToken(c.token), time.Minute).Fetch(t.Context(), profile(documented))
			wantProfile(t, p, typed(t, err), `{"name":"a REDACTED z"}`)
		})
	}
}

// Runs of a few letters are in every profile; no real token is that short.
func TestAVeryShortTokenHarmsNoProfile(t *testing.T) {
	s := serve(t, answering(http.StatusOK, whole))
	p, err := upstream.NewClient(s.URL, upstream.NewToken("user"), time.Minute).Fetch(t.Context(), profile(documented))
	wantProfile(t, p, typed(t, err), `{"userId":"`+documented+`"}`)
}

func TestATokenPrintsAsRedacted(t *testing.T) {
	token := upstream.NewToken(canary)
	for text, want := range map[string]bool{canary: false, "": true} {
		if got := upstream.NewToken(text).IsZero(); got != want {
			t.Errorf("IsZero of the token %q is %v, want %v", text, got, want)
		}
	}
	if got, want := verbs(token), strings.TrimSpace(strings.Repeat("REDACTED ", 5)); got != want {
		t.Errorf("the token is printed as %s, want %s", got, want)
	}
	holder := struct {
		Token   upstream.Token
		Pointer *upstream.Token
		Any     any
		Map     map[string]upstream.Token
	}{token, &token, token, map[string]upstream.Token{"a": token}}
	j, err := json.Marshal(holder)
	if err != nil {
		t.Fatalf("marshalling the holder ends with %v, want JSON", err)
	}
	if want := `{"Token":"REDACTED","Pointer":"REDACTED","Any":"REDACTED","Map":{"a":"REDACTED"}}`; string(j) != want {
		t.Errorf("the token is marshalled as %s, want %s", j, want)
	}
	for name, out := range logged(func(log *slog.Logger) {
		log.Debug("token", "token", token, "pointer", &token, "holder", holder, slog.Group("g", "token", token))
		log.Debug(token.String())
	}) {
		if leaks(out) {
			t.Errorf("the log as %s is %s, want no token in it", name, out)
		}
		if want := map[string]string{"text": "token=REDACTED", "JSON": `"token":"REDACTED"`}[name]; !strings.Contains(out, want) {
			t.Errorf("the log as %s is %s, want %q in it", name, out, want)
		}
	}
	if said := verbs(holder); leaks(said) {
		t.Errorf("the holder is printed as %s, want no token in it", said)
	}
}

// logged runs f with each kind of logger at the lowest level and gives what
// was written.
func logged(f func(*slog.Logger)) map[string]string {
	var text, js bytes.Buffer
	o := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	f(slog.New(slog.NewTextHandler(&text, o)))
	f(slog.New(slog.NewJSONHandler(&js, o)))
	return map[string]string{"text": text.String(), "JSON": js.String()}
}

// A directory logs every request that failed.
func TestADirectoryLogsNoToken(t *testing.T) {
	for name, out := range logged(func(log *slog.Logger) {
		for _, spelled := range spellings() {
			for _, h := range echoes(spelled) {
				s := settings()
				s.Log, s.Timeout = log, time.Nanosecond // no retry, which would take real time
				server := serve(t, h)
				d := upstream.New(s, upstream.NewClient(server.URL, upstream.NewToken(canary), time.Minute), upstream.NewMemory(1, 0), nil)
				_, _ = get(t, d, documented, false)
				server.Close()
				_, _ = get(t, d, blogger(1), false)
				d.Close()
			}
		}
	}) {
		for line := range strings.Lines(out) {
			if leaks(line) {
				t.Errorf("a line of the log as %s is %s, want no token in it", name, line)
			}
		}
		for _, want := range []string{"unreachable", "bad_response", "HTTP 502"} {
			if !strings.Contains(out, want) {
				t.Errorf("the log as %s is %.300s, want %q in it", name, out, want)
			}
		}
	}
}
