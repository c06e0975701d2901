package serve

import (
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
)

// guard stands round every route. It lets only known Host headers and browser
// origins pass, so that no web page can reach the server through a visitor's
// browser, and asks callers for the bearer token where one is set. Who is
// refused is told why, and so is the log: most often a setting is missing.
func guard(set HTTPSettings, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse := func(status int, why string) {
			set.Log.Info("request refused", "status", status, "reason", why)
			http.Error(w, why, status)
		}
		origin := r.Header.Get("Origin")
		switch {
		case !hostAllowed(set.AllowedHosts, r.Host):
			refuse(http.StatusForbidden, "this Host is not allowed; the operator sets -allowed-hosts")
			return
		case origin != "" && !slices.Contains(set.AllowedOrigins, strings.ToLower(origin)):
			refuse(http.StatusForbidden, "this Origin is not allowed; the operator sets -allowed-origins")
			return
		case origin == "" && crossSite(r):
			refuse(http.StatusForbidden, "requests of other sites' pages are not allowed")
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
		if r.URL.Path != "/healthz" && set.Authorized != nil && !set.Authorized(bearer(r)) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="pgy-mcp"`)
			refuse(http.StatusUnauthorized, "a valid bearer token is needed")
			return
		}
		if r.Method == http.MethodPost && !isJSON(r) {
			refuse(http.StatusUnsupportedMediaType, "Content-Type must be application/json")
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// hostAllowed matches a Host header with the list; an entry without a port
// stands for every port. The empty list is the loopback names.
func hostAllowed(allowed []string, host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	if len(allowed) == 0 {
		return loopbackName(strings.ToLower(name))
	}
	return slices.ContainsFunc(allowed, func(a string) bool {
		return strings.EqualFold(a, host) || strings.EqualFold(strings.Trim(a, "[]"), name)
	})
}

// loopbackName reports the names by which only this machine reaches itself.
func loopbackName(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// crossSite reports what a browser says of requests that carry no Origin.
func crossSite(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "same-origin" && site != "none"
}

func preflight(w http.ResponseWriter) {
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
	w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept, Mcp-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID")
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
