package simulations

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/strict"
)

// peaks is a scenario with a morning of its own.
const peaks = `version: 1
name: peaks
city: city.yaml
sector: bike
days: 6
seed: 7
replications: {min: 2, max: 2, half_width: 0.5}
operators:
  - {id: aster, crew: {strategy: flow, every_hours: 1}}
policies:
  - id: peak
    parts:
      - id: morning
        days: [all]
        from: "07:00"
        until: "10:00"
        rules: {band: 0, step: 1, notice_turns: 1}
`

// The engine decides on what riders asked for in the mornings before; a morning's quotas hold from
// seven to ten and at no other time, and every fleet is as large as in the plan.
func TestPartsOfTheDayTurnInASimulation(t *testing.T) {
	study := madeStudy(t, peaks)
	w := study.worlds[0]
	var log bytes.Buffer
	w.bureau.log = &log
	s := newSim(w)
	if err := s.start(t.Context(), replicationKey(7, 0)); err != nil {
		t.Fatal(err)
	}
	own := 0 // mornings with quotas other than the plan's
	for hour := range s.hours {
		if err := s.turn(t.Context(), hour); err != nil {
			t.Fatal(err)
		}
		same := true
		for k := range s.operators {
			if got, want := sum(s.desk.quotas(k)), sum(s.desk.quota[k]); got != want {
				t.Fatalf("hour %d: operator %d may have %d, by the plan %d", hour, k, got, want)
			}
			for c, n := range s.desk.quotas(k) {
				same = same && n == s.desk.quota[k][c]
			}
		}
		morning := hour%24 >= 7 && hour%24 < 10
		switch {
		case !morning && !same:
			t.Fatalf("hour %d is of no part, and its quotas aren't the plan's", hour)
		case hour%24 == 7 && !same:
			own++
		}
	}
	if own < 2 {
		t.Errorf("%d of 6 mornings had quotas of their own", own)
	}
	turns := 0
	for lines := bufio.NewScanner(&log); lines.Scan(); {
		var line struct{ What string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.What == "part of the day" {
			turns++
		}
	}
	if turns != 12 { // into each of six mornings, and out of it
		t.Errorf("%d turns were told, want 12", turns)
	}
}

func TestPartsThatCannotBeAreRefused(t *testing.T) {
	alone(t)
	for _, text := range []string{
		strings.Replace(peaks, "notice_turns: 1", "notice_turns: 0", 1),
		strings.Replace(peaks, "[all]", "[someday]", 1),
		strings.Replace(peaks, `"07:00"`, `"25:00"`, 1),
	} {
		s, err := Parse("scenario.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		file := weeks(t)
		if _, err = Load(t.Context(), s, file, ""); !errors.Is(err, strict.ErrInput) {
			t.Errorf("%v", err)
		}
	}
}
