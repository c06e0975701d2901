package schema

import (
	"slices"
	"testing"

	"pgy-mcp/internal/lang"
)

// The flags are fixed words, which rows have in English, each once and in the order of
// the caveats.
func TestFlagsOfCaveats(t *testing.T) {
	var words []string
	for _, k := range CaveatKinds {
		if k.Flag != (lang.T{}) {
			words = append(words, k.Flag.En)
		}
	}
	want := []string{"low-active", "abnormal health", "ordinary health", "followers disagree", "few sponsored notes", "stale", "from search", "from a note", "sample", "no counts", "still young"}
	if !slices.Equal(words, want) {
		t.Errorf("the flags: got %q, want %q", words, want)
	}
	for _, c := range []struct {
		caveats []Caveat
		want    []string
	}{
		{nil, nil},
		{[]Caveat{NotOnboarded.With(), PlaceholderQuote.With("video")}, nil},
		{[]Caveat{StaleRow.With("x"), LowActive.With(), StaleRow.With("y")}, []string{"stale", "low-active"}},
	} {
		if got := Flags(c.caveats); !slices.Equal(got, c.want) {
			t.Errorf("Flags(%+v): got %q, want %q", c.caveats, got, c.want)
		}
	}
	if got, want := flagWord("stale"), (lang.T{En: "stale", Zh: "数据过期"}); got != want {
		t.Errorf("FlagWord(stale): got %+v, want %+v", got, want)
	}
}

// The sort keys are the contract's, in its order.
func TestSortKeys(t *testing.T) {
	want := "cnyPerEngagement, cnyPerRead, cnyPerThousandFollowers, cnyPerSponsoredEngagement, cnyPerSponsoredRead, cnyPerFormatEngagement, cnyPerFormatRead, priceCny, followers, followerGrowthRate30dPercent, readMedian, engagementMedian, engagementToReadRatio, sponsoredReadMedian30d, platformCpmCny, platformCnyPerEngagement, platformCnyPerRead"
	if got := List(SortKeys); got != want {
		t.Errorf("the sort keys: got %s, want %s", got, want)
	}
}
