package lang

import "testing"

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 12345: "12,345", 1234567.25: "1,234,567.25", -1204: "-1,204", -999: "-999",
		0.2016: "0.2016", 9007199254740992: "9,007,199,254,740,992",
	} {
		if got := Number(x); got != want {
			t.Errorf("Number(%v): got %q, want %q", x, got, want)
		}
	}
}

func TestWhole(t *testing.T) {
	for n, want := range map[int64]string{0: "0", -1000: "-1,000", 9007199254740993: "9,007,199,254,740,993"} {
		if got := Whole(n); got != want {
			t.Errorf("Whole(%d): got %q, want %q", n, got, want)
		}
	}
}

// Numbers in a sentence are written for a reader.
func TestSayWritesNumbers(t *testing.T) {
	text := T{En: "%s of %s", Zh: "%s / %s"}
	if got, want := English.Say(text, int64(103684), 1234.5), "103,684 of 1,234.5"; got != want {
		t.Errorf("Say: got %q, want %q", got, want)
	}
}
