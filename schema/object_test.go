package schema

import (
	"encoding/json"
	"reflect"
	"testing"
)

var objects = []string{
	`{}`, ` { } `, `{"a":1}`, `{"a" : 1 , "b":[1,{"c":"]}"}],"d":{"e":"\\"}}`, "{\n\t\"a\":\r\n\"b\"\n}",
	`{"id":1,"ID":2}`, `{"a":1,"a":2}`, `{"\u0061\"\\":"\"","b":-1.5e+3,"c":true,"d":null,"":""}`, `{"a":{},"b":[],"c":""}`,
	"{\"\xff\":1}", `{"\ud800":1}`,
}

func TestObject(t *testing.T) {
	for _, in := range objects {
		sameAsUnmarshal(t, in)
	}
	for _, in := range []string{"", " ", "null", "[]", "[ ]", " [\n] "} {
		if got, ok := Object(json.RawMessage(in)); len(got) != 0 || !ok {
			t.Errorf("%q: %q, %v; want an empty object", in, got, ok)
		}
	}
	for _, in := range []string{"1", `"{}"`, "[1]", "true", "{", "[", "[}", `{"a"}`, `{"a":1}}`, "nul"} {
		if got, ok := Object(json.RawMessage(in)); ok {
			t.Errorf("%q: got %q, want none", in, got)
		}
	}
}

// sameAsUnmarshal compares with what the standard library reads.
func sameAsUnmarshal(t *testing.T, in string) {
	t.Helper()
	var want map[string]json.RawMessage
	wantOK := json.Unmarshal([]byte(in), &want) == nil && want != nil
	got, ok := Object(json.RawMessage(in))
	if wantOK && (!ok || !reflect.DeepEqual(got, want)) {
		t.Errorf("%q: got %q, %v; want %q", in, got, ok, want)
	}
	if !wantOK && got != nil {
		t.Errorf("%q: got %q, want none", in, got)
	}
}

func FuzzObject(f *testing.F) {
	for _, in := range objects {
		f.Add(in)
	}
	f.Fuzz(sameAsUnmarshal)
}
