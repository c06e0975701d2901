// Package lang says texts in English or Chinese.
package lang

import (
	"fmt"
	"strings"
)

// T is one text in both languages. A text may hold verbs of package fmt.
type T struct{ En, Zh string }

// Language is the language of labels and sentences. Models read English; a person
// on the command line chooses. The zero value is English.
type Language string

// The languages.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// Say gives a text in the language. Arguments go into the text's verbs: a T is said in
// the language, an int64 and a float64 are written for a reader (their verb is %s).
func (l Language) Say(t T, args ...any) string {
	text := t.En
	if l == Chinese {
		text = t.Zh
	}
	if len(args) == 0 {
		return text
	}
	said := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case T:
			said[i] = l.Say(a)
		case int64:
			said[i] = Whole(a)
		case float64:
			said[i] = Number(a)
		default:
			said[i] = a
		}
	}
	return fmt.Sprintf(text, said...)
}

// What stands between the parts of a line.
var (
	Colon     = T{En: ": ", Zh: "："}
	Comma     = T{En: ", ", Zh: "，"}
	Semicolon = T{En: "; ", Zh: "；"}

	listComma = T{En: ", ", Zh: "、"}
	fullStop  = T{En: ".", Zh: "。"}
)

// List joins the words of a list.
func (l Language) List(words []string) string { return strings.Join(words, l.Say(listComma)) }

// Sentence ends a text with a full stop.
func (l Language) Sentence(s string) string {
	stop := l.Say(fullStop)
	if !strings.HasSuffix(s, stop) {
		s += stop
	}
	return s
}
