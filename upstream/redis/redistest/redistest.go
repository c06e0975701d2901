// Package redistest runs Redis servers of a test's own.
package redistest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// required is the variable that makes a missing redis-server a failure, not a
// reason to skip: .ci/run sets it.
const required = "TESTS_NEED_REDIS"

// Server is a redis-server process that keeps nothing on disk.
type Server struct {
	Addr string

	t       testing.TB
	options []string
	process *exec.Cmd
}

// Start runs a server on a free port until the test ends. Options are those of
// redis-server's command line.
func Start(t testing.TB, options ...string) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv(required) == "required" {
			t.Fatalf("there is no redis-server, and %s says that it is required", required)
		}
		t.Skip("there is no redis-server on this machine (Debian's package redis-server has it)")
	}
	s := &Server{t: t, options: options}
	t.Cleanup(s.Kill)
	var err error
	for range 5 { // another process may be quicker to take the port
		if s.Addr, err = s.freeAddr(); err != nil {
			t.Fatal(err)
		}
		if err = s.run(); err == nil {
			return s
		}
	}
	t.Fatal(err)
	return nil
}

func (s *Server) freeAddr() (string, error) {
	l, err := new(net.ListenConfig).Listen(s.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// URL is the server's, for database 0 without a password.
func (s *Server) URL() string { return "redis://" + s.Addr }

// Restart starts the server, empty, after Kill.
func (s *Server) Restart() {
	s.t.Helper()
	if err := s.run(); err != nil {
		s.t.Fatal(err)
	}
}

// run starts the process and waits until it takes connections.
func (s *Server) run() error {
	_, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return err
	}
	portOption := "--port"
	for _, o := range s.options {
		if strings.HasPrefix(o, "--tls-") {
			portOption = "--tls-port"
		}
	}
	options := []string{"--port", "0", portOption, port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", s.t.TempDir()}
	s.process = exec.CommandContext(s.t.Context(), "redis-server", append(options, s.options...)...)
	out, err := s.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.process.Start(); err != nil {
		return err
	}
	var log strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		log.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			go func() { _, _ = io.Copy(io.Discard, out) }() // else a full pipe stops it
			return nil
		}
	}
	s.Kill()
	return fmt.Errorf("redis-server did not start on port %s:\n%s", port, log.String())
}

// Kill ends the server at once, and what it has is gone.
func (s *Server) Kill() {
	if s.process != nil && s.process.Process != nil {
		_ = s.process.Process.Kill()
		_ = s.process.Wait()
		s.process = nil
	}
}

// Stop makes the server hang: it takes connections and does not answer.
func (s *Server) Stop() {
	s.t.Helper()
	s.signal("STOP")
}

// Continue ends Stop.
func (s *Server) Continue() {
	s.t.Helper()
	s.signal("CONT")
}

// signal uses a shell, for Go has no such signals on every system.
func (s *Server) signal(name string) {
	s.t.Helper()
	kill := fmt.Sprintf("kill -%s %d", name, s.process.Process.Pid)
	if err := exec.CommandContext(s.t.Context(), "sh", "-c", kill).Run(); err != nil {
		s.t.Fatalf("redis-server at %s: %s: %v", s.Addr, kill, err)
	}
}
