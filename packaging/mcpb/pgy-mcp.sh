#!/bin/sh
# Starts the program for this processor. Claude Desktop runs this file with
# /bin/sh, because unpacking a bundle may lose the run bit.
here=$(dirname "$0")
case $(uname -m) in
  x86_64 | amd64) program=$here/pgy-mcp-linux-amd64 ;;
  aarch64 | arm64) program=$here/pgy-mcp-linux-arm64 ;;
  *)
    echo "pgy-mcp: this bundle has no program for the processor $(uname -m)" >&2
    exit 1
    ;;
esac
[ -x "$program" ] || chmod u+x "$program"
exec "$program" "$@"
