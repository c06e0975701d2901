package program

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// UntilSignal returns a context that the first interrupt, SIGTERM or SIGHUP cancels; the
// second one ends the process. It also ignores SIGPIPE: a client that leaves must not kill
// the server during a write.
func UntilSignal() context.Context {
	signal.Ignore(syscall.SIGPIPE)
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // nohup ignores it
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		<-signals
		signal.Stop(signals) // first, so that a second signal has its default effect
		cancel()
	}()
	return ctx
}
