package upstream

import (
	"encoding/json"
	"strings"
)

// row is a blogger inside an answer to another query. It is kept as an entry under query.
type row struct {
	query Query
	data  json.RawMessage
}

// searchRows gives the bloggers of a search, without those that have no userId.
func searchRows(data []byte) []row {
	var rows []row
	for _, kol := range kols(data) {
		if id := idIn(kol, "userId"); isID(id) {
			rows = append(rows, row{SearchRow.Query(id, Options{}), kol})
		}
	}
	return rows
}

// noteAuthor gives the author of a note as a single row; nil if the note has no userId.
func noteAuthor(data []byte) []row {
	author := member(data, "userInfo")
	if id := idIn(author, "userId"); isID(id) {
		return []row{{NoteAuthor.Query(id, Options{}), author}}
	}
	return nil
}

// kols gives the bloggers in the answer to a search; nil where it has none.
func kols(data []byte) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal(member(data, "kols"), &list)
	return list
}

// member gives a member of an object; nil if it has none of that name.
func member(object json.RawMessage, name string) json.RawMessage {
	var m map[string]json.RawMessage // not a struct: keys are matched exactly
	_ = json.Unmarshal(object, &m)
	return m[name]
}

// idIn reads the id in a member, in lower case; "" if there is none.
func idIn(object json.RawMessage, name string) string {
	var id string
	_ = json.Unmarshal(member(object, name), &id)
	return strings.ToLower(strings.TrimSpace(id))
}

// isID reports 24 lower-case hex digits.
func isID(s string) bool {
	return len(s) == 24 && strings.Trim(s, "0123456789abcdef") == ""
}
