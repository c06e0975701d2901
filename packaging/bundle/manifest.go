package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// offer is the tools and prompts of a server, as a manifest lists them.
type offer struct {
	Tools   []tool   `json:"tools"`
	Prompts []prompt `json:"prompts"`
}

type tool struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// prompt has a text in which ${arguments.NAME} marks the places of arguments.
type prompt struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Arguments   []string `json:"arguments"`
	Text        string   `json:"text"`
}

// programs are the paths inside a bundle, by Node's names of platforms.
var programs = map[string]string{
	"darwin": "server/pgy-mcp",
	"win32":  "server/pgy-mcp.exe",
	"linux":  "server/pgy-mcp.sh",
}

// server is a manifest's member of that name.
type server struct {
	Type       string `json:"type"`
	EntryPoint string `json:"entry_point"`
	Config     struct {
		config
		Overrides map[string]config `json:"platform_overrides"`
	} `json:"mcp_config"`
}

// fill completes the template of a manifest. The entry point is the first
// platform's program, and the commands of platforms not named are left out.
func fill(template []byte, version string, platforms []string, o offer) ([]byte, error) {
	// Members that are not touched keep their spelling and their order: forms
	// show the settings in it.
	var m map[string]json.RawMessage
	if err := json.Unmarshal(template, &m); err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	var s server
	if err := json.Unmarshal(m["server"], &s); err != nil {
		return nil, fmt.Errorf("template: server: %w", err)
	}
	for _, p := range platforms {
		if programs[p] == "" {
			return nil, fmt.Errorf("platform %q: must be darwin, win32 or linux", p)
		}
	}
	s.EntryPoint = programs[platforms[0]]
	maps.DeleteFunc(s.Config.Overrides, func(name string, _ config) bool { return !slices.Contains(platforms, name) })
	for name, value := range map[string]any{
		"version":       version,
		"server":        s,
		"compatibility": map[string][]string{"platforms": platforms},
		"tools":         o.Tools,
		"prompts":       o.Prompts,
	} {
		b, err := encode(value)
		if err != nil {
			return nil, err
		}
		m[name] = b
	}
	return encode(m)
}

func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(value)
	return out.Bytes(), err
}

// same returns an error if the server's offer is not the manifest's.
func same(promised, offered offer) error {
	if !reflect.DeepEqual(offered, promised) {
		return fmt.Errorf("the server does not offer what the manifest says; got %+v, want %+v", offered, promised)
	}
	return nil
}
