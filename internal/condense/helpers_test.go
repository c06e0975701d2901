package condense

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
)

const (
	// documented is the blogger of the vendor's own example.
	documented = "659902c1000000002200361b"
	// full is the sample blogger of whom there are all sections, and a profile with
	// all members.
	full = "5a3e1e000000000000000004"
)

// sampleData is testkit.SampleData as a text.
func sampleData(t testing.TB, name string) string {
	t.Helper()
	return string(testkit.SampleData(t, name))
}

// sectionData is the data object of a recorded answer of a section.
func sectionData(t testing.TB, userID string, section schema.Section) string {
	t.Helper()
	return sampleData(t, userID+"/"+string(section))
}

// encode spells a value as JSON.
func encode(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("marshalling %+v: got %v, want JSON", v, err)
	}
	return string(b)
}

// members takes a value's JSON apart: a member that the JSON does not have is no key.
func members(t testing.TB, v any) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(encode(t, v)))
	d.UseNumber() // a figure keeps its spelling
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		t.Fatalf("the JSON of %+v: got %v, want an object", v, err)
	}
	return m
}

// summaryOf gives the published form of a profile's summary, with its caveats as
// spelled has them.
func summaryOf(t testing.TB, data string) map[string]any {
	t.Helper()
	s, caveats := Profile(json.RawMessage(data), Terms{})
	m := members(t, s)
	m["caveats"] = spelled(caveats)
	return m
}

// show spells a member as JSON; "absent" where there is none.
func show(m map[string]any, path string) string {
	var v any = m
	for key := range strings.SplitSeq(path, ".") {
		o, _ := v.(map[string]any)
		var ok bool
		if v, ok = o[key]; !ok {
			return "absent"
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// spelled names caveats by the texts of their kinds, and adds the arguments.
func spelled(caveats []schema.Caveat) []any {
	out := make([]any, len(caveats))
	for i, c := range caveats {
		out[i] = fmt.Sprintf("%q %+v", c.Kind.Text.En, c.Args)
	}
	return out
}

// sameCaveats wants the caveats of a call to be of these kinds, with these arguments
// and in this order.
func sameCaveats(t testing.TB, call string, got []schema.Caveat, want ...schema.Caveat) {
	t.Helper()
	same := len(got) == len(want)
	for i := range min(len(got), len(want)) {
		same = same && got[i].Kind == want[i].Kind && (len(got[i].Args)+len(want[i].Args) == 0 || reflect.DeepEqual(got[i].Args, want[i].Args))
	}
	if !same {
		t.Errorf("%s: got the caveats %v, want %v", call, spelled(got), spelled(want))
	}
	checkArguments(t, call, got)
}

// checkArguments wants the arguments of caveats to fit the verbs of their sentences, in
// both languages.
func checkArguments(t testing.TB, call string, caveats []schema.Caveat) {
	t.Helper()
	for _, c := range caveats {
		for _, a := range c.Args {
			if text, is := a.(lang.T); is && (text.En == "" || text.Zh == "") {
				t.Errorf("%s: got a caveat with the argument %+v, want a text in both languages", call, text)
			}
		}
		for _, l := range []lang.Language{lang.English, lang.Chinese} {
			if said := l.Say(c.Kind.Text, c.Args...); strings.Contains(said, "%!") {
				t.Errorf("%s: got a caveat with the arguments %+v, which is said as %q, want arguments that fit its verbs", call, c.Args, said)
			}
		}
	}
}
