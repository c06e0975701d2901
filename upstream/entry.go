package upstream

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/crc32"
	"time"
)

const (
	// promiseTTL is how long the outcome of a look-up is kept for callers who got
	// "pending". It is also the age up to which an answer serves a refresh.
	promiseTTL = 5 * time.Minute
	// maxClockSkew is how far in the future an answer may have been fetched, by the
	// clock of another machine. An answer from later than that is not used.
	maxClockSkew = 10 * time.Minute
)

// entry is what is kept under a key: a paid answer, and how a later look-up failed.
type entry struct {
	response *Response
	missing  *Error    // the answer where the upstream has nothing: a billed NotFound
	nobody   bool      // the response is a search that found nobody
	at       time.Time // when the answer was fetched; zero without an answer
	promised bool      // a caller got "pending" for this answer
	failure  *failure  // nil where the latest look-up brought an answer

	checked time.Time // when the store was last known to have nothing newer
}

// failure is how a look-up failed whose request was sent.
type failure struct {
	err      *Error
	at       time.Time
	promised bool // a caller got "pending", and nobody was told of the failure since
	told     bool // this process has told a later caller of it
}

// answered reports whether the entry holds an answer, not only a failure.
func (e *entry) answered() bool { return e.response != nil || e.missing != nil }

// within reports whether the entry has an answer that is not older than limit.
func (e *entry) within(limit time.Duration) bool {
	age := time.Since(e.at)
	return e.answered() && age < limit && age > -maxClockSkew
}

func (e *entry) age() time.Duration { return max(time.Since(e.at), 0) }

// owed gives the failure that the next caller must be told; nil if there is none.
func (e *entry) owed() *failure {
	if f := e.failure; f != nil && f.promised && time.Since(f.at) < promiseTTL {
		return f
	}
	return nil
}

// hasTold reports whether this process has told a later caller of the failure f.
func (e *entry) hasTold(f *failure) bool {
	return e.failure != nil && e.failure.at.Equal(f.at) && e.failure.told
}

// size is how many bytes the entry's response takes in memory.
func (e *entry) size() int {
	if e.response == nil {
		return 0
	}
	return len(e.response.packed)
}

// ttl is how long an entry is fresh: a sixth of Settings.TTL where nothing was found.
func (l *Lookups) ttl(e *entry) time.Duration {
	if e.missing != nil || e.nobody {
		return l.settings.TTL / 6
	}
	return l.settings.TTL
}

// usable reports whether an entry can answer a look-up without a request. For a refresh
// it must also be younger than promiseTTL.
func (l *Lookups) usable(e *entry, refresh bool) bool {
	limit := l.ttl(e)
	if e.promised {
		limit = max(limit, promiseTTL)
	}
	if refresh {
		limit = min(limit, promiseTTL)
	}
	return e.within(limit)
}

// usableStale reports whether an entry may be served, marked stale, while the source
// fails.
func (l *Lookups) usableStale(e *entry) bool {
	return e.response != nil && e.within(l.settings.TTL+l.settings.Stale)
}

// keepFor is how much longer an entry may be of use; not above 0 if it is of no more use. An
// answer is of use for promiseTTL at least: it may be promised, or other processes may wait for it.
func (l *Lookups) keepFor(e *entry) time.Duration {
	keep := max(l.settings.TTL+l.settings.Stale, promiseTTL) - time.Since(e.at)
	if e.failure != nil {
		keep = max(keep, promiseTTL-time.Since(e.failure.at))
	}
	return keep
}

// The versions of records that this program reads.
const (
	answerRecord = 1
	// failureRecord is a failure without an answer. It has its own version, so that an older
	// program, which knows answerRecord alone, does not read it as an answer.
	failureRecord = 2
)

// record is the first line of a stored entry; the packed data object follows.
type record struct {
	Version   int       `json:"v"`
	Source    string    `json:"source"`
	Key       string    `json:"key"`
	At        time.Time `json:"at"`    // when the answer was fetched, else when the look-up failed
	Until     time.Time `json:"until"` // when the entry is of no more use
	Subject   string    `json:"userId,omitempty"`
	RequestID string    `json:"requestId,omitempty"`
	Missing   *reason   `json:"missing,omitempty"`
	Nobody    bool      `json:"nobody,omitempty"`
	Promised  bool      `json:"promised,omitempty"`
	Failed    *reason   `json:"failed,omitempty"`
	Size      int       `json:"size"`
	Sum       uint32    `json:"crc32"` // of what follows
}

// reason is an Error in a record, and what a failure has besides it.
type reason struct {
	Kind       Kind          `json:"kind"`
	Code       int           `json:"code,omitempty"`
	Status     int           `json:"status,omitempty"`
	Detail     string        `json:"detail,omitempty"`
	Billed     Billing       `json:"billed,omitempty"`
	RequestID  string        `json:"requestId,omitempty"`
	Final      bool          `json:"final,omitempty"`
	RetryAfter time.Duration `json:"retryAfterNs,omitempty"`
	At         time.Time     `json:"at,omitzero"`
	Promised   bool          `json:"promised,omitempty"`
}

// item encodes an entry for stores.
func (l *Lookups) item(key string, e *entry) Item {
	keep := l.keepFor(e)
	until := time.Now().Add(keep)
	r := record{Version: answerRecord, Source: l.settings.Upstream, Key: key, At: e.at, Until: until, Promised: e.promised}
	var packed []byte
	switch {
	case e.response != nil:
		packed = e.response.packed
		r.Subject, r.RequestID, r.Nobody = e.response.Subject, e.response.RequestID, e.nobody
	case e.missing != nil:
		r.Missing = &reason{Kind: e.missing.Kind, Code: e.missing.Code, Detail: e.missing.Detail}
		r.RequestID = e.missing.RequestID
	default:
		r.Version, r.At = failureRecord, e.failure.at
	}
	if f := e.failure; f != nil {
		r.Failed = &reason{f.err.Kind, f.err.Code, f.err.Status, f.err.Detail, f.err.Billed, f.err.RequestID, f.err.Final, f.err.RetryAfter, f.at, f.promised}
	}
	r.Size, r.Sum = len(packed), crc32.ChecksumIEEE(packed)
	head, err := json.Marshal(r)
	if err != nil {
		panic(err) // its members are plain
	}
	return Item{key, append(append(head, '\n'), packed...), keep}
}

// decode reads what item wrote. It gives nil for a value of another version, upstream or key.
// An error means that the value is damaged.
func (l *Lookups) decode(key string, value []byte) (*entry, error) {
	head, packed, _ := bytes.Cut(value, []byte("\n"))
	var r record
	if err := json.Unmarshal(head, &r); err != nil {
		return nil, errors.New("the first line of an answer is damaged")
	}
	if r.Version != answerRecord && r.Version != failureRecord || r.Source != l.settings.Upstream || r.Key != key {
		return nil, nil
	}
	if r.Size != len(packed) || r.Sum != crc32.ChecksumIEEE(packed) {
		return nil, errors.New("an answer is damaged")
	}
	e := &entry{promised: r.Promised}
	if f := r.Failed; f != nil {
		e.failure = &failure{
			err: &Error{Kind: f.Kind, Code: f.Code, Status: f.Status, Detail: f.Detail, Billed: f.Billed, RequestID: f.RequestID, Final: f.Final, RetryAfter: f.RetryAfter},
			at:  f.At, promised: f.Promised,
		}
	}
	if r.Version == answerRecord {
		e.at = r.At
	}
	switch {
	case r.Missing != nil:
		e.missing = &Error{Kind: r.Missing.Kind, Code: r.Missing.Code, Detail: r.Missing.Detail, Billed: Billed, RequestID: r.RequestID}
	case r.Version == answerRecord:
		if !unpacks(packed) {
			return nil, errors.New("the data of an answer is damaged")
		}
		e.response = &Response{Subject: r.Subject, FetchedAt: r.At, RequestID: r.RequestID, Billed: true, packed: packed}
		e.nobody = r.Nobody
	case e.failure == nil:
		return nil, nil
	}
	return e, nil
}
