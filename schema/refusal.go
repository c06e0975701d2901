package schema

import "pgy-mcp/internal/lang"

// Refusal is the error for a caller's wrong input: a sentence in both languages that is
// safe to show.
type Refusal struct {
	Subject string // the argument that the sentence is about; may be empty
	Text    lang.T // the rest of the sentence, with verbs of package fmt
	Args    []any  // of Text's verbs, as lang.Language.Say takes them
}

func refuse(text lang.T, args ...any) *Refusal { return &Refusal{Text: text, Args: args} }

// about returns the refusal with a subject; nil stays nil.
func (r *Refusal) about(subject string) *Refusal {
	if r == nil {
		return nil
	}
	named := *r
	named.Subject = subject
	return &named
}

// Error implements error, in English.
func (r *Refusal) Error() string { return r.In(lang.English) }

// In returns the sentence in a language.
func (r *Refusal) In(l lang.Language) string {
	sentence := l.Say(r.Text, r.Args...)
	if r.Subject == "" {
		return sentence
	}
	return r.Subject + " " + sentence
}

// asError returns a nil error for a nil refusal.
func (r *Refusal) asError() error {
	if r == nil {
		return nil
	}
	return r
}
