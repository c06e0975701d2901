package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
)

// config is how a client starts a server.
type config struct {
	Command string            `json:"command"`
	Args    []string          `json:"args,omitzero"`
	Env     map[string]string `json:"env,omitzero"`
}

// serverLimit is how long a server that looks up only samples may take.
const serverLimit = time.Minute

// sampleID is the blogger of the API's documentation.
const sampleID = "659902c1000000002200361b"

// examples are values of prompts' arguments. In the text of a prompt each one is
// replaced by its argument's name: no other words of the text may be the same. A
// prompt may write a number with a comma.
var examples = map[string][]string{
	"userId":    {sampleID},
	"userIds":   {sampleID},
	"brief":     {"a brief for this one manifest"},
	"budgetCny": {"98765", "98,765"},
}

// connect starts the server, on samples and without a token whatever its configuration
// says, so that nothing is paid.
func connect(ctx context.Context, c config) (*client.Client, error) {
	env := os.Environ()
	for name, value := range c.Env {
		if name != "JUSTONEAPI_TOKEN" && name != "PGY_MCP_UPSTREAM" {
			env = append(env, name+"="+value)
		}
	}
	env = append(env, "JUSTONEAPI_TOKEN=", "PGY_MCP_UPSTREAM=sample")
	server, err := client.NewStdioMCPClient(c.Command, env, c.Args...)
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", c.Command, err)
	}
	request := mcp.InitializeRequest{}
	request.Params.ProtocolVersion = mcp.LATEST_PROTOCOL_VERSION
	request.Params.ClientInfo = mcp.Implementation{Name: "bundle", Version: "1"}
	if _, err := server.Initialize(ctx, request); err != nil {
		return nil, errors.Join(fmt.Errorf("initialize: %w", err), server.Close())
	}
	return server, nil
}

// askServer starts a server and returns the tools and prompts that it lists, and the
// first line of its answer about the sample.
func askServer(ctx context.Context, c config) (o offer, sample string, err error) {
	ctx, cancel := context.WithTimeout(ctx, serverLimit)
	defer cancel()
	server, err := connect(ctx, c)
	if err != nil {
		return offer{}, "", err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	tools, err := server.ListTools(ctx, mcp.ListToolsRequest{})
	if err != nil {
		return offer{}, "", fmt.Errorf("tools/list: %w", err)
	}
	for _, t := range tools.Tools {
		o.Tools = append(o.Tools, tool{t.Name, t.Description})
	}
	prompts, err := server.ListPrompts(ctx, mcp.ListPromptsRequest{})
	if err != nil {
		return offer{}, "", fmt.Errorf("prompts/list: %w", err)
	}
	for _, p := range prompts.Prompts {
		text, err := promptText(ctx, server, p)
		if err != nil {
			return offer{}, "", fmt.Errorf("prompt %s: %w", p.Name, err)
		}
		o.Prompts = append(o.Prompts, prompt{p.Name, p.Description, argumentNames(p), text})
	}
	sample, err = lookUpSample(ctx, server)
	return o, sample, err
}

func argumentNames(p mcp.Prompt) []string {
	names := []string{}
	for _, a := range p.Arguments {
		names = append(names, a.Name)
	}
	return names
}

// promptText gets a prompt with example values, and replaces them by the arguments'
// names.
func promptText(ctx context.Context, server *client.Client, p mcp.Prompt) (string, error) {
	request := mcp.GetPromptRequest{}
	request.Params.Name = p.Name
	request.Params.Arguments = map[string]string{}
	for _, name := range argumentNames(p) {
		if examples[name] == nil {
			return "", fmt.Errorf("argument %s: there is no example value for it in packaging/bundle/server.go", name)
		}
		request.Params.Arguments[name] = examples[name][0]
	}
	answer, err := server.GetPrompt(ctx, request)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, m := range answer.Messages {
		text.WriteString(mcp.GetTextFromContent(m.Content))
	}
	return markArguments(text.String(), argumentNames(p))
}

// markArguments replaces the example values in a text by their arguments' names.
func markArguments(text string, names []string) (string, error) {
	for _, name := range names {
		marked := text
		for _, example := range examples[name] {
			marked = strings.ReplaceAll(marked, example, "${arguments."+name+"}")
		}
		if marked == text {
			return "", fmt.Errorf("argument %s: its value is not in the text", name)
		}
		text = marked
	}
	return text, nil
}

// lookUpSample returns the first line of the sample's profile.
func lookUpSample(ctx context.Context, server *client.Client) (string, error) {
	request := mcp.CallToolRequest{}
	request.Params.Name = "get_blogger_profile"
	request.Params.Arguments = map[string]any{"userId": sampleID}
	answer, err := server.CallTool(ctx, request)
	if err != nil {
		return "", fmt.Errorf("tools/call: %w", err)
	}
	if len(answer.Content) == 0 {
		return "", errors.New("the answer to the sample has no content")
	}
	text := mcp.GetTextFromContent(answer.Content[0])
	if answer.IsError || !strings.Contains(text, sampleID) {
		return "", fmt.Errorf("the answer to the sample: %s", text)
	}
	line, _, _ := strings.Cut(text, "\n")
	return line, nil
}
