package upstream

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"
)

const (
	// balanceLimit bounds the request for the balance.
	balanceLimit = 10 * time.Second
	// balanceTTL is how long what that request brought, a failure too, is the answer.
	balanceTTL = time.Minute
)

// getBalance asks for the balance of the account that the token belongs to. It is no
// look-up: nobody is charged for it, and neither rate nor budget count it.
var getBalance = Query{Endpoint: &Endpoint{Name: "balance", path: "/user/get-balance"}}

// Balance is what an account at Just One API has left.
type Balance struct {
	Amount   json.Number // 0 or more, as the source spells it
	Currency string      // three capital letters; "" where the source names none
	At       time.Time   // when it was asked for
}

// balance is one request for the balance.
type balance struct {
	done chan struct{} // closed when what follows is set
	Balance
	failed *Error
}

// Balance gives the account's balance. Within a minute it is not asked for again,
// whether or not that worked: callers share one request. The error is an *Error.
func (l *Lookups) Balance(ctx context.Context) (Balance, error) {
	if err := l.fetcher.Ready(); err != nil {
		return Balance{}, err
	}
	l.mu.Lock()
	b := l.balance
	switch {
	case b != nil && time.Since(b.At) < balanceTTL:
	case l.ctx.Err() != nil:
		l.mu.Unlock()
		return Balance{}, shuttingDown()
	default:
		b = &balance{done: make(chan struct{}), Balance: Balance{At: time.Now().Round(0)}} // see NewResponse
		l.balance = b
		l.running.Go(func() {
			defer close(b.done)
			b.Amount, b.Currency, b.failed = l.askBalance()
		})
	}
	l.mu.Unlock()
	select {
	case <-b.done:
	case <-ctx.Done():
		return Balance{}, shuttingDown()
	}
	if b.failed != nil {
		err := *b.failed
		return Balance{}, &err
	}
	return b.Balance, nil
}

func (l *Lookups) askBalance() (amount json.Number, currency string, failed *Error) {
	ctx, cancel := context.WithTimeout(l.ctx, balanceLimit)
	defer cancel()
	r, err := l.fetcher.Fetch(ctx, getBalance)
	if err != nil {
		e := *AsError(err)
		switch e.Billed = NotBilled; e.Kind {
		case NotFound, CollectionFailed: // which are words about bloggers
			e.Kind = UpstreamError
		}
		return "", "", &e
	}
	return readBalance(r.Data())
}

// An amount and a currency that can only be read in one way.
var (
	plainNumber  = regexp.MustCompile(`^(0|[1-9][0-9]{0,14})(\.[0-9]{1,10})?$`)
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
)

func readBalance(data json.RawMessage) (amount json.Number, currency string, failed *Error) {
	number := scalar(member(data, "balance"))
	currency = strings.ToUpper(scalar(member(data, "currency")))
	if !plainNumber.MatchString(number) || currency != "" && !currencyCode.MatchString(currency) {
		return "", "", &Error{Kind: BadResponse, Billed: NotBilled, Detail: "its balance is not a plain number with a currency"}
	}
	return json.Number(number), currency, nil
}

// scalar is a string or a number as it is spelled; "" for null and for what is missing.
func scalar(v json.RawMessage) string {
	var text string
	switch {
	case string(v) == "null":
		return ""
	case json.Unmarshal(v, &text) != nil:
		text = string(v)
	}
	return strings.TrimSpace(text)
}

// Usage gives the requests of the last 24 hours: of all processes that share the
// store, else of this one.
func (l *Lookups) Usage(ctx context.Context) (Usage, error) {
	if l.guard.store == nil {
		return l.memory.usage(), nil
	}
	return l.guard.visit().usage(ctx)
}

// Budget is the most requests in 24 hours; 0 is no limit.
func (l *Lookups) Budget() int { return l.memory.limit }
