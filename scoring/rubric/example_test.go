package rubric_test

import (
	"encoding/json"
	"fmt"
	"log"

	"github.com/stint-city/stint/scoring/rubric"
)

// A bureau marks order by bands and answers to complaints by a line, and takes points off for
// blocked fire lanes. 60.0 passes.
func Example() {
	var r rubric.Rubric
	err := json.Unmarshal([]byte(`{
		"schema": 1, "id": "worked", "name": {"en": "A worked table"}, "period": "quarter",
		"source": {"text": "made up", "confidence": "own"},
		"pass": 60, "grades": [{"id": "good", "from": 80}, {"id": "fair", "from": 60}, {"id": "poor"}],
		"vetoes": [{"id": "fire", "of": "blocked", "gte": 10, "do": "cap_grade", "grade": "poor"}],
		"tables": [{"scale": 100, "indicators": [
			{"id": "order", "name": {"en": "Parked in the bays"}, "unit": "%", "max": 60,
				"direction": "higher", "missing": "worst", "bands": [
					{"gte": 95, "points": 60}, {"gte": 80, "points": 40}, {"else": true, "points": 0}]},
			{"id": "answers", "name": {"en": "Answered in a day"}, "unit": "%", "max": 40,
				"direction": "higher", "missing": "unknown", "linear": {"zero": 50, "full": 100}},
			{"id": "blocked", "name": {"en": "Blocked fire lanes"}, "max": 20, "kind": "deduction",
				"missing": "worst", "events": {"points": 2}}]}]}`), &r)
	if err != nil {
		log.Fatal(err)
	}
	var sheets []rubric.Sheet
	err = json.Unmarshal([]byte(`[
		{"operator": "heron", "values": {"order": 95, "answers": 80, "blocked": 1}},
		{"operator": "ibis", "values": {"order": 80, "answers": 75, "blocked": 0}},
		{"operator": "kite", "values": {"order": 96, "answers": 90, "blocked": 12}},
		{"operator": "rook", "values": {"order": 79.9, "blocked": 0}}]`), &sheets)
	if err != nil {
		log.Fatal(err)
	}
	cards, err := rubric.Evaluate(&r, sheets)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range cards {
		fmt.Println(c.Operator, c.Score, c.Grade, c.Pass, c.Vetoes)
		for _, item := range c.Periods[0].Parts[0].Items {
			fmt.Println("   ", item.Indicator, item.Points, "of", item.Max, item.How)
		}
	}
	// Output:
	// heron 82 good pass []
	//     order 60 of 60 band:1
	//     answers 24 of 40 linear
	//     blocked 2 of 20 events
	// ibis 60 fair pass []
	//     order 40 of 60 band:2
	//     answers 20 of 40 linear
	//     blocked 0 of 20 events
	// kite 72 poor pass [fire]
	//     order 60 of 60 band:1
	//     answers 32 of 40 linear
	//     blocked 20 of 20 events
	// rook <nil> poor fail []
	//     order 0 of 60 band:3
	//     answers <nil> of 40 missing:unknown
	//     blocked 0 of 20 events
}
