package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// smallSchema stands in for the registry's, which packaging/check fetches.
const smallSchema = `{"$schema": "http://json-schema.org/draft-07/schema#",
	"$id": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
	"$ref": "#/definitions/server",
	"definitions": {"server": {"type": "object", "properties": {"description": {"maxLength": 100}}}}}`

func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEntry(t *testing.T) {
	var out strings.Builder
	err := run([]string{"-owner", "Someone", "-version", "1.2.3", "-bundle", written(t, "a.mcpb", "bundle"),
		"-schema", written(t, "schema.json", smallSchema), "../server.json"}, &out)
	if err != nil {
		t.Fatalf("making the entry: got error %v, want none", err)
	}
	var got struct {
		Name     string
		Version  string
		Packages []struct {
			RegistryType, Identifier, FileSha256, Version string
			EnvironmentVariables                          []struct {
				Name     string
				IsSecret bool
			}
		}
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatalf("the entry: got %.300s, want JSON: %v", &out, err)
	}
	if want := "io.github.Someone/pgy-mcp"; got.Name != want {
		t.Errorf("name: got %s, want %s", got.Name, want)
	}
	if got.Version != "1.2.3" {
		t.Errorf("version: got %s, want 1.2.3", got.Version)
	}
	if len(got.Packages) != 2 {
		t.Fatalf("packages: got %d, want 2", len(got.Packages))
	}
	bundle, image := got.Packages[0], got.Packages[1]
	if want := "https://github.com/Someone/pgy-mcp/releases/download/v1.2.3/pgy-mcp-1.2.3.mcpb"; bundle.Identifier != want {
		t.Errorf("bundle: got %s, want %s", bundle.Identifier, want)
	}
	if want := "1e6ed65d77d6364eeaed5a745ba5c4985ae2b700dd85d7cf7f027bdf294a33fc"; bundle.FileSha256 != want {
		t.Errorf("bundle's hash: got %s, want %s", bundle.FileSha256, want)
	}
	if want := "ghcr.io/someone/pgy-mcp:1.2.3"; image.Identifier != want {
		t.Errorf("image: got %s, want %s", image.Identifier, want)
	}
	for _, p := range got.Packages {
		for _, v := range p.EnvironmentVariables {
			if secret := strings.Contains(v.Name, "TOKEN"); v.IsSecret != secret {
				t.Errorf("%s of %s: got isSecret %v, want %v", v.Name, p.RegistryType, v.IsSecret, secret)
			}
		}
	}
	for _, left := range []string{"OWNER", "0.0.0"} {
		if i := strings.Index(out.String(), left); i >= 0 {
			t.Errorf("the entry: got …%.300s, want no %s in it", out.String()[max(0, i-100):], left)
		}
	}
}

func TestEntryRefuses(t *testing.T) {
	template, err := os.ReadFile("../server.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, broken := range map[string]string{
		"a description of more than 100 characters": strings.Replace(string(template), "What a", strings.Repeat("What a ", 20), 1),
		"another revision of the schema":            strings.Replace(string(template), "2025-12-11", "2025-10-17", 1),
		"what is not JSON":                          "{",
	} {
		err := run([]string{"-owner", "someone", "-version", "1.2.3", "-bundle", written(t, "a.mcpb", "bundle"),
			"-schema", written(t, "schema.json", smallSchema), written(t, "server.json", broken)}, &strings.Builder{})
		if err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
}
