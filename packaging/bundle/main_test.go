package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

var someOffer = offer{
	Tools:   []tool{{"look", "Looks <one> up."}},
	Prompts: []prompt{{"judge", "Judges one.", []string{"brief"}, "Judge by ${arguments.brief}"}},
}

func template(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile("../mcpb/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFill(t *testing.T) {
	for _, test := range []struct {
		platforms  []string
		entry      string
		overridden []string
	}{
		{platforms: []string{"darwin", "win32", "linux"}, entry: "server/pgy-mcp", overridden: []string{"linux", "win32"}},
		{platforms: []string{"darwin"}, entry: "server/pgy-mcp"},
		{platforms: []string{"win32"}, entry: "server/pgy-mcp.exe", overridden: []string{"win32"}},
		{platforms: []string{"linux"}, entry: "server/pgy-mcp.sh", overridden: []string{"linux"}},
	} {
		t.Run(strings.Join(test.platforms, ","), func(t *testing.T) {
			b, err := fill(template(t), "1.2.3", test.platforms, someOffer)
			if err != nil {
				t.Fatalf("filling the template: got error %v, want none", err)
			}
			var got struct {
				Version       string
				Server        server
				Compatibility struct{ Platforms []string }
				offer
			}
			if err := json.Unmarshal(b, &got); err != nil {
				t.Fatalf("the manifest: got %.300s, want JSON: %v", b, err)
			}
			if got.Version != "1.2.3" {
				t.Errorf("version: got %s, want 1.2.3", got.Version)
			}
			if got.Server.EntryPoint != test.entry {
				t.Errorf("entry point: got %s, want %s", got.Server.EntryPoint, test.entry)
			}
			var overridden []string
			for name := range got.Server.Config.Overrides {
				overridden = append(overridden, name)
			}
			slices.Sort(overridden)
			if !slices.Equal(overridden, test.overridden) {
				t.Errorf("overrides: got %v, want %v", overridden, test.overridden)
			}
			if !slices.Equal(got.Compatibility.Platforms, test.platforms) {
				t.Errorf("platforms: got %v, want %v", got.Compatibility.Platforms, test.platforms)
			}
			if err := same(someOffer, got.offer); err != nil {
				t.Errorf("tools and prompts: got %v, want those of the offer", err)
			}
		})
	}
}

// A form shows the settings in their order, the token first.
func TestFillKeepsOrder(t *testing.T) {
	b, err := fill(template(t), "1.2.3", []string{"darwin"}, someOffer)
	if err != nil {
		t.Fatalf("filling the template: got error %v, want none", err)
	}
	last := -1
	for _, name := range []string{`"api_token": {`, `"upstream": {`, `"cache_dir": {`, `"budget": {`} {
		at := strings.Index(string(b), name)
		if at <= last {
			t.Errorf("%s: got it at %d, want it after %d", name, at, last)
		}
		last = at
	}
}

func TestFillRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		template  string
		platforms []string
	}{
		"a template that is not JSON":    {"{", []string{"darwin"}},
		"a template without a server":    {"{}", []string{"darwin"}},
		"a platform that is not of Node": {string(template(t)), []string{"macos"}},
	} {
		if _, err := fill([]byte(test.template), "1.2.3", test.platforms, someOffer); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
}

func TestSame(t *testing.T) {
	if err := same(someOffer, someOffer); err != nil {
		t.Errorf("the same offer: got %v, want no error", err)
	}
	other := offer{Tools: []tool{{"look", "Looks two up."}}, Prompts: someOffer.Prompts}
	if err := same(someOffer, other); err == nil {
		t.Error("another description: got no error, want one")
	}
	if err := same(someOffer, offer{Tools: someOffer.Tools}); err == nil {
		t.Error("no prompts: got no error, want one")
	}
}

func TestMarkArguments(t *testing.T) {
	got, err := markArguments("Spend 98,765 CNY on "+sampleID, []string{"userIds", "budgetCny"})
	if err != nil {
		t.Errorf("a text with both values: got error %v, want none", err)
	}
	if want := "Spend ${arguments.budgetCny} CNY on ${arguments.userIds}"; got != want {
		t.Errorf("a text with both values: got %q, want %q", got, want)
	}
	if _, err := markArguments("Spend it all", []string{"budgetCny"}); err == nil {
		t.Error("a text without the value: got no error, want one")
	}
}
