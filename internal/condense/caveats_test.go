package condense

import (
	"encoding/json"
	"testing"

	"pgy-mcp/schema"
)

// checkCaveats compares the caveats of several data objects.
func checkCaveats(t *testing.T, want map[string][]schema.Caveat) {
	t.Helper()
	for data, want := range want {
		_, got := Profile(json.RawMessage(data), Terms{})
		sameCaveats(t, "Profile("+data+")", got, want...)
	}
}

func TestHealth(t *testing.T) {
	check(t, "health", map[string]string{
		`{"currentLevel":0}`:   `"abnormal"`,
		`{"currentLevel":"0"}`: `"abnormal"`,
		`{"currentLevel":1}`:   `"ordinary"`,
		`{"currentLevel":2.0}`: `"excellent"`,
		`{"currentLevel":3}`:   "absent",
		`{"currentLevel":-1}`:  "absent",
		`{"currentLevel":0.5}`: "absent",
		`{"nextLevel":1}`:      "absent",
	})
	abnormal, ordinary := []schema.Caveat{schema.AbnormalHealth.With()}, []schema.Caveat{schema.OrdinaryHealth.With()}
	checkCaveats(t, map[string][]schema.Caveat{
		`{"currentLevel":0}`: abnormal, `{"currentLevel":"0"}`: abnormal, `{"currentLevel":1}`: ordinary,
		`{"currentLevel":2}`: nil, `{"currentLevel":3}`: nil, `{"currentLevel":-1}`: nil, `{"currentLevel":null}`: nil,
	})
}

func TestFollowersThatDisagree(t *testing.T) {
	disagree := func(a, b int64) []schema.Caveat { return []schema.Caveat{schema.FollowersDisagree.With(a, b)} }
	checkCaveats(t, map[string][]schema.Caveat{
		`{"fansNum":52310,"fansCount":5231}`:      disagree(52310, 5231),
		`{"fansNum":"52310","fansCount":52311.0}`: disagree(52310, 52311),
		`{"fansNum":52310,"fansCount":"52310"}`:   nil,
		`{"fansNum":0,"fansCount":5231}`:          nil,
		`{"fansNum":52310,"fansCount":0}`:         nil,
		`{"fansNum":52310,"fansCount":"-"}`:       nil,
		`{"fansNum":-1,"fansCount":5231}`:         nil,
		`{"fansNum":null,"fansCount":5231}`:       nil,
	})
}

func TestSponsoredNotes(t *testing.T) {
	few := func(n float64) []schema.Caveat { return []schema.Caveat{schema.FewSponsoredNotes.With(n)} }
	unknown := []schema.Caveat{schema.SponsoredNotesUnknown.With()}
	checkCaveats(t, map[string][]schema.Caveat{
		`{"readMidCoop30":500,"coopNoteNum30d":1}`:                       few(1),
		`{"accumCoopImpMedinNum30d":500,"coopNoteNum30d":3}`:             few(3),
		`{"accumCoopImpMedinNum30d":500}`:                                unknown,
		`{"interMidCoop30":500,"coopNoteNum30d":"4"}`:                    few(4),
		`{"readMidCoop30":500,"interMidCoop30":50,"coopNoteNum30d":5}`:   nil,
		`{"readMidCoop30":500,"interMidCoop30":50,"coopNoteNum30d":0}`:   unknown,
		`{"readMidCoop30":500}`:                                          unknown,
		`{"interMidCoop30":"50","coopNoteNum30d":null}`:                  unknown,
		`{"interMidCoop30":50,"coopNoteNum30d":-3}`:                      unknown,
		`{"readMidCoop30":0,"interMidCoop30":null,"coopNoteNum30d":3}`:   nil, // no median rests on them
		`{"readMidCoop30":0,"interMidCoop30":"-","coopNoteNum30d":null}`: nil,
	})
}

// A pair of which one figure must be wrong stays, with a caveat that names both.
func TestImpossiblePairs(t *testing.T) {
	checkCaveats(t, map[string][]schema.Caveat{
		`{"coopNoteNum30d":6,"businessNoteCount":5}`:                   {schema.SponsoredAboveAll.With(6.0, int64(5))},
		`{"coopNoteNum30d":6,"totalNoteCount":"4"}`:                    {schema.SponsoredAboveAll.With(6.0, int64(4))},
		`{"coopNoteNum30d":6,"businessNoteCount":6}`:                   nil,
		`{"coopNoteNum30d":6,"businessNoteCount":null}`:                nil,
		`{"coopNoteNum30d":0,"businessNoteCount":5}`:                   nil,
		`{"hundredLikePercent30":40,"thousandLikePercent30":40.5}`:     {schema.LikesOutOfOrder.With(40.5, 40.0)},
		`{"hundredLikePercent30":40.5,"thousandLikePercent30":"40.5"}`: nil,
		`{"hundredLikePercent30":0,"thousandLikePercent30":40.5}`:      nil, // not filled
		`{"hundredLikePercent30":40,"thousandLikePercent30":317}`:      nil, // left out
	})
	check(t, "platformMetrics", map[string]string{
		`{"hundredLikePercent30":40,"thousandLikePercent30":40.5,"coopNoteNum30d":6,"businessNoteCount":5}`: `{"notesOver1000LikesPercent30d":40.5,"notesOver100LikesPercent30d":40,"sponsoredNotes30d":6}`,
	})
	check(t, "businessNotes", map[string]string{`{"coopNoteNum30d":6,"businessNoteCount":5}`: "5"})
}

// An object without any known member is another kind of answer, not a blogger of whom
// nothing is known.
func TestNothingKnown(t *testing.T) {
	nothing := []schema.Caveat{schema.NothingKnown.With()}
	checkCaveats(t, map[string][]schema.Caveat{
		`{}`: nothing, `{"userId":"` + documented + `"}`: nothing, `{"userId":"` + documented + `","items":[],"FANSNUM":5,"unheardOf":7}`: nothing,
		`{"userId":"` + documented + `","name":"x"}`: nil, `{"fansNum":null}`: nil, `{"mCpuvNum30d":0}`: nil, `{"interMidNum":1}`: nil, `{"clothingIndustryPrice":null}`: nil,
	})
}
