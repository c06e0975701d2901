package tools

import (
	"slices"

	"pgy-mcp/upstream"
)

// allFailed makes one failure of all that a call has, where nothing else came.
// lines has one for each, with its name; what is the word for them together.
func allFailed(failures []failure, lines []string, what string, billed int) failure {
	f := failures[decisive(failures)]
	l := f.language
	if len(failures) > 1 {
		f.sentence = l.say("None of the %d %s could be looked up. One of them: %s", len(failures), l.say(what), f.sentence)
	}
	for _, line := range lines {
		f.next += "\n- " + line
	}
	allPending := !slices.ContainsFunc(failures, func(f failure) bool { return f.kind != pending })
	if f.kind == pending && !allPending {
		f.retryable += " as far as they are pending"
	}
	switch {
	case billed > 0:
		f.billed = l.say("yes, %d of %d", billed, len(failures))
		if f.kind == pending {
			f.billed += "; the pending ones not yet"
		}
	case slices.ContainsFunc(failures, func(f failure) bool { return f.billed == l.say(string(upstream.UnknownBilling)) }):
		f.billed = l.say(string(upstream.UnknownBilling))
	}
	return f
}

// decisive picks the failure that says what to do next: one that is pending
// will be charged and comes without a further charge; after it one that is
// worth another try.
func decisive(failures []failure) int {
	i := slices.IndexFunc(failures, func(f failure) bool { return f.kind == pending })
	if i < 0 {
		i = slices.IndexFunc(failures, func(f failure) bool { return f.kind.Retryable() })
	}
	return max(i, 0)
}
