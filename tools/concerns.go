package tools

import (
	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
)

// concerns are the caveats about the rows of a table, each one once with the names of
// those whom it is about.
type concerns struct {
	texts []string // in the order in which they came up
	names map[string][]string
}

func (c *concerns) add(l lang.Language, name string, caveats []schema.Caveat) {
	if c.names == nil {
		c.names = map[string][]string{}
	}
	for _, text := range render.Caveats(l, caveats) {
		if c.names[text] == nil {
			c.texts = append(c.texts, text)
		}
		c.names[text] = append(c.names[text], name)
	}
}

// lines are the caveats, then those about the table as a whole.
func (c *concerns) lines(l lang.Language, whole []schema.Caveat) []string {
	var out []string
	for _, text := range c.texts {
		out = append(out, render.About(l, text, c.names[text]))
	}
	return append(out, render.Caveats(l, whole)...)
}
