package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"

	"pgy-mcp/tools"
)

// answer is the response to a message or to a batch. The transport writes it and then
// calls end.
type answer struct {
	json [][]byte // in parts; nil is no response, empty is one that rest yields whole
	// rest yields further parts, which are made while they are written; nil is none.
	rest iter.Seq[[]byte]
	code int // of the JSON-RPC error; 0 for a result
	// done is called once, when the answer was written or cannot be. It may be nil.
	done func(delivered bool)
}

func (a answer) end(delivered bool) {
	if a.done != nil {
		a.done(delivered)
	}
}

// answerer answers message i of a packet. It calls awaitMemory before it encodes a large
// answer; that blocks until there is memory for it.
type answerer func(i int, m message, awaitMemory func()) answer

// respond answers the messages of a packet that want a reply. It answers those of a batch
// concurrently.
func (s *Server) respond(ctx context.Context, p packet, each answerer) answer {
	if p.batch {
		return s.respondToBatch(ctx, p, each)
	}
	if !p.messages[0].wantsReply() {
		return answer{}
	}
	var release func()
	a := each(0, p.messages[0], func() { release = s.acquireLarge(ctx) })
	if release == nil {
		return a
	}
	done := a.end
	a.done = func(delivered bool) {
		done(delivered)
		release()
	}
	return a
}

// acquireLarge waits until there is memory for a large answer or ctx ends. The caller must
// call release.
func (s *Server) acquireLarge(ctx context.Context) (release func()) {
	if !s.large.acquire(ctx, 1) {
		return func() {}
	}
	return func() { s.large.release(1) }
}

// respondToBatch joins the answers to a batch, in the order of its messages. Large answers
// are made while they are written, one after another, so that they need memory for one.
func (s *Server) respondToBatch(ctx context.Context, p packet, each answerer) answer {
	b := batch{calls: make([]batchCall, 0, len(p.messages))}
	for i, m := range p.messages {
		if !m.wantsReply() {
			continue
		}
		c := batchCall{answer: make(chan answer, 1), waits: make(chan struct{}), turn: make(chan struct{})}
		b.calls = append(b.calls, c)
		go func() {
			c.answer <- each(i, m, func() {
				close(c.waits)
				<-c.turn
			})
		}()
	}
	release := func() {}
	for _, c := range b.calls {
		select {
		case a := <-c.answer:
			c.answer <- a // parts takes it
		case <-c.waits:
			b.hasLarge = true
		}
	}
	if b.hasLarge {
		release = s.acquireLarge(ctx)
	}
	out := answer{done: func(delivered bool) {
		b.parts(func([]byte) bool { return true }) // take the answers that were not written
		for _, end := range b.ends {
			end(delivered)
		}
		release()
	}}
	if !b.hasLarge {
		b.parts(func(part []byte) bool {
			out.json = append(out.json, part)
			return true
		})
		return out
	}
	out.json, out.rest = [][]byte{}, b.parts
	return out
}

// batch builds the answer to a batch.
type batch struct {
	calls    []batchCall            // whose answers are not yet taken
	ends     []func(delivered bool) // of the answers taken
	hasLarge bool                   // one of the calls waits for its turn
}

// batchCall is one call of a batch. It sends an answer, or closes waits and waits for its
// turn to make a large one.
type batchCall struct {
	answer      chan answer
	waits, turn chan struct{}
}

// parts yields the JSON array of the answers, or nothing if there are none. If yield stops it
// within an answer, the next call of parts continues with the next answer.
func (b *batch) parts(yield func([]byte) bool) {
	separator := "["
	for len(b.calls) > 0 {
		c := b.calls[0]
		b.calls = b.calls[1:]
		close(c.turn)
		a := <-c.answer
		b.ends = append(b.ends, answer{done: a.done}.end) // without its parts
		if a.json == nil {                                // cancelled
			continue
		}
		if !yield([]byte(separator)) {
			return
		}
		separator = ","
		for _, part := range a.json {
			if !yield(part) {
				return
			}
		}
	}
	if separator == "," {
		yield([]byte("]"))
	}
}

// encode encodes a response of the library, with the client's spelling of the id.
func encode(m message, response mcp.JSONRPCMessage) answer {
	switch r := response.(type) {
	case mcp.JSONRPCResponse:
		return result(m.id, tools.JSON(r.Result))
	case mcp.JSONRPCError:
		// The library has only one code for a handler's errors.
		if r.Error.Code == mcp.INTERNAL_ERROR && (tools.IsInvalidArgument(r.Error.Message) || m.modern() && tools.IsNotFound(r.Error.Message)) {
			r.Error.Code = mcp.INVALID_PARAMS
		}
		return failure(m.id, r.Error)
	}
	return answer{}
}

// result makes a successful answer; parts is the encoded result.
func result(id json.RawMessage, parts ...[]byte) answer {
	return answer{json: envelope(id, `,"result":`, parts...)}
}

func errorResponse(id json.RawMessage, code int, text string) answer {
	return failure(id, mcp.JSONRPCErrorDetails{Code: code, Message: text})
}

func failure(id json.RawMessage, details mcp.JSONRPCErrorDetails) answer {
	if id == nil || !isID(id) {
		id = json.RawMessage("null")
	}
	return answer{code: details.Code, json: envelope(id, `,"error":`, tools.JSON(details))}
}

// refuseBatch is the answer to a batch of 2026-07-28.
func refuseBatch() answer {
	return errorResponse(nil, mcp.INVALID_REQUEST, "revision 2026-07-28 has no batches; send each message by itself")
}

func unknownRevision(id json.RawMessage, revision string, supported []string) answer {
	e := mcp.UnsupportedProtocolVersionError{Version: revision, Supported: supported}
	return failure(id, e.JSONRPCError().Error)
}

// envelope makes a JSON-RPC response, in parts.
func envelope(id json.RawMessage, member string, value ...[]byte) [][]byte {
	return slices.Concat([][]byte{[]byte(`{"jsonrpc":"2.0","id":`), tools.OneLine(id), []byte(member)}, value, [][]byte{[]byte("}")})
}

func progressNotification(token json.RawMessage, done, total float64, text string) []byte {
	return fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s,"progress":%v,"total":%v,"message":%s}}`,
		tools.OneLine(token), done, total, tools.JSON(text))
}
