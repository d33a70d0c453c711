package web

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

var (
	blue    = Identity{"b", engine.RoleOperator, "blue"}
	planner = Identity{"p", engine.RolePlanner, ""}
	head    = Identity{"a", engine.RoleAdmin, ""}
)

func TestQuotaFor(t *testing.T) {
	own := engine.Quota{
		Level: engine.OperatorLevel("blue"), Tier: engine.TierOperatorCity, Operator: "blue",
		Cap: 10, Standing: 3, Held: 2, Room: 5,
	}
	rival := own
	rival.Level, rival.Operator = engine.OperatorLevel("green"), "green"
	all := engine.Quota{
		Level: engine.CityLevel, Tier: engine.TierCity, Cap: 20, Standing: 9, Room: 11,
	}
	none := []bool{false, false, false}
	tests := map[string]struct {
		who    Identity
		counts []bool // of own, rival, all
	}{
		"the public knows caps":                    {public, []bool{false, false, false}},
		"an operator knows its own counts":         {blue, []bool{true, false, false}},
		"a planner knows those of all of them":     {planner, []bool{false, false, true}},
		"the bureau knows everything":              {head, []bool{true, true, true}},
		"an operator's name means nothing without": {Identity{Operator: "blue"}, none},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for i, q := range []engine.Quota{own, rival, all} {
				got, ok := quotaFor(tt.who, &q)
				if !ok || got.Cap != q.Cap || (got.CountAnswer != nil) != tt.counts[i] {
					t.Errorf("%s: %+v, %v, want its cap, and counts: %v",
						q.Level, got, ok, tt.counts[i])
				}
			}
		})
	}
	pool := engine.Quota{Level: engine.PoolLevel("x"), Tier: engine.TierPool}
	if _, ok := quotaFor(blue, &pool); ok {
		t.Error("an operator is told of a pool")
	}
}

func TestEventFor(t *testing.T) {
	asked := engine.Event{
		ID: engine.EventID{Gen: 1, Seq: 7}, Kind: engine.Asked,
		Changes: []engine.Change{
			{ID: "green:1", Record: engine.Record{Verb: engine.Place, N: 2, Print: "secret"}},
			{ID: "blue:1", Record: engine.Record{Verb: engine.Place, N: 1}},
		},
	}
	ids := func(who Identity, e engine.Event) []engine.ID {
		a, ok := eventFor(who, "bike", &e)
		if !ok {
			return nil
		}
		ids := []engine.ID{}
		for _, c := range a.Changes {
			ids = append(ids, c.ID)
		}
		return ids
	}
	rival := engine.Event{Kind: engine.Asked, Changes: asked.Changes[:1]}
	drawn := engine.Event{Kind: engine.Drawn, N: 64}
	published := engine.Event{Kind: engine.Published, Epoch: 2}
	tests := map[string]struct {
		who  Identity
		e    engine.Event
		want []engine.ID // nil = it is not told at all
	}{
		"an operator sees its own change":          {blue, asked, []engine.ID{"blue:1"}},
		"an operator doesn't hear of another's":    {blue, rival, nil},
		"a planner hears of no operator's changes": {planner, asked, nil},
		"the bureau sees every change":             {head, asked, []engine.ID{"green:1", "blue:1"}},
		"an operator doesn't hear of pools":        {blue, drawn, nil},
		"the bureau hears of pools":                {head, drawn, []engine.ID{}},
		"everybody hears of a publication":         {planner, published, []engine.ID{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ids(tt.who, tt.e)); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

func wrapped(err error) error { return fmt.Errorf("x: %w", err) }

func TestProblemOf(t *testing.T) {
	full := &engine.Refusal{
		Rule: engine.RuleCellFull, Tier: engine.TierCell, Room: ptr(3), Cell: 0x8928308280fffff,
		Try: []engine.Near{{Cell: 0x8928308280bffff, Metres: 300, Room: 4}},
	}
	by := func(rule engine.Rule) error { return &engine.Refusal{Rule: rule} }
	tests := map[string]struct {
		err    error
		status int
		kind   string
		retry  string
	}{
		"a full cell":         {full, 409, "cell-full", ""},
		"an unknown sector":   {by(engine.RuleUnknownSector), 404, "unknown-sector", ""},
		"a banned zone":       {by(engine.RuleNoParking), 403, "no-parking-zone", ""},
		"a key used twice":    {by(engine.RuleMismatch), 422, "key-reused", ""},
		"a shut ledger":       {by(engine.RuleShut), 503, "shut", "5"},
		"an unknown outcome":  {wrapped(engine.ErrUnknownOutcome), 503, "outcome-unknown", "1"},
		"no store":            {wrapped(engine.ErrUnavailable), 503, "store-unavailable", "2"},
		"something unknown":   {errors.New("password=hunter2"), 500, "internal", ""},
		"a wrapped refusal":   {wrapped(full), 409, "cell-full", ""},
		"a token that is bad": {fmt.Errorf("%w: y", ErrToken), 401, "token-invalid", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
				p := problemOf(tt.err, tag)
				header := http.Header{}
				p.addHeaders(header)
				if p.Status != tt.status || p.Type != "/problems/"+tt.kind ||
					header.Get("Retry-After") != tt.retry {
					t.Errorf("problem %d %s retry %q, want %d %s retry %q",
						p.Status, p.Type, header.Get("Retry-After"), tt.status, tt.kind, tt.retry)
				}
				if p.Status == 500 && p.Detail != tag.Word("problem.internal.detail") {
					t.Errorf("an internal error tells %q", p.Detail)
				}
			}
		})
	}
	if p := problemOf(full, lang.English); *p.Room != 3 || len(p.Try) != 1 || p.Try[0].Room != 4 {
		t.Errorf("a refusal lost its room or its way out: %+v", p)
	}
}
