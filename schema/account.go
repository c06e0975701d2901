package schema

import "encoding/json"

// Account is what the operator's account has left, and what was asked in the last 24
// hours by all processes that share the memory. What is not known is absent.
type Account struct {
	Balance   json.Number `json:"balance,omitempty"` // as the source spells it
	Currency  string      `json:"currency,omitempty"`
	Requests  Requests    `json:"requests,omitempty"`
	Budget    int         `json:"budget,omitempty"`    // most requests in 24 hours; absent without one
	CallsLeft *int        `json:"callsLeft,omitempty"` // of the budget
	AsOf      string      `json:"asOf"`                // RFC 3339, of the balance where there is one
	Errors    []string    `json:"errors,omitempty"`    // why something is absent, kind: sentence
}

// Requests are counts by endpoint, in the order of the endpoints.
type Requests []EndpointRequests

// EndpointRequests are the requests of one endpoint.
type EndpointRequests struct {
	Endpoint string `json:"-"`
	Sent     int    `json:"sent"`
	Billed   int    `json:"billed"`
}

// MarshalJSON implements json.Marshaler.
func (r Requests) MarshalJSON() ([]byte, error) {
	o := &object{}
	for _, e := range r {
		o.set(e.Endpoint, e)
	}
	return o.MarshalJSON()
}
