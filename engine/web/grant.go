package web

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/geo"
)

// GrantAnswer is a yes.
type GrantAnswer struct {
	ID        engine.ID    `json:"id" doc:"Of this answer: <operator>:<key>"`
	Placement engine.ID    `json:"placement" doc:"What stands, is held or was changed"`
	Operator  string       `json:"operator"`
	Sector    string       `json:"sector"`
	Verb      engine.Verb  `json:"verb" enum:"reserve,place,commit,release,remove,move"`
	State     engine.State `json:"state" enum:"held,standing,released,expired,removed,done"`
	N         int          `json:"n" doc:"Vehicles granted or changed"`
	Left      int          `json:"left" doc:"Least room left in any tier; of a change, the rest"`
	Cell      geo.Cell     `json:"cell,omitempty"`
	Lat       float64      `json:"lat"`
	Lng       float64      `json:"lng"`
	Expires   *time.Time   `json:"expires,omitempty" doc:"Of a reservation"`
	Since     time.Time    `json:"since"`
	Epoch     int64        `json:"epoch" doc:"Publication it was granted under"`
	Replayed  bool         `json:"replayed,omitempty" doc:"Told again, as first answered"`
}

// answerOf returns a grant as answers tell it.
func answerOf(g *engine.Grant) GrantAnswer {
	a := GrantAnswer{
		ID: g.ID, Placement: g.Placement, Operator: g.Operator, Sector: g.Sector, Verb: g.Verb,
		State: g.State, N: g.N, Left: g.Left, Cell: g.Cell, Lat: g.At.Lat, Lng: g.At.Lng,
		Since: g.Since, Epoch: g.Epoch, Replayed: g.Replayed,
	}
	if !g.Expires.IsZero() {
		a.Expires = &g.Expires
	}
	return a
}

// appendGrant appends what json.Marshal(answerOf(g)) gives.
func appendGrant(b []byte, g *engine.Grant) []byte {
	b = appendText(append(b, `{"id":`...), string(g.ID))
	b = appendText(append(b, `,"placement":`...), string(g.Placement))
	b = appendText(append(b, `,"operator":`...), g.Operator)
	b = appendText(append(b, `,"sector":`...), g.Sector)
	b = appendText(append(b, `,"verb":`...), string(g.Verb))
	b = appendText(append(b, `,"state":`...), string(g.State))
	b = strconv.AppendInt(append(b, `,"n":`...), int64(g.N), 10)
	b = strconv.AppendInt(append(b, `,"left":`...), int64(g.Left), 10)
	if g.Cell != 0 {
		b = append(b, `,"cell":"`...)
		b = append(strconv.AppendUint(b, uint64(g.Cell), 16), '"')
	}
	b = appendDegrees(append(b, `,"lat":`...), g.At.Lat)
	b = appendDegrees(append(b, `,"lng":`...), g.At.Lng)
	if !g.Expires.IsZero() {
		b = appendTime(append(b, `,"expires":`...), g.Expires)
	}
	b = appendTime(append(b, `,"since":`...), g.Since)
	b = strconv.AppendInt(append(b, `,"epoch":`...), g.Epoch, 10)
	if g.Replayed {
		b = append(b, `,"replayed":true`...)
	}
	return append(b, '}')
}

// appendText appends a JSON string.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(s) // a string always encodes
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendDegrees appends a coordinate as encoding/json writes it.
func appendDegrees(b []byte, x float64) []byte {
	if x != 0 && x > -1e-6 && x < 1e-6 { // in exponents there
		exact, _ := json.Marshal(x) // a finite number always encodes
		return append(b, exact...)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

func appendTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}
