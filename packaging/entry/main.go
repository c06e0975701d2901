// Command entry makes the server's entry in the MCP registry from the template
// packaging/server.json, and validates it by the registry's JSON Schema:
//
//	entry -owner OWNER -version V -bundle FILE.mcpb -schema SCHEMA.json packaging/server.json > server.json
//
// OWNER is the GitHub account that has the repository and its releases.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "entry:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("entry", flag.ContinueOnError)
	owner := flags.String("owner", "", "the GitHub account of the repository")
	version := flags.String("version", "", "the release, such as 1.2.3")
	bundle := flags.String("bundle", "", "the release's .mcpb file for all systems")
	schema := flags.String("schema", "", "the registry's JSON Schema")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *owner == "" || *version == "" || flags.NArg() != 1 {
		return errors.New("usage: entry -owner OWNER -version V -bundle FILE -schema FILE TEMPLATE")
	}
	template, err := os.ReadFile(flags.Arg(0))
	if err != nil {
		return err
	}
	packed, err := os.ReadFile(*bundle)
	if err != nil {
		return err
	}
	entry := fill(template, *owner, *version, packed)
	if err := validate(entry, *schema); err != nil {
		return err
	}
	_, err = stdout.Write(entry)
	return err
}

// fill replaces the placeholders of the template. The address of an image is in small
// letters, even if the account has capitals.
func fill(template []byte, owner, version string, bundle []byte) []byte {
	return []byte(strings.NewReplacer(
		"ghcr.io/OWNER", "ghcr.io/"+strings.ToLower(owner),
		"OWNER", owner,
		"0.0.0", version,
		strings.Repeat("0", 2*sha256.Size), fmt.Sprintf("%x", sha256.Sum256(bundle)),
	).Replace(string(template)))
}

func validate(entry []byte, schema string) error {
	rules, err := jsonschema.NewCompiler().Compile(schema)
	if err != nil {
		return fmt.Errorf("%s: %w", schema, err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(entry))
	if err != nil {
		return fmt.Errorf("the entry: %w", err)
	}
	if err := rules.Validate(value); err != nil {
		return fmt.Errorf("the entry: %w", err)
	}
	b, err := os.ReadFile(schema)
	if err != nil {
		return err
	}
	// The schema names its own address. An entry of another revision of the schema must
	// not be validated by this one.
	var its, ours struct {
		ID     string `json:"$id"`
		Schema string `json:"$schema"`
	}
	if err := errors.Join(json.Unmarshal(b, &its), json.Unmarshal(entry, &ours)); err != nil {
		return err
	}
	if ours.Schema != its.ID {
		return fmt.Errorf("the entry is for the schema %s, not for %s", ours.Schema, its.ID)
	}
	return nil
}
