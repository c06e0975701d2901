package schema

import "pgy-mcp/internal/lang"

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
func (r *Refusal) Error() string { return r.In(lang.English) }

// In gives the sentence in a language.
func (r *Refusal) In(l lang.Language) string {
	sentence := l.Say(r.Text, r.Args...)
	if r.Subject == "" {
		return sentence
	}
	return r.Subject + " " + sentence
}

// asError is nil for no refusal, also as an interface.
func (r *Refusal) asError() error {
	if r == nil {
		return nil
	}
	return r
}
