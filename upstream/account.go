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
	// balanceTTL is how long all callers get the outcome of that request, also a failure.
	balanceTTL = time.Minute
)

// getBalance asks for the balance of the account that the token belongs to. It is not a
// look-up: it is free, and neither rate nor budget count it.
var getBalance = Query{Endpoint: &Endpoint{Name: "balance", path: "/user/get-balance"}}

// Balance is what an account at Just One API has left.
type Balance struct {
	Amount   json.Number // 0 or more, as the source spells it
	Currency string      // three capital letters; "" where the source names none
	At       time.Time   // when the request began
}

// balance is one request for the balance.
type balance struct {
	done chan struct{} // closed when the members below are set
	Balance
	failed *Error
}

// Balance gives the account's balance. It makes at most one request a minute, which its
// callers share, whether that worked or not. The error is an *Error.
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
		e.Billed = NotBilled
		if e.Kind == NotFound || e.Kind == CollectionFailed { // they are about bloggers
			e.Kind = UpstreamError
		}
		return "", "", &e
	}
	return readBalance(r.Data())
}

// Spellings of an amount and of a currency that have only one meaning.
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

// scalar gives the text of a string, and any other value as it is spelled; "" for null
// and for a missing value.
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

// Usage gives the requests of the last 24 hours: of all processes that share the store,
// or of this process where there is no store. An error means that the store could not be
// read.
func (l *Lookups) Usage(ctx context.Context) (Usage, error) {
	if l.guard.store == nil {
		return l.memory.usage(), nil
	}
	end, ok := l.beginReading()
	if !ok {
		return Usage{}, shuttingDown()
	}
	defer end()
	return l.guard.visit().usage(ctx)
}

// Budget is the most requests in 24 hours; 0 is no limit.
func (l *Lookups) Budget() int { return l.memory.budget }
