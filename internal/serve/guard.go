package serve

import (
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
)

// guard refuses unknown Host headers and browser origins, so that no web page can reach
// the server through a visitor's browser. /healthz accepts any Host, since probes use
// addresses.
func (h *httpServer) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		switch {
		case r.URL.Path != "/healthz" && !hostAllowed(h.AllowedHosts, r.Host):
			h.refuse(w, http.StatusForbidden, "this Host is not allowed; the operator sets -allowed-hosts")
			return
		case origin != "" && !slices.Contains(h.AllowedOrigins, strings.ToLower(origin)):
			h.refuse(w, http.StatusForbidden, "this Origin is not allowed; the operator sets -allowed-origins")
			return
		case origin == "" && crossSite(r):
			h.refuse(w, http.StatusForbidden, "requests from pages of other sites are not allowed")
			return
		}
		if origin != "" {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Add("Vary", "Origin")
			w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After")
			if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
				preflight(w)
				return
			}
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// protect requires the bearer token, if one is set, the route's method and content type, and
// a body that is not compressed.
func (h *httpServer) protect(method string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		encoding := r.Header.Get("Content-Encoding")
		switch {
		case h.Authorized != nil && !h.Authorized(bearer(r)) && !h.Authorized(r.Header.Get("X-API-Key")):
			w.Header().Set("WWW-Authenticate", `Bearer realm="pgy-mcp"`)
			h.refuse(w, http.StatusUnauthorized, "a valid bearer token is needed")
		case r.Method != method:
			w.Header().Set("Allow", method)
			http.Error(w, "use "+method, http.StatusMethodNotAllowed)
		case method == http.MethodPost && !isJSON(r):
			h.refuse(w, http.StatusUnsupportedMediaType, "Content-Type must be application/json")
		case encoding != "" && !strings.EqualFold(encoding, "identity"):
			h.refuse(w, http.StatusUnsupportedMediaType, "the body must not be compressed")
		default:
			next(w, r)
		}
	}
}

// refuse answers with a reason, and logs it: the operator may have to set -allowed-hosts or
// -allowed-origins.
func (h *httpServer) refuse(w http.ResponseWriter, status int, why string) {
	h.Log.Info("request refused", "status", status, "reason", why)
	http.Error(w, why, status)
}

// hostAllowed matches a Host header with the list; an entry without a port
// allows every port. The empty list is the loopback names.
func hostAllowed(allowed []string, host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	if len(allowed) == 0 {
		return strings.EqualFold(name, "localhost") || net.ParseIP(name).IsLoopback()
	}
	return slices.ContainsFunc(allowed, func(a string) bool {
		return strings.EqualFold(a, host) || strings.EqualFold(strings.Trim(a, "[]"), name)
	})
}

// crossSite reports whether a browser says that another site's page made the request.
func crossSite(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "same-origin" && site != "none"
}

func preflight(w http.ResponseWriter) {
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
	w.Header().Set("Access-Control-Allow-Headers", "Authorization, X-API-Key, Content-Type, Accept, Mcp-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID")
	w.Header().Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func isJSON(r *http.Request) bool {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && t == "application/json"
}
