package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// BatchResult is the answer to one ask of a batch: a grant or a problem.
type BatchResult struct {
	Grant   *GrantAnswer `json:"grant,omitempty"`
	Problem *Problem     `json:"problem,omitempty"`
}

// BatchAnswer answers a batch ask by ask, in order.
type BatchAnswer struct {
	Results []BatchResult `json:"results" nullable:"false"`
}

// placeAll answers POST /v1/placements:batch: 200 with a result for each ask, in order, each on its
// own.
func (s *Server) placeAll(w http.ResponseWriter, r *http.Request) {
	c := w.(*call)
	if err := s.permit(c.who, "place-batch"); err != nil {
		c.fail(err)
		return
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer putBuffer(buffer)
	if err := readBody(buffer, r, batchLimit); err != nil {
		c.fail(err)
		return
	}
	asks, err := readBatch(buffer.Bytes())
	if err == nil && (len(asks) == 0 || len(asks) > maxBatch) {
		err = lang.E(errInput, "problem.fault.batch", "most", maxBatch, "got", len(asks))
	}
	if err != nil {
		c.fail(c.input("body.asks", err))
		return
	}
	placements := make([]engine.Placement, len(asks))
	for i := range asks {
		if placements[i], err = asks[i].placement(c.who.Operator); err != nil {
			c.fail(c.input("body.asks["+strconv.Itoa(i)+"]", err))
			return
		}
	}
	outcomes, err := s.engine.PlaceAll(r.Context(), placements)
	if err != nil {
		c.fail(err)
		return
	}
	buffer.Reset()
	buffer.Write(c.appendOutcomes(buffer.AvailableBuffer(), outcomes))
	c.send(http.StatusOK, buffer.Bytes())
}

// appendOutcomes appends the answer of a batch.
func (c *call) appendOutcomes(b []byte, outcomes []engine.Outcome) []byte {
	b = append(b, `{"results":[`...)
	for i := range outcomes {
		if i > 0 {
			b = append(b, ',')
		}
		if err := outcomes[i].Err; err != nil {
			problem, _ := json.Marshal(problemOf(err, c.tag)) // has only plain fields
			b = append(append(b, `{"problem":`...), problem...)
		} else {
			b = appendGrant(append(b, `{"grant":`...), &outcomes[i].Grant)
		}
		b = append(b, '}')
	}
	return append(b, "]}\n"...)
}
