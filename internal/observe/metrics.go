package observe

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"pgy-mcp/tools"
	"pgy-mcp/upstream"
)

// Metrics count what goes on, for transports on which they can be read; a nil
// one counts nothing. No label holds an id, a name or a token.
type Metrics struct {
	registry      *prometheus.Registry
	calls         *prometheus.CounterVec
	took          *prometheus.HistogramVec
	hits          prometheus.Counter
	misses        prometheus.Counter
	stale         prometheus.Counter
	requests      *prometheus.CounterVec
	billed        *prometheus.CounterVec
	storeFailures *prometheus.CounterVec
	asked         prometheus.Histogram
}

// NewMetrics makes them.
func NewMetrics() *Metrics {
	count := func(name, help string) prometheus.CounterOpts { return prometheus.CounterOpts{Name: name, Help: help} }
	seconds := func(name, help string) prometheus.HistogramOpts {
		return prometheus.HistogramOpts{Name: name, Help: help, Buckets: []float64{.0001, .001, .01, .1, 1, 5, 10, 20, 30, 50, 60, 120}}
	}
	m := &Metrics{
		registry:      prometheus.NewRegistry(),
		calls:         prometheus.NewCounterVec(count("calls_total", "Tool calls by tool and outcome."), []string{"tool", "outcome"}),
		took:          prometheus.NewHistogramVec(seconds("call_duration_seconds", "How long tool calls took."), []string{"tool"}),
		hits:          prometheus.NewCounter(count("cache_hits_total", "Profiles that came from memory.")),
		misses:        prometheus.NewCounter(count("cache_misses_total", "Profiles that memory did not have.")),
		stale:         prometheus.NewCounter(count("cache_stale_total", "Profiles served past their time.")),
		requests:      prometheus.NewCounterVec(count("upstream_requests_total", "Upstream requests by section and outcome."), []string{"section", "outcome"}),
		billed:        prometheus.NewCounterVec(count("upstream_billed_total", "Upstream requests that were charged, by section."), []string{"section"}),
		storeFailures: prometheus.NewCounterVec(count("store_failures_total", "Failures of the memory that outlives the process, by operation."), []string{"operation"}),
		asked:         prometheus.NewHistogram(seconds("upstream_request_duration_seconds", "How long upstream requests took.")),
	}
	m.prefixed().MustRegister(m.calls, m.took, m.hits, m.misses, m.stale, m.requests, m.billed, m.storeFailures, m.asked)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *Metrics) prefixed() prometheus.Registerer {
	return prometheus.WrapRegistererWithPrefix("pgy_mcp_", m.registry)
}

// Watch adds the gauges of the moment.
func (m *Metrics) Watch(d *upstream.Lookups) {
	if m == nil {
		return
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	m.prefixed().MustRegister(
		gauge("cache_entries", "Answers in memory.", func() float64 { return float64(d.Stats().Entries) }),
		gauge("lookups_in_flight", "Look-ups under way.", func() float64 { return float64(d.Stats().InFlight) }),
	)
	if _, limited := d.Left(); limited {
		m.prefixed().MustRegister(gauge("budget_left", "Upstream requests left in the 24-hour budget.", func() float64 {
			n, _ := d.Left()
			return float64(n)
		}))
	}
}

// Call notes a tool call that ended.
func (m *Metrics) Call(o tools.Outcome) {
	if m == nil {
		return
	}
	m.calls.WithLabelValues(o.Tool, o.Kind).Inc()
	m.took.WithLabelValues(o.Tool).Observe(o.Took.Seconds())
	m.hits.Add(float64(o.Cached))
	m.misses.Add(float64(o.Missed))
	m.stale.Add(float64(o.Stale))
}

// Upstream notes what the look-ups do.
func (m *Metrics) Upstream() upstream.Observer {
	if m == nil {
		return upstream.Observer{}
	}
	return upstream.Observer{
		Request: func(endpoint, outcome string, billed bool, took time.Duration) {
			m.requests.WithLabelValues(endpoint, outcome).Inc()
			m.asked.Observe(took.Seconds())
			if billed {
				m.billed.WithLabelValues(endpoint).Inc()
			}
		},
		StoreFailure: func(operation string) { m.storeFailures.WithLabelValues(operation).Inc() },
	}
}

// Handler serves them to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
