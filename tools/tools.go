// Package tools declares and runs what a model sees of pgy-mcp: tools, resources, prompts
// and failures. Its methods for commands give the same results without MCP.
package tools

import (
	"context"
	_ "embed" // for icon.png
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

// Settings of a Set.
type Settings struct {
	Lookups *upstream.Lookups
	Wait    time.Duration // how long a call waits before it answers pending
	Log     *slog.Logger
	App     bool // offer pages to hosts of MCP Apps
	// FeePercent is what the platform adds to a quote. Price limits and budgets include
	// it. 0 is no fee.
	FeePercent float64
	// Language is the language of labels and sentences; "", English, for agents.
	Language lang.Language
	// Account offers the resource with the account's balance, which only the operator
	// may read.
	Account bool
	// Observe is called after each call; it may be nil.
	Observe func(Outcome)
}

// Outcome says how one call ended, for the log and the metrics. It has no arguments and
// no names, except the ids of look-ups that failed.
type Outcome struct {
	Tool     string // its name, or that of a resource
	Kind     string // "ok" or the kind of failure
	Cached   int    // answers that came from memory
	Missed   int    // look-ups that memory could not answer
	Stale    int    // of Cached: expired answers
	Billed   int    // look-ups that this call was charged for
	Failures []LookupFailure
	Took     time.Duration
}

// LookupFailure is a look-up that failed, for the log.
type LookupFailure struct {
	Subject, Section string // a userId, a noteId or ""; the endpoint's name
	Kind             string
	RequestID        string // the upstream's; "" if none
}

// notFresh counts the look-ups without a fresh answer.
func (o *Outcome) notFresh() int { return o.Missed + o.Stale }

// Set is all tools of one server. Its methods may be called concurrently.
type Set struct {
	Settings
	tools map[string]tool
	cache renderCache
}

// New makes the tools.
func New(settings Settings) *Set {
	s := &Set{Settings: settings, tools: map[string]tool{}}
	for _, t := range []tool{s.profileTool(), s.compareTool(), s.insightsTool(), s.findTool(), s.reviewTool()} {
		s.tools[t.name] = t
	}
	return s
}

// Register declares the tools, resources and prompts to an MCP server. The server must
// not run the tools: Call does.
func (s *Set) Register(m *server.MCPServer) {
	for _, t := range s.tools {
		m.AddTool(s.declare(t), nil)
	}
	s.registerResources(m)
	s.registerPages(m)
	registerPrompts(m)
}

// tool is one tool: how it is declared and how it runs.
type tool struct {
	name, title, description string
	input, output            json.RawMessage
	page                     string // URI of the page that shows its results, or empty
	// run answers one call and adds what it cost to the outcome. The error is a failure.
	run func(ctx context.Context, arguments json.RawMessage, o *Outcome) (Result, error)
}

// declare makes the declaration. It sets all four hints, since the library's defaults
// differ between its constructors.
func (s *Set) declare(t tool) mcp.Tool {
	yes, no := true, false
	d := mcp.NewToolWithRawSchema(t.name, t.description, t.input)
	d.RawOutputSchema = t.output
	d.Title = t.title
	d.Icons = Icons()
	if s.App && t.page != "" {
		d.Meta = appMeta(t.page)
	}
	d.Annotations = mcp.ToolAnnotation{Title: t.title, ReadOnlyHint: &yes, DestructiveHint: &no, IdempotentHint: &yes, OpenWorldHint: &yes}
	return d
}

// Call runs a tool and reports the outcome to Settings.Observe. A failure is a result; ok
// is false if there is no such tool. arguments may be nil.
func (s *Set) Call(ctx context.Context, name string, arguments json.RawMessage) (result Result, ok bool) {
	t, ok := s.tools[name]
	if !ok {
		return nil, false
	}
	err := s.observed(name, func(o *Outcome) (err error) {
		result, err = t.run(ctx, arguments, o)
		return err
	})
	if f := (failure{}); errors.As(err, &f) {
		result = errorResult(f)
	}
	return result, true
}

// observed runs one call of a tool, or one read of a resource that may be paid, and
// reports the outcome. The error is a failure. It recovers a panic, of which the caller
// learns nothing.
func (s *Set) observed(name string, run func(o *Outcome) error) (err error) {
	o := Outcome{Tool: name, Kind: "ok"}
	start := time.Now()
	defer func() {
		if r := recover(); r != nil {
			s.Log.Error("tool panicked", "tool", name, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = failedOf(s.Language, &upstream.Error{Kind: upstream.Internal}, aBlogger)
		}
		if f := (failure{}); errors.As(err, &f) {
			o.Kind = string(f.kind)
		}
		if o.Took = time.Since(start); s.Observe != nil {
			s.Observe(o)
		}
	}()
	return run(&o)
}

// Instructions tell a model what the server is for, in under 2 KB.
var Instructions = fmt.Sprintf(`Prices and performance of Xiaohongshu (RedNote, 小红书) bloggers from Pugongying (蒲公英, Pgy), the platform's marketplace for brands and creators.
find_bloggers: bloggers for a brief, or the one of a name, a note link or a short link. compare_bloggers: which of up to %d is the best value, and a plan within a budget. get_blogger_profile: one blogger's prices and figures. get_blogger_insights: performance of daily and of sponsored notes, audience, follower activity, cost estimates, trends, latest notes. review_notes: what published notes brought for what was paid.
Paid requests, each up to a minute: a page of up to 20 found bloggers, a profile, a section of the insights, a note; a short link one or two. Repeats within hours are free, and comparing bloggers just found is too. pgy://field-guide explains every figure, pgy://search-labels what the filters of a search take.
Members that are absent or listed in notProvided are unknown, not zero; in raw full, 0 often means not filled. Quotes are CNY per note without the platform's fee. Medians are over image and video notes together, so unit costs are for comparing bloggers, not the platform's own figures.
A "pending" error means that the look-up goes on: the same call a little later gets it without paying again.`, schema.MaxCompared)

// CacheHints lets clients of 2026-07-28 cache what is the same for everyone. Resources
// keep the library's default, private and uncached: one may be a blogger's raw profile.
func CacheHints(m *server.MCPServer) {
	for _, method := range []mcp.MCPMethod{
		mcp.MethodServerDiscover, mcp.MethodToolsList, mcp.MethodPromptsList, mcp.MethodResourcesList, mcp.MethodResourcesTemplatesList,
	} {
		server.WithMethodCacheHints(method, (5 * time.Minute).Milliseconds(), mcp.CacheScopePublic)(m)
	}
}

//go:embed icon.png
var icon []byte

// Icons is the icon of the server and its tools, as a data URL.
func Icons() []mcp.Icon {
	return []mcp.Icon{{Src: "data:image/png;base64," + base64.StdEncoding.EncodeToString(icon), MIMEType: "image/png", Sizes: []string{"48x48"}}}
}
