package disk_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgy-mcp/upstream"
	"pgy-mcp/upstream/disk"
)

// Damage in the file of requests is told once, and what can be read still counts.
func TestTheRequestsFile(t *testing.T) {
	dir := t.TempDir()
	o := options()
	o.Budget = 10
	s := open(t, dir, o)
	file := requestsFile(t, dir, s)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	whole, ahead := string(b), fmt.Sprintln(time.Now().Add(72*time.Hour).UnixNano())
	yesterday := fmt.Sprintln(time.Now().Add(-25 * time.Hour).UnixNano())
	for name, c := range map[string]struct {
		content string
		damaged bool
		left    int // after one more request
	}{
		"whole":                {whole, false, 8},
		"a line of long ago":   {"1000000000\n" + whole, false, 8},
		"a line cut off":       {whole + whole[:5], false, 8},
		"a line cut off, then": {whole + whole[:5] + "\n" + whole, false, 7},
		"nonsense":             {whole + "nonsense\n", true, 8},
		"a blank line":         {"\n" + whole, true, 8},
		"a huge number":        {whole + "99999999999999999999999\n", true, 8},
		"zeros":                {"\x00\x00\x00\n", true, 9},
		"from the far future":  {whole + ahead, true, 8},
		"out of order":         {whole + yesterday, false, 8},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(file, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Admit(t.Context(), "profile"); (err != nil) != c.damaged {
				t.Errorf("Admit says %v, want damage: %v", err, c.damaged)
			}
			wantLeft(t, s, c.left)
		})
	}
}

// wantLeft checks how many requests a store has left.
func wantLeft(t *testing.T, s *disk.Store, want int) {
	t.Helper()
	u, err := s.Usage(t.Context())
	if err != nil {
		t.Errorf("Usage says %v, want a number", err)
	}
	if n := 10 - u.Sent; n != want {
		t.Errorf("%d requests are left, want %d", n, want)
	}
}

// requestsFile makes a store's file of requests, with one request of now, and
// gives its path.
func requestsFile(t *testing.T, dir string, s *disk.Store) string {
	t.Helper()
	if _, err := s.Admit(t.Context(), "profile"); err != nil {
		t.Fatalf("Admit says %v, want a request", err)
	}
	matches, err := filepath.Glob(filepath.Join(dir, "requests-????????"))
	if err != nil || len(matches) != 1 {
		t.Fatalf("the files of requests are %q, %v, want one", matches, err)
	}
	return matches[0]
}

// The refund of a request that is not in the file any more takes no other out.
func TestARefundOfALineThatIsGone(t *testing.T) {
	dir := t.TempDir()
	o := options()
	o.Budget = 10
	s := open(t, dir, o)
	g, err := s.Admit(t.Context(), "profile")
	if err != nil {
		t.Fatalf("Admit says %v, want a request", err)
	}
	if err := os.Remove(requestsFile(t, dir, s)); err != nil {
		t.Fatal(err)
	}
	requestsFile(t, dir, s)
	if err := g.Refund(t.Context()); err != nil {
		t.Errorf("Refund says %v, want nothing", err)
	}
	wantLeft(t, s, 9)
}

// Damage does not let requests out that the budget does not have.
func TestADamagedFileOfASpentBudget(t *testing.T) {
	dir := t.TempDir()
	o := options()
	o.Budget = 1
	s := open(t, dir, o)
	file := requestsFile(t, dir, s)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(whole, "nonsense\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	var spent *upstream.Error
	for range 2 {
		if _, err := s.Admit(t.Context(), "profile"); !errors.As(err, &spent) {
			t.Errorf("Admit says %v, want that the budget is spent", err)
		}
	}
}

// The clock was set back: the requests that seem to come still count, for a day.
func TestAClockThatWasSetBack(t *testing.T) {
	dir := t.TempDir()
	o := options()
	o.Budget = 10
	s := open(t, dir, o)
	file := requestsFile(t, dir, s)
	var b strings.Builder
	for i := range 5 {
		fmt.Fprintln(&b, time.Now().Add(time.Duration(i+1)*time.Hour).UnixNano())
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	wantLeft(t, s, 5)
	if got, err := os.ReadFile(file); err != nil || string(got) != b.String() {
		t.Errorf("after Usage the file is %q, %v, want it as it was", got, err)
	}
	for left := 4; left >= 0; left-- {
		if _, err := s.Admit(t.Context(), "profile"); err != nil {
			t.Errorf("Admit says %v, want a request", err)
		}
		wantLeft(t, s, left)
	}
	var spent *upstream.Error
	if _, err := s.Admit(t.Context(), "profile"); !errors.As(err, &spent) {
		t.Errorf("Admit says %v, want that the budget is spent", err)
	}
}

// A file of requests that are mostly over is written anew.
func TestOldRequestsLeaveTheirFile(t *testing.T) {
	for name, lines := range map[string]string{
		"lines as they are written": strings.Repeat("0000000001000000000\n", 3000),
		"lines of another length":   strings.Repeat("1000000000\n", 200),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, options())
			file := requestsFile(t, dir, s)
			if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Admit(t.Context(), "profile"); err != nil {
				t.Fatalf("Admit says %v, want a request", err)
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(b), "\n"); n != 1 {
				t.Errorf("the file of requests has %d lines, want the new one alone: %.300q", n, b)
			}
		})
	}
}

// Counting follows no link out of the folder.
func TestLinksInTheRequestsPlace(t *testing.T) {
	for _, end := range []string{"", ".lock"} {
		dir := t.TempDir()
		s := open(t, dir, options())
		file := requestsFile(t, dir, s) + end
		outside := filepath.Join(t.TempDir(), "outside")
		if err := errors.Join(os.Remove(file), os.Symlink(outside, file)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Admit(t.Context(), "profile"); err == nil {
			t.Errorf("Admit over a link at %q says nothing, want an error", file)
		}
		if _, err := os.Lstat(outside); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("after Admit over a link at %q Lstat of its target says %v, want nothing there", file, err)
		}
	}
}

// Where the network is down, one request after the other is refunded: each of them counts no
// more.
func TestRefundsAfterEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options()
		o.Budget = 10
		s := open(t, t.TempDir(), o)
		var grants []upstream.Grant
		for range 4 {
			time.Sleep(time.Second)
			grant, err := s.Admit(t.Context(), "profile")
			if err != nil {
				t.Fatalf("Admit says %v, want a request", err)
			}
			grants = append(grants, grant)
		}
		for i, grant := range grants[1:] {
			if err := grant.Refund(t.Context()); err != nil {
				t.Errorf("refund %d says %v, want it done", i, err)
			}
		}
		wantLeft(t, s, 9)
	})
}

// A refund takes out its own request, not that of another at the same moment.
func TestRefundsOfOneMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // its clock stands still
		o := options()
		o.Budget = 10
		s := open(t, t.TempDir(), o)
		grant, err := s.Admit(t.Context(), "profile")
		if err != nil {
			t.Fatalf("Admit says %v, want a request", err)
		}
		if _, err := s.Admit(t.Context(), "profile"); err != nil {
			t.Fatalf("the second Admit says %v, want a request", err)
		}
		if err := grant.Refund(t.Context()); err != nil {
			t.Errorf("Refund says %v, want it done", err)
		}
		wantLeft(t, s, 9)
	})
}

// Counts by endpoint that are damaged are told once, and begin anew.
func TestDamagedCountsByEndpoint(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, options())
	settled := func() error {
		g, err := s.Admit(t.Context(), "profile")
		if err != nil {
			t.Fatalf("Admit says %v, want a request", err)
		}
		return g.Settle(t.Context(), true)
	}
	if err := settled(); err != nil {
		t.Fatalf("Settle says %v, want it counted", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "requests", "????????"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the files of counts are %q, %v, want one", files, err)
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(content), "\n")
	if err := os.WriteFile(files[0], []byte(head+"\n{damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := settled(); err == nil {
		t.Error("Settle over damaged counts says nothing, want the damage told")
	}
	if err := settled(); err != nil {
		t.Errorf("the next Settle says %v, want it counted", err)
	}
	u, err := s.Usage(t.Context())
	if got, want := u.Endpoints["profile"], (upstream.Count{Sent: 2, Billed: 2}); err != nil || got != want {
		t.Errorf("Usage has %+v, %v, want %+v", got, err, want)
	}
}
