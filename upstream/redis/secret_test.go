package redis_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgy-mcp/upstream/redis"
	"pgy-mcp/upstream/redis/redistest"
)

// canary is a password that nothing may show.
const canary = "c4n4ry"

// withPassword is a server's URL with the canary in it.
func withPassword(url string) string { return strings.Replace(url, "://", "://:"+canary+"@", 1) }

// wantSilence checks that a text does not show the canary or any word of a URL.
func wantSilence(t *testing.T, said string) {
	t.Helper()
	for _, secret := range []string{canary, "redis:/", "127.0.0.1", "localhost"} {
		if strings.Contains(said, secret) {
			t.Errorf("they say %q, want no %q in it", said, secret)
		}
	}
}

// A URL that cannot be used is refused without showing it: wherever a password
// ends up in one that is miswritten, it stays unseen.
func TestURLsThatCannotBeUsed(t *testing.T) {
	for _, url := range []string{
		"",
		canary,
		"127.0.0.1:6379",
		"http://:" + canary + "@redis.example",
		"unix://:" + canary + "@/run/redis.sock",
		"rediss:",
		"redis://",
		"redis://:" + canary + "@",
		"redis:///0",
		"redis://redis.example/" + canary,
		"redis://redis.example/0/1",
		"redis://redis.example/-1",
		"redis://redis.example:" + canary,
		"redis://" + canary + "@redis.example",
		"redis://:#" + canary + "@redis.example",
		"redis://user:12#" + canary + "@redis.example",
		"redis://user:12/" + canary + "@redis.example:6379/0",
		"redis://user:12?" + canary + "@redis.example",
		"redis://user:%zz" + canary + "@redis.example",
		"redis://:" + canary + "@redis.example?db=1",
		"rediss://:" + canary + "@redis.example/0?skip_verify=true",
		"redis://:" + canary + "@redis.example\x00",
		"redis://:" + canary + " @redis.example",
	} {
		s, err := redis.Open(url, redis.Options{})
		if err == nil {
			_ = s.Close()
			t.Errorf("%q is taken, want it refused", url)
			continue
		}
		for _, part := range []string{canary, "redis.example"} {
			if strings.Contains(err.Error(), part) {
				t.Errorf("%q is refused with %q, want no %q in it", url, err, part)
			}
		}
	}
}

// No failure shows the password or where Redis is.
func TestFailuresShowNothingOfTheURL(t *testing.T) {
	open := func(t *testing.T, url string) *redis.Store { return open(t, url, options()) }
	t.Run("nobody listens", func(t *testing.T) {
		wantSilence(t, wantFailures(t, open(t, withPassword("redis://127.0.0.1:1/0"))))
	})
	t.Run("no such host", func(t *testing.T) {
		wantSilence(t, wantFailures(t, open(t, withPassword("redis://"+canary+".invalid"))))
	})
	t.Run("a wrong password", func(t *testing.T) {
		server := redistest.Start(t, "--requirepass", "another")
		said := wantFailures(t, open(t, withPassword(server.URL())))
		wantSilence(t, said)
		if !strings.Contains(said, "WRONGPASS") {
			t.Errorf("they say %q, want WRONGPASS in it", said)
		}
	})
	t.Run("no password", func(t *testing.T) {
		server := redistest.Start(t, "--requirepass", canary)
		said := wantFailures(t, open(t, server.URL()))
		wantSilence(t, said)
		if !strings.Contains(said, "NOAUTH") {
			t.Errorf("they say %q, want NOAUTH in it", said)
		}
	})
	t.Run("no such database", func(t *testing.T) {
		wantSilence(t, wantFailures(t, open(t, redistest.Start(t).URL()+"/99")))
	})
	t.Run("an old server repeats the password", func(t *testing.T) {
		reply := "-ERR unknown command `hello`, with args beginning with: `2`, `auth`, `default`, `" + canary + "`, \r\n"
		url := garbage(t, reply, reply)
		wantSilence(t, wantFailures(t, open(t, withPassword(url))))
	})
	t.Run("a code that is the password", func(t *testing.T) {
		wantSilence(t, wantFailures(t, open(t, withPassword(garbage(t, "*0\r\n", "-"+canary+" x\r\n")))))
	})
	t.Run("a reply that is the password", func(t *testing.T) {
		wantSilence(t, wantFailures(t, open(t, withPassword(garbage(t, "*0\r\n", canary+"\r\n")))))
	})
	t.Run("no TLS there", func(t *testing.T) {
		server := redistest.Start(t)
		wantSilence(t, wantFailures(t, open(t, "rediss://:"+canary+"@"+server.Addr)))
	})
	t.Run("TLS there", func(t *testing.T) {
		server, _ := startTLS(t)
		wantSilence(t, wantFailures(t, open(t, withPassword(server.URL()))))
	})
}

// A user, a password and a database number are used.
func TestUserAndDatabase(t *testing.T) {
	server := redistest.Start(t, "--requirepass", canary)
	raw := client(t, withPassword(server.URL())+"/3")
	if err := raw.Do(t.Context(), "ACL", "SETUSER", "pgy", "on", ">p/:@#?%ss", "~pgy-mcp:v1:*", "+@all").Err(); err != nil {
		t.Fatalf("ACL ends with %v, want a user", err)
	}
	s := open(t, "redis://pgy:p%2F%3A%40%23%3F%25ss@"+server.Addr+"/3", options())
	wantWorking(t, s)
	if n, err := raw.Exists(t.Context(), answerKey).Result(); n != 1 || err != nil {
		t.Errorf("database 3 has %d answers, %v, want 1", n, err)
	}
}

// Certificates are checked: who signed them, and for which name.
func TestTLS(t *testing.T) {
	server, authorities := startTLS(t)
	_, port, err := net.SplitHostPort(server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		host  string
		trust bool
		works bool
	}{
		"trusted":            {"127.0.0.1", true, true},
		"an unknown signer":  {"127.0.0.1", false, false},
		"of another's name":  {"localhost", true, false},
		"neither of the two": {"localhost", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, "rediss://"+c.host+":"+port, options())
			if c.trust {
				s.Trust(authorities)
			}
			if c.works {
				wantWorking(t, s)
				return
			}
			said := wantFailures(t, s)
			wantSilence(t, said)
			if !strings.Contains(said, "certificate") {
				t.Errorf("they say %q, want a word of the certificate", said)
			}
		})
	}
}

// startTLS runs a server that speaks TLS alone, with a certificate for
// 127.0.0.1 that signs itself.
func startTLS(t *testing.T) (*redistest.Server, *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "a test"},
		NotAfter:              time.Now().Add(time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	public, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, b []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	cert := write("cert.pem", "CERTIFICATE", public)
	server := redistest.Start(t, "--tls-cert-file", cert, "--tls-key-file", write("key.pem", "PRIVATE KEY", secret), "--tls-ca-cert-file", cert, "--tls-auth-clients", "no")
	authorities := x509.NewCertPool()
	parsed, err := x509.ParseCertificate(public)
	if err != nil {
		t.Fatal(err)
	}
	authorities.AddCert(parsed)
	return server, authorities
}
