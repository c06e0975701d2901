package config

import "testing"

func TestNearest(t *testing.T) {
	flags := []string{"budget", "rate", "cache-dir", "cache-ttl", "cache-size", "o", "addr", "log-level"}
	for misspelt, want := range map[string]string{
		"buget": "budget", "bugdet": "budget", "budgets": "budget", "cachedir": "cache-dir", "cache_dir": "cache-dir", "cache-tll": "cache-ttl", "adr": "addr", "rat": "rate", "loglevel": "log-level",
		"speed": "", "x": "", "": "", "port": "",
	} {
		if got := nearest(misspelt, flags); got != want {
			t.Errorf("nearest(%q) = %q, want %q", misspelt, got, want)
		}
	}
	if got := nearest("美食探点", []string{"美妆", "美食探店", "美食教程"}); got != "美食探店" {
		t.Errorf("nearest(美食探点) = %q, want 美食探店", got)
	}
}
