package observe

import (
	"cmp"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/VictoriaMetrics/metrics"

	_ "pgy-mcp/internal/observe/quiet" // before the metrics library
	"pgy-mcp/tools"
	"pgy-mcp/upstream"
)

// seconds are the bounds of the histograms.
var seconds = []float64{.0001, .001, .01, .1, 1, 5, 10, 20, 30, 50, 60, 120}

// Metrics counts calls and look-ups. No label holds an id, a name or a token.
//
// Prometheus's own client would make the program nearly twice as large: its
// protobuf keeps the linker from dropping unused code.
type Metrics struct {
	set                 *metrics.Set
	hits, misses, stale *metrics.Counter
	asked               *metrics.PrometheusHistogram
}

// The label section is the name of an endpoint.
const (
	billed        = `pgy_mcp_upstream_billed_total{section=%q}`
	storeFailures = `pgy_mcp_store_failures_total{operation=%q}`
)

// NewMetrics makes the metrics. The counters of billed requests, by endpoint, and of store
// failures exist from the start, because Prometheus does not see the first increase of a
// new counter, and alerts watch these two.
func NewMetrics(version string) *Metrics {
	metrics.ExposeMetadata(true)
	s := metrics.NewSet()
	s.NewGauge(fmt.Sprintf(`pgy_mcp_build_info{goversion=%q,revision=%q,version=%q}`, runtime.Version(), revision(), version), func() float64 { return 1 })
	for _, e := range upstream.Endpoints {
		s.NewCounter(fmt.Sprintf(billed, e.Name))
	}
	for _, operation := range upstream.StoreOperations {
		s.NewCounter(fmt.Sprintf(storeFailures, operation))
	}
	return &Metrics{
		set:    s,
		hits:   s.NewCounter("pgy_mcp_cache_hits_total"),
		misses: s.NewCounter("pgy_mcp_cache_misses_total"),
		stale:  s.NewCounter("pgy_mcp_cache_stale_total"),
		asked:  s.NewPrometheusHistogramExt("pgy_mcp_upstream_request_duration_seconds", seconds),
	}
}

// revision returns the commit of the build, or "unknown".
func revision() string {
	var commit string
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	return cmp.Or(commit, "unknown")
}

// Watch adds gauges that read l.
func (m *Metrics) Watch(l *upstream.Lookups) {
	m.set.NewGauge("pgy_mcp_cache_entries", func() float64 { return float64(l.Stats().Entries) })
	m.set.NewGauge("pgy_mcp_lookups_in_flight", func() float64 { return float64(l.Stats().InFlight) })
	m.set.NewGauge("pgy_mcp_store_degraded", func() float64 {
		if l.Stats().Degraded {
			return 1
		}
		return 0
	})
	if _, limited := l.Left(); limited {
		m.set.NewGauge("pgy_mcp_budget_left", func() float64 {
			n, _ := l.Left()
			return float64(n)
		})
	}
}

// Call counts a call that ended.
func (m *Metrics) Call(o tools.Outcome) {
	m.count(`pgy_mcp_calls_total{outcome=%q,tool=%q}`, o.Kind, o.Tool)
	m.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf(`pgy_mcp_call_duration_seconds{tool=%q}`, o.Tool), seconds).Update(o.Took.Seconds())
	m.hits.Add(o.Cached)
	m.misses.Add(o.Missed)
	m.stale.Add(o.Stale)
}

// Upstream returns the functions that count requests and store failures.
func (m *Metrics) Upstream() upstream.Observer {
	return upstream.Observer{
		Request: func(section, outcome string, isBilled bool, took time.Duration) {
			m.count(`pgy_mcp_upstream_requests_total{outcome=%q,section=%q}`, outcome, section)
			m.asked.Update(took.Seconds())
			if isBilled {
				m.count(billed, section)
			}
		},
		StoreFailure: func(operation string) { m.count(storeFailures, operation) },
	}
}

// count adds 1 to the counter with these labels.
func (m *Metrics) count(name string, labels ...any) {
	m.set.GetOrCreateCounter(fmt.Sprintf(name, labels...)).Inc()
}

// Handler serves these metrics, Go's and the process's to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		m.set.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
		metrics.WriteFDMetrics(w)
	})
}
