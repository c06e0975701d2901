package tools

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/internal/lang"
	"pgy-mcp/internal/render"
	"pgy-mcp/schema"
	"pgy-mcp/upstream"
)

const (
	guideURI      = "pgy://field-guide"
	labelsURI     = "pgy://search-labels"
	bloggerPrefix = "pgy://blogger/"
	rawSuffix     = "/raw"
	rawName       = "blogger-raw" // in the log and in metrics too
	rawTemplate   = bloggerPrefix + "{userId}" + rawSuffix

	historySuffix   = "/history"
	historyTemplate = bloggerPrefix + "{userId}" + historySuffix
)

// RefuseURI returns the error for a URI that is too long, or "". The library would match a
// long URI with its templates for seconds.
func RefuseURI(uri string) string {
	if utf8.RuneCountInString(uri) <= schema.MaxCharacters {
		return ""
	}
	return invalidArguments(lang.English, schema.TooLong("the URI")).Error()
}

func (s *Set) registerResources(m *server.MCPServer) {
	addText := func(uri, name, title, description string, text func() string) {
		m.AddResource(mcp.NewResource(uri, name, mcp.WithResourceTitle(title), mcp.WithResourceDescription(description), mcp.WithMIMEType("text/markdown")),
			func(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
				return []mcp.ResourceContents{mcp.TextResourceContents{URI: uri, MIMEType: "text/markdown", Text: text()}}, nil
			})
	}
	addText(guideURI, "field-guide", "Field guide", "What each figure means, its unit and its traps, with the English and Chinese terms.", render.FieldGuide)
	addText(labelsURI, "search-labels", "Search labels", "What the filters of find_bloggers take: categories, personas, places, child stages, industries.",
		func() string { return render.SearchLabels(lang.English) })
	m.AddResourceTemplate(mcp.NewResourceTemplate(rawTemplate, rawName,
		mcp.WithTemplateTitle("Raw profile"),
		mcp.WithTemplateDescription("The upstream's data for one blogger, byte for byte. A paid request unless the profile is cached."),
		mcp.WithTemplateMIMEType("application/json"),
	), s.readRaw)
	m.AddResourceTemplate(mcp.NewResourceTemplate(historyTemplate, "blogger-history",
		mcp.WithTemplateTitle("History"),
		mcp.WithTemplateDescription("What paid answers said of one blogger over up to 400 days: quotes, followers, medians, health. Free: nothing is looked up."),
		mcp.WithTemplateMIMEType("application/json"),
	), s.readHistory)
	if s.Account {
		s.registerAccount(m)
	}
}

// readRaw serves the upstream's data. A failure is a protocol error with the text of a
// tool's failure. _meta says what the call cost.
func (s *Set) readRaw(ctx context.Context, r mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
	uri := r.Params.URI
	user, _ := userOf(uri, rawSuffix)
	id, err := schema.UserID(user)
	if err != nil {
		return nil, errors.New(invalidArguments(lang.English, err).Text())
	}
	var contents mcp.TextResourceContents
	err = s.observed(rawName, func(o *Outcome) error {
		l := s.Lookups.Lookup(profileOf(id), upstream.Ask{})
		await(ctx, s.Language, s.Wait, l)
		a, f, ok := s.collect(ctx, l, s.Wait, aBlogger)
		o.count(a)
		if !ok {
			o.fail(id, upstream.Profile.Name, f)
			return f
		}
		contents = mcp.TextResourceContents{URI: uri, MIMEType: "application/json", Text: string(a.Data()),
			Meta: map[string]any{"cached": a.Cached, "billed": a.Billed}}
		return nil
	})
	if f := (failure{}); errors.As(err, &f) {
		return nil, errors.New(f.Text())
	}
	return []mcp.ResourceContents{contents}, nil
}

// userOf returns the user in a URI that ends in suffix.
func userOf(uri, suffix string) (user string, ok bool) {
	user, hasPrefix := strings.CutPrefix(uri, bloggerPrefix)
	user, hasSuffix := strings.CutSuffix(user, suffix)
	if decoded, err := url.PathUnescape(user); err == nil {
		user = decoded
	}
	return user, hasPrefix && hasSuffix
}

// Hooks escape the user in a resource's URI. Clients put a profile URL there unescaped,
// which the library's templates do not match.
func Hooks() *server.Hooks {
	h := &server.Hooks{}
	h.AddBeforeReadResource(func(_ context.Context, _ any, r *mcp.ReadResourceRequest) {
		for _, suffix := range []string{rawSuffix, historySuffix} {
			if user, ok := userOf(r.Params.URI, suffix); ok {
				r.Params.URI = bloggerPrefix + strings.ReplaceAll(url.QueryEscape(user), "+", "%20") + suffix
			}
		}
	})
	return h
}
