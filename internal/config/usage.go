package config

import (
	"flag"
	"fmt"
	"io"
	"slices"
)

const userUsage = `USER is a userId (24 hex digits) or a profile URL that carries it, alone or among
other words: https://www.xiaohongshu.com/user/profile/USERID
- reads a list from stdin, one USER a line, such as the rows of a sheet; a header
line, blank lines and lines that begin with # are skipped. A blogger who is not
cached costs a paid request, and each section of insights another; -budget limits
them.
`

const whoUsage = `WHO is a name, a 小红书号, a note's link, or an xhslink short link or the share text
around it; without it the flags say what to search for. A page of up to 20 bloggers
that is not cached costs a paid request, a note's link one, a short link one or two.
`

const noteUsage = `NOTE is a note id (24 hex digits), a note's URL or a share text with one; a bare id
may be followed by = and what was paid for the note, in CNY, fee included.
- reads notes from stdin, one a line: NOTE or NOTE,CNY, as a spreadsheet saves or
pastes it. A note that is not cached costs a paid request.
`

// Usage prints the help of the program, or of one of its commands.
func Usage(w io.Writer, command string) {
	if slices.Contains(withOperands, command) {
		operands, usage := "USER...", userUsage
		switch command {
		case "find":
			operands, usage = "[WHO]", whoUsage
		case "review":
			operands, usage = "NOTE[=CNY]...", noteUsage
		}
		_, _ = fmt.Fprintf(w, "pgy-mcp %s [flags] %s\n\n%s", command, operands, usage)
		if command == "history" {
			_, _ = fmt.Fprintln(w, "\nhistory asks nobody and pays nothing.")
		}
		printCommandFlags(w, command)
		_, _ = fmt.Fprintln(w, "\npgy-mcp -h lists the settings, which are flags here too.")
		return
	}
	_, _ = fmt.Fprint(w, `pgy-mcp tells AI agents what a Xiaohongshu blogger costs and delivers (an MCP server).

  pgy-mcp [flags]                    serve MCP, on stdin and stdout unless -transport says otherwise
  pgy-mcp profile [flags] USER...    look bloggers up and print them
  pgy-mcp compare [flags] USER...    rank bloggers in a table
  pgy-mcp insights [flags] USER...   print how notes perform, who follows, trends, replies and more
  pgy-mcp find [flags] [WHO]         find bloggers for a brief, by name, or by a link
  pgy-mcp review [flags] NOTE...     print what published notes brought, for what was paid
  pgy-mcp history [flags] USER...    print what earlier paid answers said of bloggers; free
  pgy-mcp account [flags]            print the balance at Just One API and the requests of the last 24 hours
  pgy-mcp healthcheck [-addr A]      ask /healthz of a server; the exit status says how it is
  pgy-mcp version                    print version, commit, date, Go version and MCP revisions

`+userUsage+"\n"+whoUsage+"\n"+noteUsage)
	for _, command := range append(slices.Clone(withOperands), "account") {
		printCommandFlags(w, command)
	}
	_, _ = fmt.Fprintf(w, "\nFlags, each one also an environment variable (-cache-ttl is %s):\n\n", variable("cache-ttl"))
	printFlags(w, new(parser).settingFlags())
	_, _ = fmt.Fprintf(w, "\nSecrets, from the environment only: %s, %s, and %s for a URL with a password.\nA variable whose name ends in %s names the file that holds the secret.\n", apiToken, authToken, redisURL, fileSuffix)
}

// printCommandFlags prints the flags of one command.
func printCommandFlags(w io.Writer, command string) {
	_, _ = fmt.Fprintf(w, "\nFlags of %s:\n\n", command)
	p := parser{Config: Config{Command: command}}
	fs := flag.NewFlagSet(command, flag.ContinueOnError)
	p.commandFlags(fs)
	printFlags(w, fs)
}

// printFlags prints one line a flag, with its default.
func printFlags(w io.Writer, fs *flag.FlagSet) {
	fs.VisitAll(func(f *flag.Flag) {
		usage := f.Usage
		if f.DefValue != "" {
			usage += " (" + f.DefValue + ")"
		}
		_, _ = fmt.Fprintf(w, "  -%-22s %s\n", f.Name, usage)
	})
}
