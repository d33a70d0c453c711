package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
)

// post asks as somebody.
func (t *town) post(who, path string, v any) *httptest.ResponseRecorder {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return ask(t.server, http.MethodPost, path, string(b), "Authorization", t.tokens[who])
}

func TestTheLifeOfAPlan(t *testing.T) {
	to := newTown(t)
	plan, err := json.Marshal(to.plan)
	if err != nil {
		t.Fatal(err)
	}
	var p PublicationAnswer
	answer(t, to.post("officer", "/v1/publications", map[string]any{
		"plan": json.RawMessage(plan),
	}), http.StatusCreated, &p)
	one := "/v1/publications/" + p.ID
	if p.Stage != engine.StageDraft || p.Plan != to.plan.ID {
		t.Errorf("draft = %+v, want a draft of the plan", p)
	}
	for _, path := range []string{one, one + "/plan", one + "/objections"} {
		if w := to.get("blue", path); w.Code != http.StatusNotFound {
			t.Errorf("a draft at %s: status %d for an operator, want 404", path, w.Code)
		}
	}
	until := engine.SystemClock{}.Now().Add(time.Hour)
	answer(t, to.post("officer", one+"/announce", map[string]any{
		"objections_until": until, "effective_at": until, "removal_deadline": until,
	}), http.StatusOK, &p)
	var published engine.Plan
	answer(t, to.get("", one+"/plan"), http.StatusOK, &published)
	if sealed, err := published.Sealed(); err != nil || !sealed || published.ID != to.plan.ID {
		t.Errorf("the plan in public: %v, sealed %v, ID %s", err, sealed, published.ID)
	}
	var o ObjectionAnswer
	answer(t, to.post("blue", one+"/objections", map[string]any{"text": "too few"}),
		http.StatusCreated, &o)
	if w := to.post("officer", one+"/finalize", map[string]any{}); w.Code != http.StatusForbidden {
		t.Errorf("an officer finalizes: status %d, want 403", w.Code)
	}
	if w := to.post("admin", one+"/finalize", map[string]any{}); w.Code != http.StatusConflict {
		t.Errorf("final within the window: status %d, want 409", w.Code)
	}
	var theirs ObjectionsAnswer
	answer(t, to.get("green", one+"/objections"), http.StatusOK, &theirs)
	if len(theirs.Objections) != 0 {
		t.Errorf("green reads blue's objection: %+v", theirs)
	}
	answer(t, to.post("officer", "/v1/objections/"+o.ID+"/answer", map[string]any{
		"accepted": false, "text": "the ground carries no more",
	}), http.StatusOK, &o)
	answer(t, to.post("admin", one+"/withdraw", map[string]any{"reason": "made anew"}),
		http.StatusOK, &p)
	if p.Stage != engine.StageWithdrawn {
		t.Errorf("stage = %s, want withdrawn", p.Stage)
	}
	var log LogAnswer
	answer(t, to.get("officer", "/v1/log?limit=3"), http.StatusOK, &log)
	if len(log.Entries) != 3 || log.Entries[0].Seq != 1 || log.Next == "" {
		t.Errorf("log = %+v, want its first three entries and a next page", log)
	}
	answer(t, to.get("officer", "/v1/log?limit=3&after="+log.Next), http.StatusOK, &log)
	if log.Entries[0].Seq != 4 {
		t.Errorf("second page begins at entry %d, want 4", log.Entries[0].Seq)
	}
	var verified VerifyAnswer
	answer(t, to.get("officer", "/v1/log/verify"), http.StatusOK, &verified)
	if !verified.Holds || verified.Entries < 8 {
		t.Errorf("verify = %+v, want it to hold", verified)
	}
}
