package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"pgy-mcp/upstream"
)

// Environment is the process's, by name.
type Environment map[string]string

func ReadEnvironment(entries []string) Environment {
	env := Environment{}
	for _, e := range entries {
		name, value, _ := strings.Cut(e, "=")
		env[name] = value
	}
	return env
}

const (
	variablePrefix = "PGY_MCP_"
	apiToken       = "JUSTONEAPI_TOKEN"
	authToken      = variablePrefix + "AUTH_TOKEN"
	fileSuffix     = "_FILE"
)

// variable is the name under which a setting stands in the environment.
func variable(setting string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
}

// unknown lists the variables that look like settings of ours and are none: a
// misspelt budget is no budget.
func (env Environment) unknown() []string {
	known := []string{authToken, authToken + fileSuffix}
	for _, s := range settings {
		known = append(known, variable(s.name))
	}
	var out []string
	for name := range env {
		if strings.HasPrefix(name, variablePrefix) && !slices.Contains(known, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// secret reads a token, which is never a flag: a command line can be read by
// everybody on the machine. It stands in the variable or in the file that the
// variable with the suffix _FILE names.
func (env Environment) secret(name string) (upstream.Token, error) {
	value, source := env[name], name
	if file := env[name+fileSuffix]; file != "" {
		if value != "" {
			return upstream.Token{}, fmt.Errorf("%s and %s are both set; set one", name, name+fileSuffix)
		}
		source = "the file that " + name + fileSuffix + " names"
		b, err := os.ReadFile(file)
		if err != nil {
			// Without the path: a token may have been put in its place.
			return upstream.Token{}, fmt.Errorf("%s cannot be read: %w", source, errors.Unwrap(err))
		}
		if value = strings.TrimSpace(string(b)); value == "" {
			return upstream.Token{}, fmt.Errorf("%s is empty", source)
		}
	}
	value = strings.TrimSpace(value)
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return upstream.Token{}, fmt.Errorf("%s holds line breaks or control characters; a token is one line", source)
	}
	return upstream.NewToken(value), nil
}
