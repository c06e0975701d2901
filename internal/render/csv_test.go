package render

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgy-mcp/internal/lang"
	"pgy-mcp/schema"
)

const csvHeader = "rank,name,userId,status,priceCny,priceWithFeeCny,imagePriceCny,videoPriceCny,cnyPerEngagement,cnyPerRead,cnyPerThousandFollowers,cnyPerFormatEngagement,cnyPerFormatRead,cnyPerSponsoredEngagement,cnyPerSponsoredRead," +
	"followers,followerGrowthRate30dPercent,readMedian,engagementMedian,engagementToReadRatio,sponsoredReadMedian30d,sponsoredNotes30d,platformCpmCny,platformCnyPerEngagement,platformCnyPerRead,mcn,categories,location,health,profileUrl,fetchedAt,flags,notBookable,outside,error"

// inCSV is a comparison in CSV, in English.
func inCSV(c *schema.Comparison) string { return CSV(lang.English, schema.Columns, c.Rows) }

// csvLine is a line with these cells, by the names of csvHeader, and empty ones.
func csvLine(cells map[string]string) string {
	line := strings.Split(csvHeader, ",")
	for i, name := range line {
		line[i] = cells[name]
	}
	return strings.Join(line, ",") + "\r\n"
}

func TestCSV(t *testing.T) {
	full := fullRow(t)
	full.Error = ""
	c := schema.Comparison{Rows: []schema.Row{
		full,
		{UserID: "5a3e1e0000000000000000e1", Error: "not_found: There is none."},
		{UserID: documentedID, EngagementToReadRatio: figure(-0.5), Followers: figure[int64](-1234567)},
	}}
	want := "\ufeff" + csvHeader + "\r\n" +
		"3,团子有点咸," + documentedID + ",open,18000.5,19800.55,13000,18000.5,24.13,0.2792,173.6,25,0.3,31.25,0.2535,1103684,-0.1,64478,746,0.01157,71002.5,6,227.75,20.14,1.78," +
		"样例传媒,母婴; 家居,河北 廊坊,ordinary,https://example.invalid/,2026-05-01T00:00:00Z,low-active; stale,closed,over the limit,\r\n" +
		csvLine(map[string]string{"userId": "5a3e1e0000000000000000e1", "error": "not_found: There is none."}) +
		csvLine(map[string]string{"userId": documentedID, "followers": "-1234567", "engagementToReadRatio": "-0.5"})
	if got := inCSV(&c); got != want {
		t.Errorf("with rows: got\n%q, want\n%q", got, want)
	}
	if got, want := inCSV(&schema.Comparison{}), "\ufeff"+csvHeader+"\r\n"; got != want {
		t.Errorf("without rows: got %q, want %q", got, want)
	}
}

// What a blogger writes stays text in a spreadsheet, and stays in its cell.
func TestWordsInCSV(t *testing.T) {
	for in, want := range map[string]string{
		`=HYPERLINK("http://x","y")`: `'=HYPERLINK("http://x","y")`,
		"+8613800000000":             "'+8613800000000",
		"-1+1":                       "'-1+1",
		"@SUM(A1)":                   "'@SUM(A1)",
		"\t=1":                       "'\t=1",
		"=":                          "'=",
		"-":                          "'-",
		"a=b":                        "a=b",
		"'x":                         "'x",
		`a "b", c`:                   `a "b", c`,
		"a, b":                       "a, b",
		"a;b|c":                      "a;b|c",
		"小红书":                        "小红书",
		"＝1":                         "'＝1",
		"＋1":                         "'＋1",
		"－1":                         "'－1",
		"＠SUM(A1)":                   "'＠SUM(A1)",
		"a＝1":                        "a＝1",
		"123":                        "123",
		"":                           "",
	} {
		c := schema.Comparison{Rows: []schema.Row{{UserID: documentedID, Name: in, MCN: in, Categories: []string{in}, Flags: []string{in}, Location: in, Error: in}}}
		records, err := csv.NewReader(strings.NewReader(inCSV(&c))).ReadAll()
		if err != nil || len(records) != 2 {
			t.Errorf("%q: got %d records, %v; want 2", in, len(records), err)
			continue
		}
		for i, name := range strings.Split(csvHeader, ",") {
			if got := records[1][i]; (name == "name" || name == "mcn" || name == "categories" || name == "flags" || name == "location" || name == "error") && got != want {
				t.Errorf("%s %q: got %q, want %q", name, in, got, want)
			}
		}
	}
}

// A name with line breaks is one line by the time it is written.
func TestLineBreaksInCSV(t *testing.T) {
	c := compareNamed(`=a\r\n\"b\",\tc\u2028d`, schema.ByPriceCNY, documentedID)
	lines := strings.Split(inCSV(c), "\r\n")
	if len(lines) != 3 {
		t.Fatalf("CSV of one row: got %d lines %.300q, want 3", len(lines), lines)
	}
	if want := `1,"'=a ""b"", c d",` + documentedID; !strings.HasPrefix(lines[1], want) {
		t.Errorf("CSV: got the row %q, want it to begin with %q", lines[1], want)
	}
}

// An id that a spreadsheet would read as a number, and lose, is guarded; no other is.
func TestIDsInCSV(t *testing.T) {
	for in, want := range map[string]string{
		"659902100000000220036100": "'659902100000000220036100",
		"659902e10000000022003610": "'659902e10000000022003610",
		"659902E10000000022003610": "'659902E10000000022003610",
		"4639645438":               "'4639645438",
		"659902e1e000000022003610": "659902e1e000000022003610",
		"e59902100000000220036100": "e59902100000000220036100",
		"65990210000000022003610e": "65990210000000022003610e",
		documentedID:               documentedID,
	} {
		c := schema.Comparison{Rows: []schema.Row{{UserID: in}}}
		if got := strings.Split(strings.Split(inCSV(&c), "\r\n")[1], ",")[2]; got != want {
			t.Errorf("the id %s in CSV: got %s, want %s", in, got, want)
		}
	}
}

// In Chinese header, status and flags are said, and figures stay as they are.
func TestChineseCSV(t *testing.T) {
	full := fullRow(t)
	full.Error, full.Pending, full.NotCached = "", false, false
	c := schema.Comparison{Rows: []schema.Row{full, {UserID: "5a3e1e0000000000000000e1", Error: "not_found：没有。"}}}
	records, err := csv.NewReader(strings.NewReader(CSV(lang.Chinese, schema.Columns, c.Rows))).ReadAll()
	if err != nil || len(records) != 3 {
		t.Fatalf("the Chinese CSV of 2 rows: got %d records, %v; want 3", len(records), err)
	}
	english, err := csv.NewReader(strings.NewReader(inCSV(&c))).ReadAll()
	if err != nil {
		t.Fatalf("the English CSV: got %v, want records", err)
	}
	said := map[string][2]string{"status": {"可接单", "查询失败"}, "health": {"普通", ""}, "flags": {"低活; 数据过期", ""}}
	for i, column := range schema.Columns {
		header := column.Header.Zh
		if i == 0 {
			header = "\ufeff" + header
		}
		if got := records[0][i]; got != header {
			t.Errorf("the header of %s: got %q, want %q", column.Name, got, header)
		}
		for row := range 2 {
			want := english[1+row][i]
			if words, ok := said[column.Name]; ok {
				want = words[row]
			}
			if got := records[1+row][i]; got != want {
				t.Errorf("%s of row %d: got %q, want %q", column.Name, row, got, want)
			}
		}
	}
}
