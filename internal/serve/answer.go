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

// answer is the response to a message or to a batch. Its transport writes it and
// then calls end.
type answer struct {
	json [][]byte // in parts; nil where no response is due
	// rest are further parts, which are made while they are written; nil for none.
	rest iter.Seq[[]byte]
	code int // of the JSON-RPC error; 0 for a result
	// done is called once: when the answer was written to the client, or cannot be.
	done func(delivered bool)
}

func (a answer) end(delivered bool) {
	if a.done != nil {
		a.done(delivered)
	}
}

// answerer answers message i of a packet. It calls large before it puts a large
// answer into words; large blocks until there is memory for that.
type answerer func(i int, m message, large func()) answer

// respond answers the messages of a packet that want a reply. Those of a batch
// are answered side by side.
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

// acquireLarge waits for memory for a large answer, or until ctx ends. release
// gives it back.
func (s *Server) acquireLarge(ctx context.Context) (release func()) {
	if !s.large.acquire(ctx, 1) {
		return func() {}
	}
	return func() { s.large.release(1) }
}

// respondToBatch puts the answers to a batch together, in the order of its
// messages. The large ones are made while they are written, one after another, so
// that they need the memory of one.
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
			c.answer <- a
		case <-c.waits:
			b.large = true
		}
	}
	if b.large {
		release = s.acquireLarge(ctx)
	}
	out := answer{done: func(delivered bool) {
		b.parts(func([]byte) bool { return true }) // of those that were not written
		for _, end := range b.ends {
			end(delivered)
		}
		release()
	}}
	if !b.large {
		b.parts(func(part []byte) bool {
			out.json = append(out.json, part)
			return true
		})
		return out
	}
	out.json, out.rest = [][]byte{}, b.parts
	return out
}

// batch is the answer to a batch while it is put together.
type batch struct {
	calls []batchCall            // whose answers are not taken yet
	ends  []func(delivered bool) // of the answers that are
	large bool                   // one of the calls waits for its turn
}

// batchCall is one of its calls. It has an answer, or waits for its turn to make a
// large one.
type batchCall struct {
	answer      chan answer
	waits, turn chan struct{}
}

// parts gives the JSON array of the answers, nothing where there is none. After an
// early end the next call goes on behind the answer that was begun.
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

// encode writes a response of the library's with the id as the client spelled
// it.
func encode(m message, response mcp.JSONRPCMessage) answer {
	switch r := response.(type) {
	case mcp.JSONRPCResponse:
		return result(m.id, tools.JSON(r.Result))
	case mcp.JSONRPCError:
		// The library has one code for all that a handler returns.
		if r.Error.Code == mcp.INTERNAL_ERROR && (tools.IsInvalidArgument(r.Error.Message) || m.modern() && tools.IsNotFound(r.Error.Message)) {
			r.Error.Code = mcp.INVALID_PARAMS
		}
		return failure(m.id, r.Error)
	}
	return answer{}
}

// result answers with a result, which comes in parts.
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

// envelope puts a response together.
func envelope(id json.RawMessage, member string, value ...[]byte) [][]byte {
	return slices.Concat([][]byte{[]byte(`{"jsonrpc":"2.0","id":`), tools.OneLine(id), []byte(member)}, value, [][]byte{[]byte("}")})
}

func progressNotification(token json.RawMessage, done, total float64, text string) []byte {
	return fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s,"progress":%v,"total":%v,"message":%s}}`,
		tools.OneLine(token), done, total, tools.JSON(text))
}
