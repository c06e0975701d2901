package tools

import (
	"context"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

const accountURI = "pgy://account"

// AccountState returns the account's balance and the requests of the last 24 hours. What it
// cannot get is absent and explained in Errors. The balance is free; it is asked for once a
// minute at most.
func (s *Set) AccountState(ctx context.Context, l lang.Language) schema.Account {
	out := schema.Account{Budget: s.Lookups.Budget()}
	var b upstream.Balance
	if s.Lookups.Source() != upstream.SampleName {
		var err error
		if b, err = s.Lookups.Balance(ctx); err != nil {
			out.Errors = append(out.Errors, noBalance(l, upstream.AsError(err)).withNext())
		}
	}
	if b.At.IsZero() {
		b.At = time.Now()
	}
	out.Balance, out.Currency, out.AsOf = b.Amount, b.Currency, b.At.UTC().Format(time.RFC3339)
	usage, err := s.Lookups.Usage(ctx)
	if err != nil {
		out.Errors = append(out.Errors, storeFails(l).withNext())
		return out
	}
	for _, e := range upstream.Endpoints {
		c := usage.Endpoints[e.Name]
		out.Requests = append(out.Requests, schema.EndpointRequests{Endpoint: e.Name, Sent: c.Sent, Billed: c.Billed})
	}
	if own, limited := s.Lookups.Left(); limited {
		left := max(min(own, out.Budget-usage.Sent), 0)
		out.CallsLeft = &left
	}
	return out
}

// noBalance is the failure to get the balance.
func noBalance(l lang.Language, e *upstream.Error) failure {
	f := failedOf(l, e, aBlogger)
	if e.Kind != upstream.TokenMissing && e.Kind != upstream.TokenInvalid {
		f.next = l.Say(t("ask for the balance again in a minute; look-ups do not need it.", "请一分钟后再查余额；查询博主不受影响。"))
	}
	return f
}

// registerAccount declares the resource of the account.
func (s *Set) registerAccount(m *server.MCPServer) {
	m.AddResource(mcp.NewResource(accountURI, "account",
		mcp.WithResourceTitle("Account"),
		mcp.WithResourceDescription("The balance at Just One API, the requests of the last 24 hours by endpoint, and what is left of the budget. Free."),
		mcp.WithMIMEType("application/json"),
	), func(ctx context.Context, _ mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		text := string(JSON(s.AccountState(ctx, lang.English)))
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: accountURI, MIMEType: "application/json", Text: text}}, nil
	})
}
