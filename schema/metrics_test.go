package schema

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestMetricValuesMarshalInOrder(t *testing.T) {
	for _, c := range []struct {
		values MetricValues
		want   string
	}{
		{nil, `{}`},
		{MetricValues{{metric("followerGrowth30d"), -1204}}, `{"followerGrowth30d":-1204}`},
		{MetricValues{{metric("liveSalesAverage90dCny"), 250310.5}, {metric("followerGrowthRate30dPercent"), -0.1}}, `{"liveSalesAverage90dCny":250310.5,"followerGrowthRate30dPercent":-0.1}`},
	} {
		if got, err := json.Marshal(c.values); err != nil || string(got) != c.want {
			t.Errorf("%s, %v; want %s", got, err, c.want)
		}
	}
	if b, err := json.Marshal(MetricValues{{&Metrics[0], math.NaN()}}); err == nil {
		t.Errorf("NaN is written as %s, want an error: it is no JSON number", b)
	}
}

func metric(name string) *Metric {
	return &Metrics[slices.IndexFunc(Metrics, func(m Metric) bool { return m.Name == name })]
}

// A summary without figures has no platformMetrics at all.
func TestNoMetricsNoMember(t *testing.T) {
	b := mustMarshal(t, Summary{})
	var m map[string]any
	if err := json.Unmarshal([]byte(b), &m); err != nil {
		t.Fatalf("a summary is %.300s: %v, want JSON", b, err)
	}
	if _, ok := m["platformMetrics"]; ok {
		t.Errorf("%s, want it without platformMetrics", b)
	}
}

func TestMetricsAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Metrics {
		for _, s := range []string{"name " + m.Name, "upstream " + m.Upstream, "English label " + m.Label.En, "Chinese label " + m.Label.Zh} {
			if seen[s] {
				t.Errorf("%s is there twice, want it once", s)
			}
			seen[s] = true
		}
		if slices.Contains([]string{m.Name, m.Upstream, m.Label.En, m.Label.Zh, m.Meaning}, "") {
			t.Errorf("%+v, want no empty name, upstream member, label or meaning", m)
		}
	}
}

// Costs and shares have the bounds of what they are, whatever endpoint gives them.
func TestScalesOfMetrics(t *testing.T) {
	for _, m := range Metrics {
		cost := strings.Contains(m.Name, "CnyPer") || strings.HasPrefix(m.Name, "cnyPer") || strings.HasSuffix(m.Name, "CpmCny")
		share := strings.Contains(m.Name, "Percent")
		want := Positive
		switch {
		case m.Name == "followerGrowth30d":
			want = Change
		case m.Name == FollowerGrowthRate:
			want = ChangePercent
		case share:
			want = Percent
		case cost:
			want = Cost
		}
		if m.Scale != want {
			t.Errorf("%s: the scale is %q, want %q", m.Name, m.Scale, want)
		}
	}
}
