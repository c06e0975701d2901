package condense

import (
	"cmp"
	"regexp"
	"slices"

	"pgy-mcp/schema"
)

const (
	// maxRows is how many notes the upstream has on a page.
	maxRows = 8
	// maxTitle is how many characters of a note's title or brand are shown.
	maxTitle = 60

	noteURL = "https://www.xiaohongshu.com/explore/"
)

var noteID = regexp.MustCompile(`^[0-9a-fA-F]{24}$`)

// listNotes reads the page of notes. It filters sponsored notes by format, because the
// upstream has no parameter for that.
func listNotes(p *schema.Part, f fields) []schema.Caveat {
	page := f.objects("list")
	all := p.Scope != schema.ScopeSponsored || p.Format == schema.FormatAll
	for _, o := range page {
		row, ok := noteRow(o)
		if ok && (all || row.Format == p.Format) && len(p.Rows) < maxRows {
			p.Rows = append(p.Rows, row)
		}
	}
	if p.Scope == schema.ScopeSponsored {
		p.Brands, p.WorstSponsored = brands(p.Rows), worstNote(p.Rows)
	}
	switch {
	case !all && len(page) > 0:
		return []schema.Caveat{schema.NotesOfOneFormat.With(p.Format.Word(), len(page))}
	case len(p.Rows) == 0:
		return []schema.Caveat{schema.NoNotesListed.With()}
	}
	return nil
}

// noteRow reads one note; ok is false if it has no member that can be read.
func noteRow(o fields) (schema.NoteRow, bool) {
	r := schema.NoteRow{
		Title:       cut(o.cleanText("title"), maxTitle),
		PublishedOn: o.day("date"),
		Brand:       cut(o.cleanText("brandName"), maxTitle),
		Reads:       o.counted("readNum"),
		Likes:       o.counted("likeNum"),
		Collects:    o.counted("collectNum"),
		ShopVisits:  o.positive("thirdReadUserNum"),
	}
	if id := o.cleanText("noteId"); noteID.MatchString(id) {
		r.URL = noteURL + id
	}
	if video := o.boolean("isVideo"); video != nil {
		r.Format = schema.FormatImage
		if *video {
			r.Format = schema.FormatVideo
		}
	}
	return r, r != schema.NoteRow{}
}

// brands counts the notes of each brand, the latest brand first.
func brands(rows []schema.NoteRow) []schema.Brand {
	var out []schema.Brand
	for _, r := range rows {
		if r.Brand == "" {
			continue
		}
		i := slices.IndexFunc(out, func(b schema.Brand) bool { return b.Brand == r.Brand })
		if i < 0 {
			i = len(out)
			out = append(out, schema.Brand{Brand: r.Brand})
		}
		out[i].Notes++
		out[i].LastOn = max(out[i].LastOn, r.PublishedOn)
	}
	slices.SortStableFunc(out, func(a, b schema.Brand) int { return cmp.Compare(b.LastOn, a.LastOn) })
	return out
}

// worstNote returns the note with the fewest reads, the first of equals; nil if the reads
// of all notes are unknown.
func worstNote(rows []schema.NoteRow) *schema.WorstNote {
	var worst *schema.WorstNote
	for _, r := range rows {
		if r.Reads != nil && (worst == nil || *r.Reads < worst.Reads) {
			worst = &schema.WorstNote{Reads: *r.Reads, URL: r.URL}
		}
	}
	return worst
}
