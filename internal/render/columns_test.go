package render

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

// fullRow has a value in every member.
func fullRow(t *testing.T) schema.Row {
	t.Helper()
	rank := 3
	r := schema.Row{
		Rank: &rank, UserID: documentedID, Name: "团子有点咸", Followers: figure[int64](1103684), ReadMedian: figure[int64](64478), EngagementMedian: figure[int64](746),
		EngagementToReadRatio: figure(0.01157), Status: schema.QuoteOpen, NotBookable: "closed", Outside: "over the limit", PriceCNY: figure(18000.5), PriceWithFeeCNY: figure(19800.55),
		ImagePriceCNY: figure(13000.0), VideoPriceCNY: figure(18000.5),
		UnitCosts: schema.UnitCosts{
			CNYPerEngagement: figure(24.13), CNYPerRead: figure(0.2792), CNYPerThousandFollowers: figure(173.6), CNYPerFormatEngagement: figure(25.0),
			CNYPerFormatRead: figure(0.3), CNYPerSponsoredEngagement: figure(31.25), CNYPerSponsoredRead: figure(0.2535),
		},
		PlatformCosts:          schema.PlatformCosts{PlatformCPM: figure(227.75), PlatformCNYPerEngagement: figure(20.14), PlatformCNYPerRead: figure(1.78)},
		SponsoredReadMedian30d: figure(71002.5), SponsoredNotes30d: figure(6.0), FollowerGrowthRate30dPercent: figure(-0.1),
		MCN: "样例传媒", Categories: []string{"母婴", "家居"}, Location: "河北 廊坊", Health: schema.HealthOrdinary, ProfileURL: "https://example.invalid/",
		FetchedAt: "2026-05-01T00:00:00Z", Flags: []string{"low-active", "stale"}, Error: "timeout: late.", Pending: true, NotCached: true,
	}
	for i, v := 0, reflect.ValueOf(r); i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Errorf("%s of the full row is zero, want a value", v.Type().Field(i).Name)
		}
	}
	return r
}

// The columns are the members of a row, each once, with the value that JSON has.
func TestColumnsAreTheMembersOfARow(t *testing.T) {
	full := fullRow(t)
	encoded, err := json.Marshal(full)
	if err != nil {
		t.Fatalf("json.Marshal(%+v): got %v, want JSON", full, err)
	}
	var members map[string]any
	if err := json.Unmarshal(encoded, &members); err != nil {
		t.Fatalf("the row %s: got %v, want a JSON object", encoded, err)
	}
	seen, drops := map[string]bool{}, map[int]bool{}
	for _, c := range schema.Columns {
		if seen[c.Name] {
			t.Errorf("the column %s is there twice, want it once", c.Name)
		}
		seen[c.Name] = true
		if drops[c.Drop] {
			t.Errorf("%s goes as number %d like another column, want a number of its own", c.Name, c.Drop)
		}
		if c.Drop < 0 || c.Drop > len(schema.Columns) {
			t.Errorf("%s goes as number %d, want 0 to %d", c.Name, c.Drop, len(schema.Columns))
		}
		drops[c.Drop] = c.Drop != 0
		want, ok := members[c.Name]
		if !ok {
			t.Errorf("a row has no member %s, want one for the column", c.Name)
			continue
		}
		if list, is := want.([]any); is {
			want = strings.TrimSuffix(fmt.Sprintln(list...), "\n")
			want = strings.ReplaceAll(want.(string), " ", "; ") // no word of the full row has a blank
		}
		if c.Figure != nil {
			if got, known := c.Figure(&full); !known || got != want {
				t.Errorf("%s: got %v, %v; want %v", c.Name, got, known, want)
			}
			if got, known := c.Figure(&schema.Row{}); known {
				t.Errorf("%s of an empty row: got %v, want unknown", c.Name, got)
			}
		} else if got := c.Text(&full); got != want {
			t.Errorf("%s: got %q, want %q", c.Name, got, want)
		}
	}
	for name := range members {
		if !seen[name] {
			t.Errorf("there is no column for %s, want one", name)
		}
	}
}

// Prose names what rows are ranked by as a person would.
func TestSortPhrases(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range schema.SortKeys {
		phrase := schema.ColumnOf(key).Ranking.En
		if phrase == string(key) && key != schema.ByFollowers {
			t.Errorf("%s: got %q, want other words than the member's name", key, phrase)
		}
		if strings.Contains(phrase, "Cny") {
			t.Errorf("%s: got %q, want no member's name in it", key, phrase)
		}
		if seen[phrase] {
			t.Errorf("%s: got %q, which stands for another key too, want words of its own", key, phrase)
		}
		seen[phrase] = true
	}
}

func TestCells(t *testing.T) {
	full, failedRow := fullRow(t), schema.Row{UserID: documentedID, Error: "not_found: none."}
	cells := func(r schema.Row) string {
		var out []string
		for i := range schema.Columns {
			out = append(out, cellText(lang.English, &schema.Columns[i], &r))
		}
		return strings.Join(out, "|")
	}
	full.Error, full.Pending, full.NotCached = "", false, false
	if got, want := cells(full), "3|团子有点咸|"+documentedID+"|open|18,000.5|19,800.55|13,000|18,000.5|24.13|0.279|173.60|25.00|0.300|31.25|0.254|1,103,684|-0.1 %|64,478|746|1.16 %|71,002.5|6|227.75|20.14|1.78|"+
		"样例传媒|母婴; 家居|河北 廊坊|ordinary|https://example.invalid/|2026-05-01T00:00:00Z|low-active, stale|closed|over the limit|"; got != want {
		t.Errorf("the cells of a full row are\n%s, want\n%s", got, want)
	}
	if got, want := cells(failedRow), "||"+documentedID+"|failed"+strings.Repeat("|", len(schema.Columns)-4)+"not_found: none."; got != want {
		t.Errorf("the cells of a failed row are\n%s, want\n%s", got, want)
	}
}

// A column that is empty in every row costs a reader nothing.
func TestShownColumns(t *testing.T) {
	names := func(rows ...schema.Row) string {
		var out []string
		for _, c := range tableColumns(lang.English, schema.Columns, rows, "platformCpmCny", "name", "userId") {
			out = append(out, c.name)
		}
		return strings.Join(out, " ")
	}
	one := schema.Row{UserID: documentedID}
	priced := schema.Row{UserID: documentedID, PriceCNY: figure(0.5), MCN: "x"}
	for _, c := range []struct {
		rows []schema.Row
		want string
	}{
		{nil, "name userId"},
		{[]schema.Row{one}, "name userId"},
		{[]schema.Row{one, priced}, "name userId priceCny mcn"},
		{[]schema.Row{one, {UserID: "x", Error: "timeout: late."}}, "name userId status"},
		// A detail is there where it ranks the rows.
		{[]schema.Row{one, {UserID: "x", PlatformCosts: schema.PlatformCosts{PlatformCPM: figure(1.0), PlatformCNYPerRead: figure(1.0)}}}, "name userId platformCpmCny"},
	} {
		if got := names(c.rows...); got != c.want {
			t.Errorf("%d rows: got %s, want %s", len(c.rows), got, c.want)
		}
	}
	want := "rank name userId status priceCny priceWithFeeCny cnyPerEngagement cnyPerRead followers followerGrowthRate30dPercent readMedian engagementMedian sponsoredReadMedian30d platformCpmCny mcn categories flags notBookable outside"
	if got := names(fullRow(t)); got != want {
		t.Errorf("a full row: got %s, want %s", got, want)
	}
}
