module pgy-mcp

go 1.25.5

require (
	github.com/invopop/jsonschema v0.14.0
	github.com/patrickmn/go-cache v2.1.0+incompatible
	github.com/pb33f/ordered-map/v2 v2.3.1
	golang.org/x/time v0.15.0
)

require (
	github.com/bahlo/generic-list-go v0.2.0 // indirect
	github.com/buger/jsonparser v1.1.2 // indirect
	go.yaml.in/yaml/v4 v4.0.0-rc.2 // indirect
)
