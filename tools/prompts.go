package tools

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// cautions end every prompt.
const cautions = `Note: absent or notProvided values are unknown, not zero. Medians are over image and video notes together, so unit costs compare bloggers and are not the platform's own figures. Quotes are without the platform's service fee. Give no tier (头部, 腰部, nano …); none is official. Only an open quote can be booked.`

func registerPrompts(m *server.MCPServer) {
	m.AddPrompt(mcp.NewPrompt("evaluate_blogger",
		mcp.WithPromptTitle("Evaluate a blogger"),
		mcp.WithPromptDescription("Judges one blogger for a campaign."),
		mcp.WithArgument("userId", mcp.RequiredArgument(), mcp.ArgumentDescription("User id (24 hex digits) or profile URL")),
		mcp.WithArgument("brief", mcp.RequiredArgument(), mcp.ArgumentDescription("What the campaign is for and what matters")),
	), evaluatePrompt)
	m.AddPrompt(mcp.NewPrompt("shortlist_bloggers",
		mcp.WithPromptTitle("Shortlist bloggers"),
		mcp.WithPromptDescription("Picks bloggers for a campaign within a budget."),
		mcp.WithArgument("userIds", mcp.RequiredArgument(), mcp.ArgumentDescription(fmt.Sprintf("User ids or profile URLs, 1 to %d, separated by commas or blanks", schema.MaxCompared))),
		mcp.WithArgument("brief", mcp.RequiredArgument(), mcp.ArgumentDescription("What the campaign is for and what matters")),
		mcp.WithArgument("budgetCny", mcp.RequiredArgument(), mcp.ArgumentDescription("Budget in CNY, platform fee not included")),
	), shortlistPrompt)
	m.AddPrompt(mcp.NewPrompt("plan_campaign",
		mcp.WithPromptTitle("Plan a campaign"),
		mcp.WithPromptDescription("Finds bloggers for a brief and plans a campaign within a budget, with what each step costs."),
		mcp.WithArgument("brief", mcp.RequiredArgument(), mcp.ArgumentDescription("What the campaign is for and what matters")),
		mcp.WithArgument("budgetCny", mcp.RequiredArgument(), mcp.ArgumentDescription("Budget in CNY for all picks")),
	), planPrompt)
}

func evaluatePrompt(_ context.Context, r mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	id, err := schema.UserID(r.Params.Arguments["userId"])
	if err != nil {
		return nil, invalidArguments(lang.English, err)
	}
	brief, err := readBrief(r)
	if err != nil {
		return nil, err
	}
	return promptResult("Evaluate a blogger", fmt.Sprintf(`Evaluate the Xiaohongshu blogger %s for this campaign:

%s

Use get_blogger_profile first (one paid request if it is not cached). Then get_blogger_insights, where each section is one paid request:
- performance with scope sponsored and format image or video: what a paid note of that format brings; with the profile cached it has unit costs (合作CPM, 合作CPE). traffic organic asks once more, without what brands paid to promote.
- audience: who follows. trend: whether medians rise or fall. growth: a jump in followers. availability: whether the blogger answers. notes with scope sponsored: which brands paid, and the worst note.
- followers and costs only if they decide something.
Say before each request what it is for, and ask no section that changes nothing. These medians are of their own scope, format, window and traffic, not the profile's. Weigh: fit of categories and tags with the brief; medians against followers; whether a quote is open and what it costs per engagement and read; a falling trend; signs of caution (low-active, not onboarded, caveats). Before a booking ask the blogger what stays unknown: the price with the fee, the schedule, rights of use, and whether past notes were promoted.
%s`, id, brief, cautions)), nil
}

func shortlistPrompt(_ context.Context, r mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	ids, err := schema.UserIDs(r.Params.Arguments["userIds"])
	if err != nil {
		return nil, invalidArguments(lang.English, err)
	}
	brief, err := readBrief(r)
	if err != nil {
		return nil, err
	}
	budget, err := schema.CNY("budgetCny", r.Params.Arguments["budgetCny"])
	if err != nil {
		return nil, invalidArguments(lang.English, err)
	}
	return promptResult("Shortlist bloggers", fmt.Sprintf(`Pick bloggers for this campaign with a budget of %s CNY:

%s

Candidates: %s

Use compare_bloggers with budgetCny for the table and a plan (format video or image as the brief asks; each blogger who is not cached is one paid request), then get_blogger_profile for those that are close (one paid request each if it is not cached). Weigh fit with the brief, cost per engagement and read, and reach. The plan brings the most by medians alone: change it where fit, or a pick's flags (abnormal health, low-active), say so. The sum of the quotes stays within the budget; where the table has no prices with the platform's fee, leave room for the fee. Name the picks with their quotes and flags, the runners-up, and what is unknown.
%s`, lang.Number(budget), brief, strings.Join(ids, ", "), cautions)), nil
}

func planPrompt(_ context.Context, r mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	brief, err := readBrief(r)
	if err != nil {
		return nil, err
	}
	budget, err := schema.CNY("budgetCny", r.Params.Arguments["budgetCny"])
	if err != nil {
		return nil, invalidArguments(lang.English, err)
	}
	return promptResult("Plan a campaign", fmt.Sprintf(`Plan a campaign with Xiaohongshu bloggers within %s CNY:

%s

Steps, each with what it will cost:
1. Search: find_bloggers with what the brief says of categories, place, audience, followers, format and price of one note. One paid request for a page of up to %d bloggers; one page first. Where nobody or few are found, fewer filters; labels that are not known and rows marked outside show filters that did not work.
2. Comparison: compare_bloggers with up to %d who fit, format, sortBy, budgetCny %s, and maxPicks where the brief says how many. Bloggers just found cost nothing; any other one is a paid request. The plan is what brings the most within the budget; fit with the brief decides too.
3. A closer look at the picks: get_blogger_profile (one paid request each) says whether the price is shown; get_blogger_insights with the sections audience and performance (scope sponsored) one request each. Up to three paid requests a pick.
Say how many paid requests step 3 takes and let the user agree before it. At the end: the picks with quotes and reasons, the sum against the budget, the runners-up, what is unknown, and the paid requests made.
%s`, lang.Number(budget), brief, schema.PageSize, schema.MaxCompared, strconv.FormatFloat(budget, 'f', -1, 64), cautions)), nil
}

func readBrief(r mcp.GetPromptRequest) (string, error) {
	brief := strings.TrimSpace(r.Params.Arguments["brief"])
	switch {
	case brief == "":
		return "", invalidArguments(lang.English, errors.New("brief is missing: say what the campaign is for"))
	case utf8.RuneCountInString(brief) > schema.MaxCharacters:
		return "", invalidArguments(lang.English, schema.TooLong("brief"))
	}
	return brief, nil
}

func promptResult(title, text string) *mcp.GetPromptResult {
	return mcp.NewGetPromptResult(title, []mcp.PromptMessage{mcp.NewPromptMessage(mcp.RoleUser, mcp.NewTextContent(text))})
}
