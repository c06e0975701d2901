package tools

import (
	"fmt"
	"slices"
	"strings"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// Language is what labels and sentences are written in. Agents get English; a
// person on the command line chooses. The zero value is English.
type Language string

// The languages.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// say gives an English text in the language. Arguments go into its verbs, of
// which a translation has the same ones in the same order.
func (l Language) say(text string, args ...any) string {
	if l == Chinese {
		text = translated(text)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// sayText gives a text in the language; an argument that is a text is said in it too.
func (l Language) sayText(t lang.T, args ...any) string {
	text := t.En
	if l == Chinese {
		text = t.Zh
	}
	said := slices.Clone(args)
	for i, a := range args {
		if t, ok := a.(lang.T); ok {
			said[i] = l.sayText(t)
		}
	}
	return fmt.Sprintf(text, said...)
}

// catalogues are the Chinese for all texts.
var catalogues = []map[string]string{labels, sentences, details}

// translated is the Chinese for an English text, which is what remains without
// one.
func translated(english string) string {
	for _, c := range catalogues {
		if chinese, ok := c[english]; ok {
			return chinese
		}
	}
	return english
}

// list puts words into one line.
func (l Language) list(words []string) string {
	separator := ", "
	if l == Chinese {
		separator = "、"
	}
	return strings.Join(words, separator)
}

// fact is a line with its label in the language.
func (l Language) fact(label, value string) Fact { return Fact{l.say(label), value} }

// sentence ends a text with a full stop.
func (l Language) sentence(s string) string {
	stop := "."
	if l == Chinese {
		stop = "。"
	}
	if !strings.HasSuffix(s, stop) {
		s += stop
	}
	return s
}

// section names a section in a line; in English that is the member's name.
func (l Language) section(s schema.Section) string {
	if l == Chinese {
		return sections[s]
	}
	return string(s)
}
