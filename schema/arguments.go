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

// Arguments are the arguments of one tool, whose input is a T. The published schema,
// Decode, the refusals and the command line's flags all come from this list. It may be
// used concurrently.
type Arguments[T any] struct {
	list  []argument[T]
	names []string
	check check[T]
}

// check judges all arguments together.
type check[T any] func(in *T, named naming) *Refusal

// naming turns an argument's JSON name into the name that the caller used: the JSON name
// or the flag.
type naming func(jsonName string) string

// newArguments lists the arguments of a tool.
func newArguments[T any](check check[T], list ...argument[T]) *Arguments[T] {
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = a.name
	}
	return &Arguments[T]{list, names, check}
}

// argument is one argument of a tool. Its maker is arg.
type argument[T any] struct {
	name string // in JSON
	flag string // on the command line, without the dash; "" where there is none
	property
	missing lang.T      // the refusal when a required argument is missing
	preset  func(in *T) // sets the default
	read    func(in *T, v json.RawMessage) *Refusal
}

// arg makes an argument. Models and -h show the description. member returns where the
// value goes. The argument is required if its type has a sentence for a missing value.
func arg[T, X any](name, flag, description string, typ argType[X], member func(*T) *X) argument[T] {
	typ.Description = description
	return argument[T]{
		name:     name,
		flag:     flag,
		property: typ.property,
		missing:  typ.missing,
		preset: func(in *T) {
			if typ.preset != nil {
				*member(in) = typ.preset()
			}
		},
		read: func(in *T, v json.RawMessage) *Refusal { return typ.read(v, member(in)) },
	}
}

func (a *argument[T]) isRequired() bool { return a.missing.En != "" }

// Decode reads the arguments of a call from a JSON object. An empty raw and null are an
// empty object. The error is a *Refusal.
func (l *Arguments[T]) Decode(raw json.RawMessage) (T, error) {
	var in T
	members, refusal := decodeMembers(raw, l.names)
	for i := range l.list {
		a := &l.list[i]
		a.preset(&in)
		if refusal != nil {
			continue
		}
		v, isThere := members[a.name]
		switch {
		case a.isRequired() && !isThere:
			refusal = refuse(a.missing).about(a.name)
		case a.isRequired(), isGiven(v, a.Enum):
			refusal = a.read(&in, v).about(a.name)
		}
	}
	if refusal == nil {
		refusal = l.check(&in, func(name string) string { return name })
	}
	return in, refusal.asError()
}

// setAside are members that workflow tools add to the arguments of every call. They are
// ignored.
var setAside = []string{"toolCallId", "sessionId", "action", "chatInput", "task_progress"}

// decodeMembers reads an object and refuses unknown members. It leaves out members that
// are null, because models send null for an argument that they do not give.
func decodeMembers(raw json.RawMessage, known []string) (map[string]json.RawMessage, *Refusal) {
	if raw = bytes.TrimSpace(raw); bytes.HasPrefix(raw, []byte(`"`)) {
		raw = json.RawMessage(Text(raw)) // some clients send JSON in a string
	}
	members, ok := Object(raw)
	if !ok {
		return nil, refuse(t("the arguments must be an object with %s", "参数必须是含有 %s 的对象"), List(known))
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if !slices.Contains(known, name) && !slices.Contains(setAside, name) {
			return nil, refuse(t(`unknown argument "%s": the arguments are %s`, "未知参数“%s”：可用的参数有 %s"), printable(name, 40), List(known))
		}
		if string(members[name]) == "null" {
			delete(members, name)
		}
	}
	return members, nil
}

// Flags defines a flag for each argument that has one, and sets in to the defaults.
// The flags write into in. An error's text is a Refusal without the argument's name: the
// flag package puts the flag and the value in front.
func (l *Arguments[T]) Flags(fs *flag.FlagSet, in *T) {
	for _, a := range l.list {
		a.preset(in)
		if a.flag == "" {
			continue
		}
		define := fs.Func
		if a.Type == "boolean" {
			define = fs.BoolFunc // -flag alone is true
		}
		define(a.flag, a.usage(), func(text string) error { return a.read(in, quoted(text)).asError() })
		if a.Default != nil {
			fs.Lookup(a.flag).DefValue = presetText(a.Default)
		}
	}
}

// CheckFlags checks the arguments together after the flags are parsed. The error is a
// *Refusal that names flags.
func (l *Arguments[T]) CheckFlags(in *T) error {
	return l.check(in, func(name string) string {
		i := slices.IndexFunc(l.list, func(a argument[T]) bool { return a.name == name })
		if l.list[i].flag == "" {
			return strings.ToUpper(name) // as the usage line has it: an argument behind the flags
		}
		return "-" + l.list[i].flag
	}).asError()
}

// usage is a flag's text in -h: the argument's description, and its values if the
// description does not name them all.
func (a *argument[T]) usage() string {
	text := strings.TrimSuffix(a.Description, ".")
	if first, size := utf8.DecodeRuneInString(text); size < len(text) && unicode.IsLower(rune(text[size])) {
		text = string(unicode.ToLower(first)) + text[size:]
	}
	values := a.values()
	if slices.ContainsFunc(values, func(v string) bool { return !strings.Contains(text, v) }) {
		text += ": " + List(values)
	}
	if a.Type == "array" {
		text += "; comma-separated"
	}
	return text
}

func presetText(preset any) string {
	if words, ok := preset.([]string); ok {
		return List(words)
	}
	return fmt.Sprint(preset)
}

// Schema is the JSON Schema of the arguments.
func (l *Arguments[T]) Schema() json.RawMessage {
	var properties [][]byte
	var required []string
	for _, a := range l.list {
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

// property is the JSON Schema of one argument. It uses only keywords that every model
// provider accepts.
type property struct {
	Items       *property `json:"items,omitempty"`
	Type        string    `json:"type"`
	Enum        []any     `json:"enum,omitempty"`
	MaxItems    int       `json:"maxItems,omitempty"`
	MinItems    int       `json:"minItems,omitempty"`
	Description string    `json:"description,omitempty"` // without <, > and &, which the encoder escapes
	Default     any       `json:"default,omitempty"`
}

// values lists what the argument, or an element of it, may be.
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

// encoded marshals a value that always marshals.
func encoded(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("schema: " + err.Error())
	}
	return b
}

// Descriptions of arguments that several tools have.
const (
	refreshWords    = "Ask the upstream again; paid."
	cachedOnlyWords = "Pay nothing: only cached answers, even expired."
)

// notBoth refuses refresh together with cachedOnly.
func notBoth(refresh, cachedOnly bool, named naming) *Refusal {
	if !refresh || !cachedOnly {
		return nil
	}
	return refuse(t(
		"%s and %s exclude each other: one pays for new figures, the other pays nothing; give one",
		"%s 与 %s 不能同时使用：前者付费获取新数据，后者不付费；请只给其中一个"),
		named("refresh"), named("cachedOnly"))
}
