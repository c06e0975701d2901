package condense

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgy-mcp/internal/testkit"
	"pgy-mcp/schema"
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
	// Another number, another text and the 0 of another member stay.
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
	if want := len(schema.Metrics) + 12; len(ProfileUnfilled) != want {
		t.Errorf("ProfileUnfilled: got %d members, want %d, each once", len(ProfileUnfilled), want)
	}
	for _, key := range keys {
		for value, want := range map[string]string{`0`: `{}`, `"0.00"`: `{}`, `7`: `{"` + key + `":7}`} {
			if got := compacted(`{"` + key + `":` + value + `}`); got != want {
				t.Errorf("Compact({%q:%s}): got %s, want %s", key, value, got, want)
			}
		}
	}
}

func TestCompact(t *testing.T) {
	for _, c := range compactCases {
		got := compacted(c.in)
		if got != c.want {
			t.Errorf("Compact(%s)\n got %s\nwant %s", c.in, got, c.want)
		}
		checkCompact(t, c.in)
	}
}

func TestCompactOfSamples(t *testing.T) {
	for _, id := range testkit.SampleIDs(t) {
		checkCompact(t, sampleData(t, id))
	}
}

// nested wraps a JSON value in n objects or lists.
func nested(open, value, end string, n int) string {
	return strings.Repeat(open, n) + value + strings.Repeat(end, n)
}

// Clients whose JSON parser reads 128 levels can read a result with 100 levels of raw data.
func TestCompactOfDeepNesting(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		cut            bool
	}{
		{"100 objects", nested(`{"a":`, "1", "}", 100), nested(`{"a":`, "1", "}", 100), false},
		{"101 objects, the last one beside a number", nested(`{"a":`, `{"b":7,"a":{"c":1}}`, "}", 99), nested(`{"a":`, `{"b":7,"a":null}`, "}", 99), true},
		{"101 objects", nested(`{"a":`, "1", "}", 101), nested(`{"a":`, "null", "}", 100), true},
		{"100 lists", `{"l":` + nested("[", "1", "]", 99) + `}`, `{"l":` + nested("[", "1", "]", 99) + `}`, false},
		{"101 lists", `{"l":` + nested("[", "1", "]", 100) + `}`, `{"l":` + nested("[", "null", "]", 99) + `}`, true},
		{"what comes behind a cut", `{"l":` + nested("[", `{"a":[1,"]}"]},2`, "]", 99) + `,"m":3}`, `{"l":` + nested("[", "null,2", "]", 99) + `,"m":3}`, true},
		{"2,000 objects", nested(`{"a":`, "null", "}", 2000), nested(`{"a":`, "null", "}", 100), true},
		{"a null in the last object", nested(`{"a":`, `{"b":null}`, "}", 99), `{}`, false},
	} {
		got, cut := Compact(json.RawMessage(c.in), ProfileUnfilled)
		if string(got) != c.want || cut != c.cut {
			t.Errorf("Compact of %s:\n got %s, cut %v\nwant %s, cut %v", c.name, got, cut, c.want, c.cut)
		}
		checkCompact(t, c.in)
	}
	checkCompact(t, nested(`{"a":[`, `{"b":{}}`, "]}", 2000))
}

func TestCompactOfNoJSON(t *testing.T) {
	for _, in := range []string{``, `{`, `{"a":}`, `{"a":1}}`, `nul`} {
		if got := compacted(in); got != "{}" {
			t.Errorf("Compact(%q): got %q, want {}", in, got)
		}
	}
}

func compacted(in string) string {
	out, _ := Compact(json.RawMessage(in), ProfileUnfilled)
	return string(out)
}

// checkCompact holds Compact to its promises for a valid JSON text.
func checkCompact(t *testing.T, in string) {
	t.Helper()
	compact, cut := Compact(json.RawMessage(in), ProfileUnfilled)
	got := string(compact)
	if !json.Valid(compact) {
		t.Errorf("Compact(%.200q): got %.200q, want JSON", in, got)
	}
	if again := compacted(got); again != got && !cut {
		t.Errorf("Compact(%.200q): got %.200q, want the same: it is compact", got, again)
	}
	if want := slowCompact(t, in); got != want {
		t.Errorf("Compact(%.200q)\n got %.200q\nwant %.200q", in, got, want)
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
			t.Fatalf("reading a token of %.200q: got %v, want one", in, err)
		}
		return strings.TrimLeft(in[before:d.InputOffset()], " \t\r\n,:")
	}
	const below = "below 100 levels"
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
			if v == below {
				v = "null"
			} else if first == "{" && (v == "null" || v == "{}" || v == "[]") {
				continue
			}
			if depth == 1 && first == "{" && ProfileUnfilled[key[1:len(key)-2]] {
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
		all := first + strings.Join(parts, ",") + token()
		if depth > 100 {
			return below
		}
		return all
	}
	return value()
}
