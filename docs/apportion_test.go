package docs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"testing"

	"github.com/stint-city/stint/engine/apportionfile"
	"github.com/stint-city/stint/engine/lang"
)

// TestApportionExamples runs every question of apportion.md and compares the keys that its answer
// shows.
func TestApportionExamples(t *testing.T) {
	page := readPage(t, "apportion.md")
	pairs := regexp.MustCompile("(?s)```question\n(.*?)```\n```answer\n(.*?)```").
		FindAllStringSubmatch(page, -1)
	if blocks := regexp.MustCompile("```(question|answer)").FindAllString(page, -1); len(pairs) == 0 ||
		len(blocks) != 2*len(pairs) {
		t.Fatalf("%d blocks and %d pairs", len(blocks), len(pairs))
	}
	for _, pair := range pairs {
		var want, got any
		if err := json.Unmarshal([]byte(pair[2]), &want); err != nil {
			t.Fatalf("%s: %v", pair[2], err)
		}
		if err := json.Unmarshal(answerTo(t, pair[1]), &got); err != nil {
			t.Fatal(err)
		}
		if fault := shows(want, got); fault != "" {
			t.Errorf("%s\nanswer%s", pair[1], fault)
		}
	}
}

// answerTo is what stint apportion writes to a question.
func answerTo(t *testing.T, question string) []byte {
	t.Helper()
	q, err := apportionfile.ReadJSON("question", []byte(question))
	if err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	a, err := apportionfile.Solve(q)
	if shortage, ok := q.Shortage(err); ok {
		data, err := json.Marshal(map[string]any{"infeasible": shortage})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	var text bytes.Buffer
	if err := a.WriteJSON(&text, lang.English, false); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// shows says where a value isn't what is wanted: of an object only the wanted keys, numbers to
// 1e-9.
func shows(want, got any) string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		for key, value := range w {
			if fault := shows(value, g[key]); fault != "" || !ok {
				return "." + key + fault
			}
		}
		return ""
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return fmt.Sprintf(": %v, want %v", got, want)
		}
		for i := range w {
			if fault := shows(w[i], g[i]); fault != "" {
				return fmt.Sprintf("[%d]%s", i, fault)
			}
		}
		return ""
	case float64:
		if g, ok := got.(float64); ok && math.Abs(w-g) <= 1e-9 {
			return ""
		}
	default:
		if want == got {
			return ""
		}
	}
	return fmt.Sprintf(": %v, want %v", got, want)
}
