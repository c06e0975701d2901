package lang

import (
	"fmt"
	"strings"
)

// Language is the language of labels and sentences. Models read English; a person
// on the command line chooses. The zero value is English.
type Language string

// The languages.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// Say gives a text in the language. Arguments go into the text's verbs; an argument
// that is a T is said in the language too.
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
		said[i] = a
		if t, is := a.(T); is {
			said[i] = l.Say(t)
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
