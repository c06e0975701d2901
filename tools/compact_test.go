package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

var compactCases = []struct{ in, want string }{
	{`{}`, `{}`},
	{`{"a":null}`, `{}`},
	{`{"a":null,"b":{},"c":[]}`, `{}`},
	{`{"a":1,"b":null,"c":2}`, `{"a":1,"c":2}`},
	{`{"a":null,"b":1}`, `{"b":1}`},
	{`{"a":1,"b":null}`, `{"a":1}`},
	{`{"a":"","b":0,"c":false,"d":-1}`, `{"a":"","b":0,"c":false,"d":-1}`},
	{`{"a":{"b":null}}`, `{}`},
	{`{"a":{"b":{"c":[],"d":{}}}}`, `{}`},
	{`{"a":{"b":null,"c":1},"d":2}`, `{"a":{"c":1},"d":2}`},
	// Elements of lists stay, so that positions keep their meaning.
	{`{"a":[null]}`, `{"a":[null]}`},
	{`{"a":[{},[],null,0,""]}`, `{"a":[{},[],null,0,""]}`},
	{`{"a":[{"b":null}]}`, `{"a":[{}]}`},
	{`{"a":[{"b":null,"c":1},[{"d":[]}]]}`, `{"a":[{"c":1},[{}]]}`},
	{`{"a":[[]]}`, `{"a":[[]]}`},
	// Strings that look like structure.
	{`{"a":"null","b":"{}","c":"[]"}`, `{"a":"null","b":"{}","c":"[]"}`},
	{`{"a":"}{][,:\"null","b":"\\","c":"\\\""}`, `{"a":"}{][,:\"null","b":"\\","c":"\\\""}`},
	{`{"}\"":null,"{":1}`, `{"{":1}`},
	{`{"\\":null,"\\\"":{"x":null},"y\\":1}`, `{"y\\":1}`},
	{`{"a":"\u00e9\u4e2d\/ <&>","b":"é中/"}`, `{"a":"\u00e9\u4e2d\/ <&>","b":"é中/"}`},
	{`{"null":null,"{}":[],"":{}}`, `{}`},
	{`{"":0}`, `{"":0}`},
	// Numbers keep their spelling.
	{`{"a":1.0,"b":1e5,"c":9007199254740993,"d":-0,"e":1E+2,"f":0.10}`, `{"a":1.0,"b":1e5,"c":9007199254740993,"d":-0,"e":1E+2,"f":0.10}`},
	// A member named twice, and members that differ in case alone, are several.
	{`{"a":1,"a":null,"a":2}`, `{"a":1,"a":2}`},
	{`{"mEngagementNum":746,"mengagementNum":null,"MENGAGEMENTNUM":[]}`, `{"mEngagementNum":746}`},
	{`{"mEngagementNum":null,"mengagementNum":746}`, `{"mengagementNum":746}`},
	{" {\n\t\"a\" : { \"b\" : [ ] } ,\r\n \"c d\" : [ 1 , null ] } \n", `{"c d":[1,null]}`},
	{`{"a":true,"b":false,"c":null}`, `{"a":true,"b":false}`},
	// 0 in the platform's figures is not filled, however it is spelled.
	{`{"readMidCoop30":0,"fans30GrowthNum":-0,"fans30GrowthRate":0.0,"kliveCnt30d":0e5,"avgAgmv90d":-0.00E-2,"userId":"x"}`, `{"userId":"x"}`},
	{`{"pictureReadCost":"0.00","videoReadCost":"0","videoFinishRate":" 0.0 ","estimateVideoCpm":"-0e1"}`, `{}`},
	{`{"mcpuvNum30d":0,"mCpuvNum30d":0,"estimateVideoCpmCompare":0.0,"sellerRealIncomeAmt90d":"0"}`, `{}`},
	{`{"a":1,"readMidCoop30":0,"b":2}`, `{"a":1,"b":2}`},
	{`{"readMidCoop30":0,"readMidCoop30":5,"readMidCoop30":null}`, `{"readMidCoop30":5}`},
	// What is another number, no number, or one of another member stays.
	{`{"readMidCoop30":0.01,"videoReadCost":"0.003","kliveCnt30d":-1,"avgAgmv90d":1e-400,"estimateVideoCpm":10}`,
		`{"readMidCoop30":0.01,"videoReadCost":"0.003","kliveCnt30d":-1,"avgAgmv90d":1e-400,"estimateVideoCpm":10}`},
	{`{"videoFinishRate":"0%","videoReadCost":"","pictureReadCost":"-","kliveCnt30d":false,"readMidCoop30":"00","avgAgmv90d":"暂无","estimateVideoCpm":[0]}`,
		`{"videoFinishRate":"0%","videoReadCost":"","pictureReadCost":"-","kliveCnt30d":false,"readMidCoop30":"00","avgAgmv90d":"暂无","estimateVideoCpm":[0]}`},
	{`{"businessNoteCount":0,"pictureState":0,"clickMidNum":0,"lowerPrice":0.0,"readmidcoop30":0,"READMIDCOOP30":"0"}`,
		`{"businessNoteCount":0,"pictureState":0,"clickMidNum":0,"lowerPrice":0.0,"readmidcoop30":0,"READMIDCOOP30":"0"}`},
	{`{"a":1e999,"b":[-1E+999],"c":0.10}`, `{"a":1e999,"b":[-1E+999],"c":0.10}`}, // beyond a float64
	{`{"a":{"readMidCoop30":0},"b":[{"videoReadCost":"0"}]}`, `{"a":{"readMidCoop30":0},"b":[{"videoReadCost":"0"}]}`},
}

// The field guide's list, member by member: nothing is left out by accident.
func TestCompactLeavesOutUnfilledFigures(t *testing.T) {
	keys := slices.Clone(schema.Unfilled)
	for _, m := range schema.Metrics {
		keys = append(keys, m.Upstream)
	}
	if want := len(schema.Metrics) + 12; len(unfilled) != want {
		t.Errorf("%d members, want %d, each once", len(unfilled), want)
	}
	for _, key := range keys {
		for value, want := range map[string]string{`0`: `{}`, `"0.00"`: `{}`, `7`: `{"` + key + `":7}`} {
			if got := string(compact(json.RawMessage(`{"`+key+`":`+value+`}`), unfilled)); got != want {
				t.Errorf("%s: %s: got %s, want %s", key, value, got, want)
			}
		}
	}
}

func TestCompact(t *testing.T) {
	for _, c := range compactCases {
		got := string(compact(json.RawMessage(c.in), unfilled))
		if got != c.want {
			t.Errorf("compact(%s)\n got %s\nwant %s", c.in, got, c.want)
		}
		checkCompact(t, c.in)
	}
}

func TestCompactOfTheSamples(t *testing.T) {
	for _, id := range sampleIDs(t) {
		checkCompact(t, string(sampleData(t, id)))
	}
}

func TestCompactOfDeepNesting(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 2000) + "null" + strings.Repeat("}", 2000)
	if got := string(compact(json.RawMessage(deep), unfilled)); got != "{}" {
		t.Errorf("deep nesting becomes %.80s, want {}", got)
	}
	checkCompact(t, strings.Repeat(`{"a":[`, 2000)+`{"b":{}}`+strings.Repeat("]}", 2000))
}

func TestCompactOfWhatIsNoJSON(t *testing.T) {
	for _, in := range []string{``, `{`, `{"a":}`, `{"a":1}}`, `nul`} {
		if got := string(compact(json.RawMessage(in), unfilled)); got != "{}" {
			t.Errorf("compact(%q) = %q, want {}", in, got)
		}
	}
}

// checkCompact holds compact to its promises for a valid JSON text.
func checkCompact(t *testing.T, in string) {
	t.Helper()
	got := compact(json.RawMessage(in), unfilled)
	if !json.Valid(got) {
		t.Errorf("compact(%.200q) is %.200q, want JSON", in, got)
	}
	if again := compact(got, unfilled); !bytes.Equal(again, got) {
		t.Errorf("compact(%.200q) again is %.200q, want %.200q as before", in, again, got)
	}
	if want := slowCompact(t, in); string(got) != want {
		t.Errorf("compact(%.200q)\n got %.200q\nwant %.200q", in, got, want)
	}
}

var zero = regexp.MustCompile(`^\s*-?0(\.0+)?([eE][-+]?[0-9]+)?\s*$`)

// slowCompact does the same by encoding/json's tokens. It goes by the offsets,
// as a decoded token no longer knows how it was spelled.
func slowCompact(t *testing.T, in string) string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(in))
	d.UseNumber()
	token := func() string {
		before := d.InputOffset()
		if _, err := d.Token(); err != nil {
			t.Fatalf("%.200q: reading a token ends with %v, want one", in, err)
		}
		return strings.TrimLeft(in[before:d.InputOffset()], " \t\r\n,:")
	}
	depth := 0
	var value func() string
	value = func() string {
		depth++
		defer func() { depth-- }()
		first := token()
		if first != "{" && first != "[" {
			return first
		}
		var parts []string
		for d.More() {
			key := ""
			if first == "{" {
				key = token() + ":"
			}
			v := value()
			if first == "{" && (v == "null" || v == "{}" || v == "[]") {
				continue
			}
			if depth == 1 && first == "{" && unfilled[key[1:len(key)-2]] {
				var text string
				if json.Unmarshal([]byte(v), &text) != nil {
					text = v
				}
				if zero.MatchString(text) {
					continue
				}
			}
			parts = append(parts, key+v)
		}
		return first + strings.Join(parts, ",") + token()
	}
	return value()
}

// What the upstream sends may be pretty-printed: raw full is still byte for
// byte, and the structured copy is on one line, as stdio frames by lines.
func TestRawModes(t *testing.T) {
	const data = "{\r\n  \"userId\" : \"" + documented + "\",\n\t\"big\": 9007199254740993, \"html\": \"<a&b>\", \"esc\": \"\\u4e2d\\/\",\n  \"none\": null,\n  \"list\": [ ],  \"half\": 1.50 }"
	const OneLine = `{"userId":"` + documented + `","big":9007199254740993,"html":"<a&b>","esc":"\u4e2d\/","none":null,"list":[],"half":1.50}`
	const compacted = `{"userId":"` + documented + `","big":9007199254740993,"html":"<a&b>","esc":"\u4e2d\/","half":1.50}`
	synctest.Test(t, func(t *testing.T) {
		b, close := newBench(setup{fetcher: fetcher(func(_ context.Context, id string) (*upstream.Response, error) {
			return billedProfile(id, data), nil
		})})
		defer close()
		for _, c := range []struct{ mode, text, structured string }{
			{"compact", compacted, compacted},
			{"full", data, OneLine},
			{"none", "", ""},
		} {
			result := b.call(t, t.Context(), `{"userId":"`+documented+`","raw":"`+c.mode+`"}`)
			a := read(t, result)
			text := ""
			if len(a.Content) == 2 {
				text = a.Content[1].Text
			}
			if n := len(a.Content); n > 2 {
				t.Errorf("%s: %d blocks, want 2 at most", c.mode, n)
			}
			same(t, c.mode+": the second block", text, c.text)
			same(t, c.mode+": the structured raw data", string(a.Structured.Raw), c.structured)
			same(t, c.mode+": rawMode", a.Structured.Meta.RawMode, c.mode)
			hasNot(t, c.mode+": the result", string(result), "\r", "\n", `\u003c`)
		}
	})
}
