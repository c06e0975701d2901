package schema

import (
	"fmt"

	"pgy-mcp/internal/lang"
)

// Refusal is the error for what a caller gave: a sentence in both languages, safe
// to show.
type Refusal struct {
	Subject string // the argument's name, with which the sentence begins; may be empty
	Text    lang.T
	Args    []any // for the verbs of Text; an argument may be a lang.T
}

func refuse(text lang.T, args ...any) *Refusal { return &Refusal{Text: text, Args: args} }

// of is the refusal as one of the named argument.
func (r *Refusal) of(subject string) *Refusal {
	if r == nil {
		return nil
	}
	named := *r
	named.Subject = subject
	return &named
}

// Error implements error, in English.
func (r *Refusal) Error() string { return r.In(english) }

// In gives the sentence in the language of say, which puts arguments into a text.
func (r *Refusal) In(say func(lang.T, ...any) string) string {
	sentence := say(r.Text, r.Args...)
	if r.Subject == "" {
		return sentence
	}
	return r.Subject + " " + sentence
}

func english(t lang.T, args ...any) string {
	said := make([]any, len(args))
	for i, a := range args {
		said[i] = a
		if t, ok := a.(lang.T); ok {
			said[i] = t.En
		}
	}
	return fmt.Sprintf(t.En, said...)
}

// asError is nil for no refusal, also as an interface.
func (r *Refusal) asError() error {
	if r == nil {
		return nil
	}
	return r
}
