package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"pgy-mcp/internal/config"
	"pgy-mcp/internal/lang"
	"pgy-mcp/tools"
)

// askAbove is how many paid requests a command makes without asking.
const askAbove = 20

// confirmed reports whether the command may go on. It asks a person at a terminal before
// more than askAbove paid requests.
func confirmed(ctx context.Context, set *tools.Set, cfg config.Config, console *Console, stdin io.Reader, stdout io.Writer) bool {
	attended := console.terminal || IsTerminal(stdin) || IsTerminal(stdout)
	pays := cfg.BaseURL != "" && !cfg.Token.IsZero()
	if cfg.Yes || *cachedOnlyFlag(&cfg) || !attended || !pays {
		return true
	}
	free := cfg
	*cachedOnlyFlag(&free) = true
	n := lookUp(ctx, set, free).notFresh
	if n <= askAbove {
		return true
	}
	question := set.Language.Say(lang.T{
		En: "This makes up to %d paid requests. Go on? [y/N] ",
		Zh: "最多会产生 %d 次付费请求。继续吗？[y/N] ",
	}, n)
	answer, asked := ask(ctx, question, console, stdin)
	if !asked || slices.Contains([]string{"y", "yes", "是", "好"}, strings.ToLower(answer)) {
		return true
	}
	_, _ = fmt.Fprintln(console, set.Language.Say(lang.T{En: "Nothing was looked up, and nothing was paid.", Zh: "没有查询，也没有付费。"}))
	return false
}

// ask asks a question on the terminal itself, since stdin may be the list. asked is false
// if there is no terminal. The answer is "" if ctx ends first.
func ask(ctx context.Context, question string, console *Console, stdin io.Reader) (answer string, asked bool) {
	in, out := stdin, io.Writer(console)
	if screen, keyboard, err := openTerminal(); err == nil {
		defer func() { _, _ = screen.Close(), keyboard.Close() }()
		in, out = keyboard, screen
	} else if !IsTerminal(stdin) {
		return "", false
	}
	_, _ = io.WriteString(out, question)
	line := make(chan string, 1)
	go func() {
		s, _ := bufio.NewReader(in).ReadString('\n')
		line <- strings.TrimSpace(s)
	}()
	select {
	case answer = <-line:
	case <-ctx.Done():
	}
	return answer, true
}

// openTerminal opens the terminal that the process was started at.
func openTerminal() (screen, keyboard *os.File, err error) {
	names := [2]string{"/dev/tty", "/dev/tty"}
	if runtime.GOOS == "windows" {
		names = [2]string{"CONOUT$", "CONIN$"}
	}
	if screen, err = os.OpenFile(names[0], os.O_RDWR, 0); err != nil {
		return nil, nil, err
	}
	if keyboard, err = os.OpenFile(names[1], os.O_RDWR, 0); err != nil {
		_ = screen.Close()
		return nil, nil, err
	}
	return screen, keyboard, nil
}

// Announced returns the list on standard input. If a person types it, the reader first
// writes to out how to end it.
func Announced(list io.Reader, out io.Writer) io.Reader {
	if !IsTerminal(list) {
		return list
	}
	return &announced{list, out}
}

type announced struct {
	io.Reader
	out io.Writer // nil once the hint is written
}

func (a *announced) Read(p []byte) (int, error) {
	if a.out != nil {
		end := "Ctrl-D"
		if runtime.GOOS == "windows" {
			end = "Ctrl-Z and Enter"
		}
		_, _ = fmt.Fprintf(a.out, "Reading the list from the terminal, one a line; %s on an empty line ends it.\n", end)
		a.out = nil
	}
	return a.Reader.Read(p)
}
