package schema

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pgy-mcp/internal/lang"
)

// Table is the arguments of one tool, whose input is a T. The published schema, the
// strict reading of a caller's JSON, the messages and the command line's flags all
// come from its rows. A Table may be used concurrently.
type Table[T any] struct {
	rows  []Argument[T]
	check check[T]

	offered []Argument[T] // the rows that the program obeys
	names   []string      // theirs
}

// check judges arguments together; name says how the caller calls an argument.
type check[T any] func(in *T, name func(string) string) *Refusal

// newTable makes a table; judge may be nil.
func newTable[T any](judge check[T], rows ...Argument[T]) *Table[T] {
	t := &Table[T]{rows: rows, check: judge}
	for _, a := range rows {
		if !a.isPrepared {
			t.offered, t.names = append(t.offered, a), append(t.names, a.name)
		}
	}
	return t
}

// Argument is one row of a Table. Make it with row.
type Argument[T any] struct {
	name string // in JSON
	flag string // on the command line, without the dash; "" where there is none
	property
	missing lang.T // the sentence where a required argument is not given
	preset  func(in *T)
	read    func(in *T, v json.RawMessage) *Refusal
	// isPrepared is an argument that the program cannot obey yet: it is not
	// published, not read and no flag.
	isPrepared bool
}

// row makes an argument of its names, of words for models and for -h, of its type,
// and of the member of T that it is read into. It is required where the type has a
// sentence for a missing value.
func row[T, X any](name, flag, words string, k kind[X], member func(*T) *X) Argument[T] {
	k.Description = words
	return Argument[T]{
		name:     name,
		flag:     flag,
		property: k.property,
		missing:  k.missing,
		preset: func(in *T) {
			if k.preset != nil {
				*member(in) = k.preset()
			}
		},
		read: func(in *T, v json.RawMessage) *Refusal { return k.read(v, member(in)) },
	}
}

// prepared marks an argument that the program cannot obey yet. Without the mark it
// is offered.
func prepared[T any](a Argument[T]) Argument[T] {
	a.isPrepared = true
	return a
}

func (a *Argument[T]) isRequired() bool { return a.missing.En != "" }

// Decode reads the arguments of a call. No raw and null are no arguments at all. The
// error is a *Refusal.
func (t *Table[T]) Decode(raw json.RawMessage) (T, error) {
	var in T
	members, refusal := decodeMembers(raw, t.names)
	for i := range t.offered {
		a := &t.offered[i]
		a.preset(&in)
		if refusal != nil {
			continue
		}
		v, isThere := members[a.name]
		switch {
		case a.isRequired() && !isThere:
			refusal = refuse(a.missing).of(a.name)
		case a.isRequired(), isGiven(v, a.Enum):
			refusal = a.read(&in, v).of(a.name)
		}
	}
	if refusal == nil && t.check != nil {
		refusal = t.check(&in, func(name string) string { return name })
	}
	return in, refusal.asError()
}

// decodeMembers takes an object apart and refuses members that are not known.
// Members that are null count as not given, as models write them so.
func decodeMembers(raw json.RawMessage, known []string) (map[string]json.RawMessage, *Refusal) {
	if raw = bytes.TrimSpace(raw); bytes.HasPrefix(raw, []byte(`"`)) {
		raw = json.RawMessage(Text(raw)) // some clients send JSON in a string
	}
	members, ok := Object(raw)
	if !ok {
		return nil, refuse(lang.T{En: "the arguments must be an object with %s", Zh: "参数必须是含有 %s 的对象"}, List(known))
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(known, name) && !slices.Contains(setAside, name) {
			return nil, refuse(lang.T{En: `unknown argument "%s": the arguments are %s`, Zh: "未知参数“%s”：可用的参数有 %s"}, printable(name, 40), List(known))
		}
		if string(members[name]) == "null" {
			delete(members, name)
		}
	}
	return members, nil
}

// Flags defines a flag for each argument that has one, and gives in the defaults.
// The flag package puts the flag and the value before an error.
func (t *Table[T]) Flags(fs *flag.FlagSet, in *T) {
	for _, a := range t.offered {
		a.preset(in)
		if a.flag == "" {
			continue
		}
		define := fs.Func
		if a.Type == "boolean" {
			define = fs.BoolFunc // such a flag may be without a value
		}
		define(a.flag, a.usage(), func(text string) error { return a.read(in, quoted(text)).asError() })
		if a.Default != nil {
			fs.Lookup(a.flag).DefValue = presetText(a.Default)
		}
	}
}

// CheckFlags judges together what flags gave. The error names flags.
func (t *Table[T]) CheckFlags(in *T) error {
	if t.check == nil {
		return nil
	}
	return t.check(in, func(name string) string {
		i := slices.IndexFunc(t.rows, func(a Argument[T]) bool { return a.name == name })
		if t.rows[i].flag == "" {
			return strings.ToUpper(name) // it stands behind the flags
		}
		return "-" + t.rows[i].flag
	}).asError()
}

// usage is what -h says of a flag: the argument's words and the values that they
// leave out.
func (a *Argument[T]) usage() string {
	words := strings.TrimSuffix(a.Description, ".")
	if first, size := utf8.DecodeRuneInString(words); size < len(words) && unicode.IsLower(rune(words[size])) {
		words = string(unicode.ToLower(first)) + words[size:]
	}
	values := a.values()
	if slices.ContainsFunc(values, func(v string) bool { return !strings.Contains(words, v) }) {
		words += ": " + List(values)
	}
	if a.Type == "array" {
		words += "; comma-separated"
	}
	return words
}

func presetText(preset any) string {
	if words, ok := preset.([]string); ok {
		return List(words)
	}
	return fmt.Sprint(preset)
}

// Schema is the JSON Schema of the arguments.
func (t *Table[T]) Schema() json.RawMessage {
	var properties [][]byte
	var required []string
	for _, a := range t.offered {
		properties = append(properties, slices.Concat(quoted(a.name), []byte(":"), encoded(a.property)))
		if a.isRequired() {
			required = append(required, a.name)
		}
	}
	s := slices.Concat([]byte(`{"properties":{`), bytes.Join(properties, []byte(",")), []byte(`},"additionalProperties":false,"type":"object"`))
	if required != nil {
		s = slices.Concat(s, []byte(`,"required":`), encoded(required))
	}
	return append(s, '}')
}

// property is the schema of one argument, in what every model provider takes.
type property struct {
	Items       *property `json:"items,omitempty"`
	Type        string    `json:"type"`
	Enum        []any     `json:"enum,omitempty"`
	MaxItems    int       `json:"maxItems,omitempty"`
	MinItems    int       `json:"minItems,omitempty"`
	Description string    `json:"description,omitempty"` // without <, > and &, which encoders spell as six characters
	Default     any       `json:"default,omitempty"`
}

// values are the words or numbers that an argument or its elements can be.
func (p *property) values() []string {
	enum := p.Enum
	if p.Items != nil {
		enum = p.Items.Enum
	}
	out := make([]string, len(enum))
	for i, v := range enum {
		out[i] = fmt.Sprint(v)
	}
	return out
}

func quoted(s string) json.RawMessage { return encoded(s) }

// encoded is a value of this package as JSON, which it always can be.
func encoded(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("schema: " + err.Error())
	}
	return b
}
