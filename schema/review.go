package schema

import "slices"

// MaxReviewed is how many notes a call of review_notes takes at most.
const MaxReviewed = 20

// NoteSortKey is the figure that ranks the notes of a review.
type NoteSortKey string

// NoteSortKeys lists the sort keys, named as the members they sort by.
var NoteSortKeys = []NoteSortKey{NotesByCNYPerRead, NotesByCNYPerEngagement, NotesByCPM, NotesByReads, NotesByEngagements, NotesByReadsToMedian}

// The sort keys.
const (
	NotesByCNYPerRead       NoteSortKey = "cnyPerRead"
	NotesByCNYPerEngagement NoteSortKey = "cnyPerEngagement"
	NotesByCPM              NoteSortKey = "cpmCny"
	NotesByReads            NoteSortKey = "reads"
	NotesByEngagements      NoteSortKey = "engagements"
	NotesByReadsToMedian    NoteSortKey = "readsToMedian"
)

// Ascending reports whether the smallest value ranks first, as for costs.
func (k NoteSortKey) Ascending() bool {
	return !slices.Contains([]NoteSortKey{NotesByReads, NotesByEngagements, NotesByReadsToMedian}, k)
}

// Review is the structured result of review_notes.
type Review struct {
	Rows   []ReviewRow  `json:"rows"`
	Totals ReviewTotals `json:"totals"`
	Meta   ReviewMeta   `json:"meta"`
}

// ReviewRow holds the figures of one note, amounts in CNY. What is unknown is absent; a
// row whose look-up failed has only its noteId, what was paid and the error.
type ReviewRow struct {
	Rank                  *int     `json:"rank,omitempty"`
	NoteID                string   `json:"noteId"`
	URL                   string   `json:"url,omitempty"`
	Title                 string   `json:"title,omitempty"`
	Format                Format   `json:"format,omitempty" jsonschema:"enum=image,enum=video"`
	PublishedOn           string   `json:"publishedOn,omitempty"` // YYYY-MM-DD, Asia/Shanghai
	DaysOut               *int     `json:"daysOut,omitempty"`
	UserID                string   `json:"userId,omitempty"`
	Name                  string   `json:"name,omitempty"`
	Brand                 string   `json:"brand,omitempty"`
	Impressions           *int64   `json:"impressions,omitempty"`
	Reads                 *int64   `json:"reads,omitempty"`
	Likes                 *int64   `json:"likes,omitempty"`
	Collects              *int64   `json:"collects,omitempty"`
	Comments              *int64   `json:"comments,omitempty"`
	Shares                *int64   `json:"shares,omitempty"`
	NewFollowers          *int64   `json:"newFollowers,omitempty"`
	Engagements           *int64   `json:"engagements,omitempty"`
	ReadRatePercent       *float64 `json:"readRatePercent,omitempty"`
	EngagementRatePercent *float64 `json:"engagementRatePercent,omitempty"`
	PaidCNY               *float64 `json:"paidCny,omitempty"`
	NoteCosts
	ReadsToMedian       *float64 `json:"readsToMedian,omitempty"`
	EngagementsToMedian *float64 `json:"engagementsToMedian,omitempty"`
	NotProvided         []string `json:"notProvided,omitempty"`
	FetchedAt           string   `json:"fetchedAt,omitempty"`
	Flags               []string `json:"flags,omitempty"`
	Error               string   `json:"error,omitempty"`

	// Pending and NotCached mark an error that is not a failure.
	Pending   bool `json:"-"`
	NotCached bool `json:"-"`
}

// HasCounts reports whether the platform has filled the note's counts.
func (r *ReviewRow) HasCounts() bool {
	return slices.ContainsFunc([]*int64{r.Impressions, r.Reads, r.Likes, r.Collects, r.Comments, r.Shares, r.NewFollowers}, func(n *int64) bool { return n != nil })
}

// NoteCosts are unit costs of what was paid, in CNY with 4 significant digits.
type NoteCosts struct {
	CPM              *float64 `json:"cpmCny,omitempty"`
	CNYPerRead       *float64 `json:"cnyPerRead,omitempty"`
	CNYPerEngagement *float64 `json:"cnyPerEngagement,omitempty"`
}

// ReviewTotals are sums over the rows with counts. PaidNotes and PaidCNY cover those rows
// that also have an amount. Each unit cost covers those that also have its divisor.
type ReviewTotals struct {
	Notes       int      `json:"notes"`
	Impressions *int64   `json:"impressions,omitempty"`
	Reads       *int64   `json:"reads,omitempty"`
	Engagements *int64   `json:"engagements,omitempty"`
	PaidNotes   int      `json:"paidNotes"`
	PaidCNY     *float64 `json:"paidCny,omitempty"`
	NoteCosts
}

// ReviewMeta says how the rows were made and what the call cost. Cached, Billed, Pending,
// Failed and NotCached count notes.
type ReviewMeta struct {
	SortBy          NoteSortKey `json:"sortBy,omitempty"`
	Source          string      `json:"source"`
	OldestFetchedAt string      `json:"oldestFetchedAt,omitempty"`
	NewestFetchedAt string      `json:"newestFetchedAt,omitempty"`
	Cached          int         `json:"cached"`
	Billed          int         `json:"billed"`
	Pending         int         `json:"pending"`
	Failed          int         `json:"failed"`
	NotCached       int         `json:"notCached"`
	CallsLeft       *int        `json:"callsLeft,omitempty"`
	Caveats         []string    `json:"caveats,omitempty"`
}
