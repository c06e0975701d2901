package tools

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
)

// BenchmarkProfileFromDisk is a profile that another process has paid for, without
// histories and with 100,000 lines of 2,000 bloggers.
func BenchmarkProfileFromDisk(b *testing.B) {
	for _, lines := range []int{0, 50} {
		b.Run(fmt.Sprintf("%d lines", lines*2000), func(b *testing.B) {
			dir := b.TempDir()
			data := testkit.SampleData(b, documented)
			paid := fetcher(func(_ context.Context, id string) (*upstream.Response, error) {
				return upstream.NewResponse(id, data, "", true), nil
			})
			process := func() (*Set, func()) {
				l := upstream.New(upstream.Settings{Source: "prod-global", Upstream: baseURL, TTL: time.Hour, Timeout: time.Minute, Rate: rate.Inf, Log: slog.New(slog.DiscardHandler)},
					paid, upstream.NewMemory(100, 0), folder(b, dir))
				return New(Settings{Lookups: l, Wait: time.Minute, Log: slog.New(slog.DiscardHandler)}), l.Close
			}
			store := folder(b, dir)
			for i := range 2000 {
				blogger := testkit.BloggerID(i)
				if i == 0 {
					blogger = documented
				}
				var seen []upstream.Line
				for n := range lines {
					at := time.Now().Add(time.Duration(n-lines-1) * 25 * time.Hour)
					seen = append(seen, upstream.Line{Blogger: blogger, Text: fmt.Appendf(nil, line, at.UTC().Format(time.RFC3339), 16000+n)})
				}
				if err := store.Save(b.Context(), nil, seen); err != nil {
					b.Fatal(err)
				}
			}
			s, end := process()
			<-s.Lookups.Lookup(profileOf(documented), upstream.Ask{}).Done()
			end()
			wantPrivate(b, dir)
			for b.Loop() {
				s, end := process()
				if r, _ := s.Call(b.Context(), "get_blogger_profile", []byte(`{"userId":"`+documented+`"}`)); r == nil {
					b.Fatal("there is no result")
				}
				end()
			}
		})
	}
}

// line is one of a history, with its time and its price.
const line = `{"at":%q,"from":"profile","imagePriceCny":13000,"imageStatus":"open","videoPriceCny":%d,"videoStatus":"open","followers":103684,"readMedian":64478,"engagementMedian":746,"health":"excellent",` +
	`"upstream":{"engagementMedian":"mEngagementNum","followers":"fansNum","imagePriceCny":"picturePrice","readMedian":"clickMidNum","videoPriceCny":"videoPrice"}}`

// wantPrivate wants files that nobody else can read. A sweep in the background may remove
// some meanwhile.
func wantPrivate(b *testing.B, dir string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && info.Mode().Perm() != 0o600 {
			b.Errorf("the mode of %s is %v, want 0600", path, info.Mode())
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}
