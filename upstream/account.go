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

// balance is the latest answer about the balance.
type balance struct {
	asking chan struct{} // held by the one who asks, or reads what follows
	latest Balance       // its At is that of a failure too
	failed *Error
}

// Balance gives the account's balance. Within a minute it is not asked for again,
// whether or not that worked; a failure then is Remembered. The error is an *Error.
func (l *Lookups) Balance(ctx context.Context) (Balance, error) {
	if err := l.fetcher.Ready(); err != nil {
		return Balance{}, err
	}
	b := &l.balance
	select {
	case b.asking <- struct{}{}:
		defer func() { <-b.asking }()
	case <-ctx.Done():
		return Balance{}, ctx.Err()
	}
	remembered := time.Since(b.latest.At) < balanceTTL
	if !remembered {
		at := time.Now().Round(0) // see NewResponse
		latest, failed := l.askBalance(ctx)
		if ctx.Err() != nil {
			return Balance{}, ctx.Err() // the failure is the caller's
		}
		latest.At = at
		b.latest, b.failed = latest, failed
	}
	if b.failed != nil {
		err := *b.failed
		err.Remembered = remembered
		return Balance{}, &err
	}
	return b.latest, nil
}

func (l *Lookups) askBalance(ctx context.Context) (Balance, *Error) {
	ctx, cancel := context.WithTimeout(ctx, balanceLimit)
	defer cancel()
	r, err := l.fetcher.Fetch(ctx, getBalance)
	if err != nil {
		e := *AsError(err)
		switch e.Billed = NotBilled; e.Kind {
		case NotFound, CollectionFailed: // which are words about bloggers
			e.Kind = UpstreamError
		}
		return Balance{}, &e
	}
	return readBalance(r.Data())
}

// plainNumber is an amount that can only be read in one way.
var (
	plainNumber  = regexp.MustCompile(`^(0|[1-9][0-9]{0,14})(\.[0-9]{1,10})?$`)
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
)

func readBalance(data json.RawMessage) (Balance, *Error) {
	amount, currency := scalar(member(data, "balance")), strings.ToUpper(scalar(member(data, "currency")))
	if !plainNumber.MatchString(amount) || currency != "" && !currencyCode.MatchString(currency) {
		return Balance{}, noBalance()
	}
	return Balance{Amount: json.Number(amount), Currency: currency}, nil
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

func noBalance() *Error {
	return &Error{Kind: BadResponse, Billed: NotBilled, Detail: "its balance is not a plain number with a currency"}
}

// Usage gives the requests of the last 24 hours: of all processes that share the
// store, else of this one.
func (l *Lookups) Usage(ctx context.Context) (Usage, error) {
	if l.guard.store == nil {
		return l.memory.usage(), nil
	}
	return l.guard.visit().Usage(ctx)
}

// Budget is the most requests in 24 hours; 0 is no limit.
func (l *Lookups) Budget() int { return l.memory.limit }
