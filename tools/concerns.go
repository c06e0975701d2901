package tools

import (
	"cmp"
	"strings"
	"time"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// flagsOf returns the flags of a row's caveats, and sample.
func flagsOf(caveats []schema.Caveat, source string) []string {
	flags := schema.Flags(caveats)
	if source == upstream.SampleName {
		flags = append(flags, schema.RecordedSamples.Flag.En)
	}
	return flags
}

// fetched returns when an answer was fetched, in RFC 3339, and extends oldest and newest.
func fetched(a upstream.Answer, oldest, newest *string) string {
	at := a.FetchedAt.UTC().Format(time.RFC3339)
	*oldest, *newest = min(cmp.Or(*oldest, at), at), max(*newest, at)
	return at
}

// concerns collects the caveats about the rows of a table: each one once, with the names
// of its rows.
type concerns struct {
	texts []string // in the order of add
	names map[string][]string
	// Follower counts that disagree differ from row to row. Those of several rows are one
	// caveat, which stands where the first one would: disagree is that one's text.
	disagree string
	counts   []string // with the name of their row
}

func (c *concerns) add(l lang.Language, name string, caveats []schema.Caveat) {
	if c.names == nil {
		c.names = map[string][]string{}
	}
	for i, text := range render.Caveats(l, caveats) {
		if caveats[i].Kind == schema.FollowersDisagree {
			c.counts = append(c.counts, render.TwoCounts(l, name, caveats[i].Args...))
			if len(c.counts) > 1 {
				continue
			}
			c.disagree = text
		}
		if c.names[text] == nil {
			c.texts = append(c.texts, text)
		}
		c.names[text] = append(c.names[text], name)
	}
}

// lines returns the caveats of rows with their names, then those about the whole table.
func (c *concerns) lines(l lang.Language, overall []schema.Caveat) []string {
	var out []string
	for _, text := range c.texts {
		if text == c.disagree && len(c.counts) > 1 {
			all := schema.SeveralDisagree.With(strings.Join(c.counts, l.Say(lang.Semicolon)))
			out = append(out, render.Caveats(l, []schema.Caveat{all})...)
			continue
		}
		out = append(out, render.WithNames(l, text, c.names[text]))
	}
	return append(out, render.Caveats(l, overall)...)
}
