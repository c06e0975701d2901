package tools

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mark3labs/mcp-go/mcp"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/testkit"
	"pgy-mcp/upstream"
)

// banked is a source with a balance, beside what else it answers.
type banked struct {
	fetcher
	balance string // the data object; "" hangs
	fail    *upstream.Error
}

func (b banked) Fetch(ctx context.Context, q upstream.Query) (*upstream.Response, error) {
	switch {
	case q.Endpoint.Name != "balance":
		return b.fetcher.Fetch(ctx, q)
	case b.fail != nil:
		return nil, b.fail
	case b.balance == "":
		<-ctx.Done()
		return nil, &upstream.Error{Kind: upstream.Timeout, Billed: upstream.UnknownBilling}
	}
	return upstream.NewResponse("", json.RawMessage(b.balance), "", true), nil
}

// halfFree is a source that fails some bloggers free of charge.
func halfFree(_ context.Context, id string) (*upstream.Response, error) {
	if strings.HasSuffix(id, "1") {
		return nil, &upstream.Error{Kind: upstream.InvalidParameters, Code: 400, Billed: upstream.NotBilled}
	}
	return billedProfile(id, `{"fansNum":7}`), nil
}

const noRequests = `"performance":{"sent":0,"billed":0},"audience":{"sent":0,"billed":0},"followers":{"sent":0,"billed":0},"costs":{"sent":0,"billed":0},"notes":{"sent":0,"billed":0},` +
	`"trend":{"sent":0,"billed":0},"growth":{"sent":0,"billed":0},"availability":{"sent":0,"billed":0},"search":{"sent":0,"billed":0},"link":{"sent":0,"billed":0},"note":{"sent":0,"billed":0}`

func TestAccountResource(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := setup{source: "prod-global", budget: 10, account: true, fetcher: banked{fetcher: halfFree, balance: `{"balance":"123.4500","currency":"CNY"}`}}
		other := s
		s.store, other.store = folder(t, dir), folder(t, dir)
		b, end := newBench(s)
		defer end()
		for _, id := range []string{testkit.BloggerID(2), testkit.BloggerID(1), testkit.BloggerID(4)} {
			b.call(t, t.Context(), `{"userId":"`+id+`"}`)
		}
		synctest.Wait()
		time.Sleep(time.Minute)
		// Another process, which has asked nothing, says the same.
		c, endOther := newBench(other)
		defer endOther()
		text, failure := c.resource(t, accountURI)
		testkit.Equal(t, "the failure", failure, "")
		testkit.Equal(t, "the account", text, `{"balance":123.4500,"currency":"CNY","requests":{"profile":{"sent":3,"billed":2},`+noRequests+`},"budget":10,"callsLeft":7,"asOf":"2000-01-01T00:01:00Z"}`)
	})
}

// Without a budget nothing is left of it; what is not known is absent, with the reason.
func TestAccountThatIsNotKnown(t *testing.T) {
	for name, c := range map[string]struct {
		fetcher upstream.Fetcher
		source  string
		errors  string
		asOf    string
	}{
		"it hangs": {banked{fetcher: halfFree}, "prod-global",
			`,"errors":["timeout: The upstream did not answer in time. Next step: ask for the balance again in a minute; look-ups do not need it."]`, "00:00:10"},
		"it lies": {banked{fetcher: halfFree, balance: `{"balance":"-5","currency":"CNY"}`}, "prod-global",
			`,"errors":["bad_response: The upstream's answer cannot be used: its balance is not a plain number with a currency. Next step: ask for the balance again in a minute; look-ups do not need it."]`, "00:00:00"},
		"it refuses": {banked{fetcher: halfFree, fail: &upstream.Error{Kind: upstream.TokenInvalid, Code: 100}}, "prod-global",
			`,"errors":["token_invalid: Just One API does not accept this server's token (code 100). Next step: ask the operator to check the token; do not try other bloggers, they fail the same way."]`, "00:00:00"},
		"samples": {sample(), "sample", "", "00:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, end := newBench(setup{source: c.source, account: true, fetcher: c.fetcher})
				defer end()
				text, failure := b.resource(t, accountURI)
				testkit.Equal(t, "the failure", failure, "")
				testkit.Equal(t, "the account", text, `{"requests":{"profile":{"sent":0,"billed":0},`+noRequests+`},"asOf":"2000-01-01T`+c.asOf+`Z"`+c.errors+`}`)
			})
		})
	}
}

// The account is the operator's: nobody else is offered it.
func TestNoAccountUnlessItIsAskedFor(t *testing.T) {
	b, end := newBench(setup{fetcher: sample()})
	defer end()
	text, failure := b.resource(t, accountURI)
	if failure == "" {
		t.Errorf("reading %s: got %q, want a failure", accountURI, text)
	}
	list := b.mcp.HandleMessage(t.Context(), json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"resources/list"}`))
	testkit.Lacks(t, "the list of resources", string(JSON(list.(mcp.JSONRPCResponse).Result)), "account")
}

// The account's balance and the token's limit are told apart.
func TestBalanceAndLimitAreToldApart(t *testing.T) {
	for kind, want := range map[upstream.Kind][]string{
		upstream.InsufficientBalance: {"balance of the Just One API account is used up, for all of its tokens", "top up the account (raising a token's limit does not help;"},
		upstream.TokenLimitReached:   {"limit that is set for it alone; the account may have balance left", "raise the token's limit at Just One API (topping up the account does not help)"},
	} {
		testkit.ContainsOnce(t, string(kind), failed(lang.English, &upstream.Error{Kind: kind, Billed: upstream.NotBilled}).Text(), want...)
	}
}
