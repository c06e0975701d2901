package tools

import (
	"bytes"
	"encoding/json"
	"testing"

	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

func TestHalvesOfCharacters(t *testing.T) {
	for in, want := range map[string]string{
		`"plain \n \\ \" \u4e2d"`:     `"plain \n \\ \" \u4e2d"`,
		`"\ud83d\ude00"`:              `"\ud83d\ude00"`,
		`"\uD83D\uDE00\uD83D\uDE00"`:  `"\uD83D\uDE00\uD83D\uDE00"`,
		`"bad \ud83d end"`:            `"bad \ufffd end"`,
		`"\ude00\ud83d"`:              `"\ufffd\ufffd"`,
		`"\ud83d\ud83d\ude00\uDFFF"`:  `"\ufffd\ud83d\ude00\ufffd"`,
		`"\ud83d\\ude00"`:             `"\ufffd\\ude00"`,
		`"\ude00\ude00"`:              `"\ufffd\ufffd"`,
		`"\\ud83d"`:                   `"\\ud83d"`,
		`{"\udbff":["\ud800","\\"]}`:  `{"\ufffd":["\ufffd","\\"]}`,
		`"\\\ud83d"`:                  `"\\\ufffd"`,
		`"\u005cud83d \u00e9\ue000 "`: `"\u005cud83d \u00e9\ue000 "`,
	} {
		if got := string(pairSurrogates([]byte(in))); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

// What clients parse as part of the message is whole; what they get as text is
// as it came.
func TestAHalfCharacterInAProfile(t *testing.T) {
	const data = `{"userId":"659902c1000000002200361b","name":"bad \ud83d end"}`
	var got struct {
		Content           []struct{ Text string }
		StructuredContent struct{ Raw json.RawMessage }
	}
	r := render(English, upstream.NewResponse(documented, json.RawMessage(data), "", true), schema.RawFull).result(English, &schema.Meta{})
	if err := json.Unmarshal(bytes.Join(r.Object(""), nil), &got); err != nil {
		t.Fatalf("the result is no JSON: %v, want JSON", err)
	}
	same(t, "the structured raw data", string(got.StructuredContent.Raw), `{"userId":"659902c1000000002200361b","name":"bad \ufffd end"}`)
	if len(got.Content) != 2 {
		t.Fatalf("the result has %d blocks, want 2: %.300q", len(got.Content), got.Content)
	}
	same(t, "the raw data in text", got.Content[1].Text, data)
}
