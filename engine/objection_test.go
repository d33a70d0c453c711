package engine_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
)

// announced is a hall with a publication whose window is open for an hour, and its ID.
func announced(tb testing.TB) (*hall, string) {
	tb.Helper()
	h := newHall(tb, nil)
	terms := engine.Terms{ObjectionsUntil: noon().Add(time.Hour)}
	p := must[engine.Publication](tb)(
		h.Draft(tb.Context(), clerk(), decided(tb, h.atMost(50)), nil, terms))
	must[engine.Publication](tb)(h.Announce(tb.Context(), clerk(), p.ID, engine.Terms{}))
	return h, p.ID
}

func TestObjectionsAreHeardWithinTheWindow(t *testing.T) {
	tests := map[string]struct {
		after time.Duration
		code  string // "" = heard
	}{
		"at once":                 {0, ""},
		"a millisecond before":    {time.Hour - time.Millisecond, ""},
		"at the moment it closes": {time.Hour, "window-closed"},
		"a day late":              {24 * time.Hour, "window-closed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h, id := announced(t)
			h.clock.advance(tt.after)
			o, err := h.Object(t.Context(), citizen(), id, "too many")
			if tt.code != "" {
				breach(t, err, tt.code)
				return
			}
			want := engine.Objection{
				ID: o.ID, Publication: id, By: "citizen", At: noon().Add(tt.after), Text: "too many",
			}
			o.At = o.At.UTC()
			if diff := cmp.Diff(want, o); diff != "" || err != nil {
				t.Errorf("filed (-want +got): %v\n%s", err, diff)
			}
		})
	}
}

// Every objection needs its own answer before the plan may be final.
func TestEachObjectionIsAnswered(t *testing.T) {
	h, id := announced(t)
	first := must[engine.Objection](t)(h.Object(t.Context(), citizen(), id, "too many"))
	second := must[engine.Objection](t)(h.Object(t.Context(), company("red"), id, "too few"))
	_, err := h.AnswerObjection(t.Context(), company("red"), second.ID, true, "ours is right")
	breach(t, err, "bureau-only")
	_, err = h.AnswerObjection(t.Context(), clerk(), second.ID, true, "\t")
	breach(t, err, "no-text")
	must[engine.Objection](t)(h.AnswerObjection(t.Context(), clerk(), second.ID, true, "so it is"))
	h.clock.advance(time.Hour)
	_, err = h.Finalize(t.Context(), mayor(), id, "")
	breach(t, err, "unanswered")
	// The window is closed, and answers are still given.
	must[engine.Objection](t)(h.AnswerObjection(t.Context(), clerk(), first.ID, false, "it isn't"))
	var got []string
	for _, o := range h.Objections(id) {
		got = append(got, o.By+": "+o.Text+" / "+o.Answer)
	}
	want := []string{"citizen: too many / it isn't", "red: too few / so it is"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objections (-want +got):\n%s", diff)
	}
	if other := h.Objections(h.Publications()[1].ID); len(other) != 0 {
		t.Errorf("another publication has %v", other)
	}
	p := must[engine.Publication](t)(h.Finalize(t.Context(), mayor(), id, ""))
	if p.Stage != engine.StageEffective || p.Emergency != "" {
		t.Errorf("finalized %+v", p)
	}
}

// What is withdrawn or in force takes no objections, even within its window.
func TestObjectionsToWhatIsOver(t *testing.T) {
	h, id := announced(t)
	must[engine.Publication](t)(h.Withdraw(t.Context(), clerk(), id, "second thoughts"))
	_, err := h.Object(t.Context(), citizen(), id, "too many")
	breach(t, err, "window-closed")
	h, id = announced(t)
	must[engine.Publication](t)(h.Finalize(t.Context(), mayor(), id, "it burns"))
	_, err = h.Object(t.Context(), citizen(), id, "too many")
	breach(t, err, "window-closed")
	_, err = h.Object(t.Context(), citizen(), "none", "too many")
	breach(t, err, "no-publication")
}
