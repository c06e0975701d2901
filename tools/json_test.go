package tools

import "testing"

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
