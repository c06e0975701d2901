// Command generate writes the published JSON Schemas, which the package schema
// embeds: reflecting them at every start would take longer than all the rest
// of it. Run "go generate ./schema" after changing a published type.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"pgy-mcp/schema"
)

func main() {
	for name, s := range schema.Reflected() {
		var b bytes.Buffer
		err := json.Indent(&b, s, "", "  ")
		if err == nil {
			err = os.WriteFile("published/"+name+".json", append(b.Bytes(), '\n'), 0o644)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
