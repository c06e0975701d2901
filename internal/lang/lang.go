// Package lang says texts in English or Chinese.
package lang

// T is one text in both languages. A text may hold verbs of package fmt.
type T struct{ En, Zh string }
