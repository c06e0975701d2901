package tools

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// A member of another type than ever seen costs that fact alone.
func TestTypeChangesInEveryMember(t *testing.T) {
	var data map[string]json.RawMessage
	if err := json.Unmarshal(sampleData(t, "5a3e1e000000000000000004"), &data); err != nil { // the one that fills all members
		t.Fatalf("the sample is no JSON: %v, want JSON", err)
	}
	unchanged := string(JSON(summarize(English, JSON(data))))
	intact := map[string]string{}
	all := summaryOf(t, string(JSON(data)))
	for member := range all {
		intact[member] = show(all, member)
	}
	if hollow := hollow("", all); len(hollow) > 0 {
		t.Fatalf("without any change %v are hollow, want none", hollow)
	}
	for _, key := range slices.Sorted(maps.Keys(data)) {
		kept := data[key]
		for _, other := range []string{`{}`, `[]`, `{"a":{"b":[1]}}`, `[[{"a":null}],7]`, `true`, `"暂无"`, `null`} {
			data[key] = json.RawMessage(other)
			changed := JSON(summarize(English, JSON(data)))
			if string(changed) == unchanged {
				continue
			}
			var s map[string]any
			if err := json.Unmarshal(changed, &s); err != nil {
				t.Fatalf("%s: %s makes %.300s: %v, want JSON", key, other, changed, err)
			}
			if hollow := hollow("", s); len(hollow) > 0 {
				t.Fatalf("%s: %s makes %v hollow, want none", key, other, hollow)
			}
			for member, want := range intact {
				// What does not hang on the key stays as it is.
				if got := show(s, member); !dependsOn[key][member] && got != want {
					t.Errorf("upstream member %s as %s makes %s %s, want %s; if it should change, add it to dependsOn", key, other, member, got, want)
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
	case float64:
		if v == 0 && path != ".businessNotes" {
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

// dependsOn names the members of a summary that hang on an upstream key.
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
