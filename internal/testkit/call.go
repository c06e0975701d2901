package testkit

import "fmt"

const (
	// DocumentedID is the blogger of the vendor's own example, who is among the samples.
	DocumentedID = "659902c1000000002200361b"
	// Token is an API token that no account has.
	Token = "a-token-of-no-account"
	// Ping is the message of a client's ping, with the id "p".
	Ping = `{"jsonrpc":"2.0","id":"p","method":"ping"}`
)

// BloggerID is the nth made-up blogger.
func BloggerID(n int) string { return fmt.Sprintf("%024x", n) }

// Call is the message of a client's call of get_blogger_profile.
func Call(id int, userID string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"get_blogger_profile","arguments":{"userId":%q}}}`, id, userID)
}
