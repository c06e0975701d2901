package condense

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Only the facts that come from a member change where its type changes.
func TestTypeChangesInEveryMember(t *testing.T) {
	var data map[string]json.RawMessage
	if err := json.Unmarshal([]byte(sampleData(t, full)), &data); err != nil {
		t.Fatalf("the profile of %s: got %v, want JSON", full, err)
	}
	all := summaryOf(t, encode(t, data))
	unchanged := encode(t, all)
	intact := map[string]string{}
	for member := range all {
		intact[member] = show(all, member)
	}
	if hollow := hollow("", all); len(hollow) > 0 {
		t.Fatalf("Profile of %s: got %v hollow, want none", full, hollow)
	}
	for _, key := range slices.Sorted(maps.Keys(data)) {
		kept := data[key]
		for _, other := range []string{`{}`, `[]`, `{"a":{"b":[1]}}`, `[[{"a":null}],7]`, `true`, `"暂无"`, `null`} {
			data[key] = json.RawMessage(other)
			s := summaryOf(t, encode(t, data))
			if encode(t, s) == unchanged {
				continue
			}
			if hollow := hollow("", s); len(hollow) > 0 {
				t.Fatalf("Profile with %s as %s: got %v hollow, want none", key, other, hollow)
			}
			for member, want := range intact {
				if got := show(s, member); !dependsOn[key][member] && got != want {
					t.Errorf("Profile with %s as %s: got %s as %s, want %s as before; if it should change, add it to dependsOn", key, other, member, got, want)
				}
			}
		}
		data[key] = kept
	}
}

// hollow lists the members that are 0, "", null or empty without being facts.
func hollow(path string, v any) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			out = append(out, path)
		}
		for k, e := range v {
			out = append(out, hollow(path+"."+k, e)...)
		}
	case []any:
		for _, e := range v {
			out = append(out, hollow(path+"[]", e)...)
		}
		mayBeEmpty := path == ".notProvided" || path == ".caveats" || path == ".contentCategories[].subcategories"
		if len(v) == 0 && !mayBeEmpty {
			out = append(out, path)
		}
	case json.Number:
		if x, err := v.Float64(); (err != nil || x == 0) && path != ".businessNotes" {
			out = append(out, path)
		}
	case string:
		if v == "" || v == "暂无" && (path == ".location" || path == ".mcn") {
			out = append(out, path)
		}
	case nil:
		out = append(out, path)
	}
	return out
}

// dependsOn names the members of a summary that come from an upstream key.
var dependsOn = func() map[string]map[string]bool {
	m := map[string]map[string]bool{}
	for key, members := range map[string]string{
		"userId": "userId profileUrl pgyUrl", "name": "name", "redId": "redId", "location": "location", "gender": "gender", "noteSign": "mcn",
		"contentTags": "contentCategories", "personalTags": "personalTags", "featureTags": "featureTags", "tradeType": "cooperationIndustries",
		"cooperType": "onPgy caveats", "lowActive": "lowActive caveats", "currentLevel": "healthLevel", "businessNoteCount": "businessNotes",
		"likeCollectCountInfo": "likesAndCollects notProvided",
		"clickMidNum":          "readMedian engagementToReadRatio readToFollowerRatio quotes notProvided",
		"mEngagementNum":       "engagementMedian engagementToReadRatio quotes notProvided",
		"pictureState":         "quotes notProvided caveats", "picturePrice": "quotes notProvided caveats",
		"videoState": "quotes notProvided caveats", "videoPrice": "quotes notProvided caveats",
	} {
		m[key] = map[string]bool{}
		for member := range strings.FieldsSeq(members) {
			m[key][member] = true
		}
	}
	for _, key := range metricKeys {
		m[key] = map[string]bool{"platformMetrics": true}
	}
	return m
}()
