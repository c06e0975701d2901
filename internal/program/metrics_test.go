package program

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
)

var (
	metricRow   = regexp.MustCompile("(?m)^\\| `(pgy_mcp_[a-z_]+)` \\| (counter|gauge|histogram) \\| ([^|]*) \\|")
	metricType  = regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`)
	metricName  = regexp.MustCompile(`pgy_mcp_[a-z_]*[a-z]`)
	metricLabel = regexp.MustCompile("`([a-z]+)`")
)

// listedMetrics are the metrics that packaging/monitoring.md lists, with the type and
// the labels of each: "counter section,outcome".
func listedMetrics(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(testkit.Root(), "packaging", "monitoring.md"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, m := range metricRow.FindAllStringSubmatch(string(b), -1) {
		var labels []string
		for _, l := range metricLabel.FindAllStringSubmatch(m[3], -1) {
			labels = append(labels, l[1])
		}
		slices.Sort(labels)
		out[m[1]] = m[2] + " " + strings.Join(labels, ",")
	}
	return out
}

// servedMetrics are those of a page of /metrics, in the same form.
func servedMetrics(page string) map[string]string {
	out := map[string]string{}
	for _, m := range metricType.FindAllStringSubmatch(page, -1) {
		series := regexp.MustCompile(`(?m)^` + m[1] + `(?:_bucket|_count|_sum)?(?:\{(.*)\})? `).FindStringSubmatch(page)
		var labels []string
		if series != nil {
			for _, l := range regexp.MustCompile(`([a-z]+)="`).FindAllStringSubmatch(series[1], -1) {
				if l[1] != "le" {
					labels = append(labels, l[1])
				}
			}
		}
		slices.Sort(labels)
		out[m[1]] = m[2] + " " + strings.Join(labels, ",")
	}
	return out
}

// Each metric of the list is served, with its type and labels, and no other of ours.
func TestMetricsAreAsListed(t *testing.T) {
	u := testkit.NewUpstream(t, nil)
	w := startHTTP(t, withToken(), flags(u, "-budget", "10")...)
	w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(1)))
	_, page := w.do("GET", "/metrics", "")
	listed, served := listedMetrics(t), servedMetrics(page)
	for name, want := range listed {
		if got := served[name]; got != want {
			t.Errorf("GET /metrics: %s is %q, want %q as in packaging/monitoring.md", name, got, want)
		}
	}
	for name, got := range served {
		if _, is := listed[name]; !is && !strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "process_") {
			t.Errorf("GET /metrics: got %s, a %s, want it in packaging/monitoring.md", name, got)
		}
	}
	if len(listed) < 10 {
		t.Errorf("packaging/monitoring.md: got %d metrics, want 10 at least", len(listed))
	}
}

// The examples for Prometheus name metrics that there are.
func TestExamplesNameMetrics(t *testing.T) {
	listed := listedMetrics(t)
	files, err := filepath.Glob(filepath.Join(testkit.Root(), "packaging", "prometheus", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("packaging/prometheus: got %q, %v, want files", files, err)
	}
	for _, file := range append(files, filepath.Join(testkit.Root(), "packaging", "monitoring.md")) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range metricName.FindAllString(string(b), -1) {
			base := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
			if listed[name] == "" && !strings.HasPrefix(listed[base], "histogram") {
				t.Errorf("%s names %s, want a metric that packaging/monitoring.md lists", filepath.Base(file), name)
			}
		}
	}
}

// A counter that begins with its first event has no increase for Prometheus: those
// that alerts watch are there from the start.
func TestCountersBeginAtZero(t *testing.T) {
	w := startHTTP(t, nil, "-upstream", "sample")
	_, page := w.do("GET", "/metrics", "")
	for _, section := range []string{"profile", "performance", "search", "link", "note"} {
		testkit.Contains(t, "GET /metrics", page, `pgy_mcp_upstream_billed_total{section="`+section+`"} 0`+"\n")
	}
	for _, operation := range []string{"load", "save", "lock", "rate", "budget"} {
		testkit.Contains(t, "GET /metrics", page, `pgy_mcp_store_failures_total{operation="`+operation+`"} 0`+"\n")
	}
	testkit.Contains(t, "GET /metrics", page, "\npgy_mcp_store_degraded 0\n", "pgy_mcp_build_info{")
	testkit.Lacks(t, "GET /metrics without a budget", page, "pgy_mcp_budget_left")
}

// A store that fails is a gauge, for as long as it does.
func TestAStoreThatFailsIsMeasured(t *testing.T) {
	u := testkit.NewUpstream(t, nil)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w := startHTTP(t, withToken(), flags(u, "-cache-dir", filepath.Join(file, "no-folder"))...)
	w.do("POST", "/mcp", testkit.Call(1, testkit.BloggerID(1)))
	testkit.Eventually(t, "pgy_mcp_store_degraded is 1", func() bool {
		_, page := w.do("GET", "/metrics", "")
		return strings.Contains(page, "\npgy_mcp_store_degraded 1\n")
	})
}
