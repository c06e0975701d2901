package program

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// UntilSignal returns the context of the process: the first signal to end cancels
// it, the second one ends the process at once. It also ignores SIGPIPE, so that a
// client that goes away does not kill the server in the middle of a write.
func UntilSignal() context.Context {
	signal.Ignore(syscall.SIGPIPE)
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) { // as nohup does
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		<-signals
		signal.Stop(signals) // first, so that a second signal has its default effect
		cancel()
	}()
	return ctx
}
