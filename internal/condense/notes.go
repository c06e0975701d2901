package condense

import (
	"regexp"

	"pgy-mcp/schema"
)

const (
	// maxRows is how many notes the upstream has on a page.
	maxRows = 8
	// maxTitle is the most characters of a note's title or brand: other
	// people's text.
	maxTitle = 60

	noteURL = "https://www.xiaohongshu.com/explore/"
)

var noteID = regexp.MustCompile(`^[0-9a-fA-F]{24}$`)

// listNotes reads the page of notes. The upstream has no parameter for the
// format of sponsored notes: there it is applied here.
func listNotes(p *schema.Part, f fields) []schema.Caveat {
	page := f.objects("list")
	all := p.Scope != schema.ScopeSponsored || p.Format == schema.FormatAll
	for _, o := range page {
		row, ok := noteRow(o)
		if ok && (all || row.Format == p.Format) && len(p.Rows) < maxRows {
			p.Rows = append(p.Rows, row)
		}
	}
	switch {
	case !all && len(page) > 0:
		return []schema.Caveat{schema.NotesOfOneFormat.With(p.Format.Word(), len(page))}
	case len(p.Rows) == 0:
		return []schema.Caveat{schema.NoNotesListed.With()}
	}
	return nil
}

// noteRow reads one note; ok is false where nothing of it can be read.
func noteRow(o fields) (schema.NoteRow, bool) {
	r := schema.NoteRow{
		Title:       cut(o.words("title"), maxTitle),
		PublishedOn: cut(o.words("date"), maxTitle),
		Brand:       cut(o.words("brandName"), maxTitle),
		Reads:       o.counted("readNum"),
		Likes:       o.counted("likeNum"),
		Collects:    o.counted("collectNum"),
		ShopVisits:  o.positive("thirdReadUserNum"),
	}
	if id := o.words("noteId"); noteID.MatchString(id) {
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
