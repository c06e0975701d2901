package tools

import (
	_ "embed" // for icon.png
	"encoding/base64"

	"github.com/mark3labs/mcp-go/mcp"
)

//go:embed icon.png
var icon []byte

// Icons is the picture of the server and its tools. It is inside the
// declarations, so that showing it takes no request.
func Icons() []mcp.Icon {
	return []mcp.Icon{{Src: "data:image/png;base64," + base64.StdEncoding.EncodeToString(icon), MIMEType: "image/png", Sizes: []string{"48x48"}}}
}
