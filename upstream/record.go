package upstream

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/crc32"
	"time"
)

// recordVersion changes with the format; records of another one are not read.
const recordVersion = 1

// record is the first line of a stored entry; the packed data object follows.
type record struct {
	Version   int       `json:"v"`
	Source    string    `json:"source"`
	Key       string    `json:"key"`
	At        time.Time `json:"at"`
	UserID    string    `json:"userId,omitempty"`
	RequestID string    `json:"requestId,omitempty"`
	Missing   *missing  `json:"missing,omitempty"`
	Refreshes int       `json:"refreshes,omitempty"`
	Size      int       `json:"size"`
	Sum       uint32    `json:"crc32"` // of what follows
}

type missing struct {
	Kind   Kind   `json:"kind"`
	Code   int    `json:"code,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// Encode writes an entry as the bytes that stores keep. source is the upstream
// that it came from.
func (e Entry) Encode(source, key string) ([]byte, error) {
	r := record{Version: recordVersion, Source: source, Key: key, At: e.At, Refreshes: e.refreshes}
	var packed []byte
	switch {
	case e.Response != nil:
		packed = e.Response.packed
		r.UserID, r.RequestID = e.Response.Subject, e.Response.RequestID
	case e.Missing != nil:
		r.Missing = &missing{e.Missing.Kind, e.Missing.Code, e.Missing.Detail}
		r.RequestID = e.Missing.RequestID
	default:
		return nil, errors.New("an entry without an answer")
	}
	r.Size, r.Sum = len(packed), crc32.ChecksumIEEE(packed)
	head, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return append(append(head, '\n'), packed...), nil
}

// DecodeEntry reads what Encode wrote. It gives ErrNone for an entry of another
// version, upstream or key, and another error for one that is damaged.
func DecodeEntry(b []byte, source, key string) (Entry, error) {
	head, packed, _ := bytes.Cut(b, []byte("\n"))
	var r record
	if err := json.Unmarshal(head, &r); err != nil {
		return Entry{}, errors.New("its first line is damaged")
	}
	if r.Version != recordVersion || r.Source != source || r.Key != key {
		return Entry{}, ErrNone
	}
	if r.Size != len(packed) || r.Sum != crc32.ChecksumIEEE(packed) {
		return Entry{}, errors.New("its data is damaged")
	}
	if r.Missing != nil {
		e := &Error{Kind: r.Missing.Kind, Code: r.Missing.Code, Detail: r.Missing.Detail, Billed: Billed, RequestID: r.RequestID}
		return Entry{Missing: e, At: r.At, refreshes: r.Refreshes}, nil
	}
	// With that sum it unpacks: to try would take half of the time of a look-up
	// that Redis answers.
	if len(packed) == 0 {
		return Entry{}, errors.New("its data is missing")
	}
	return Entry{Response: &Response{Subject: r.UserID, FetchedAt: r.At, RequestID: r.RequestID, Billed: true, packed: packed}, At: r.At, refreshes: r.Refreshes}, nil
}
