package apportionfile

import (
	"github.com/stint-city/stint/quota/apportion"
)

// Entry is the arithmetic behind one entry, as anybody can repeat it.
type Entry struct {
	Row      string            `json:"row"`
	Col      string            `json:"col"`
	Quota    int               `json:"quota"`
	Code     apportion.Reading `json:"code"`
	Share    *float64          `json:"share"` // the weight times its multipliers; see apportion.Read
	Low      *int              `json:"low,omitempty"`
	High     *int              `json:"high,omitempty"`
	Previous *int              `json:"previous,omitempty"`
	Lower    int               `json:"lower"`
	Upper    *int              `json:"upper"` // nil = none
}

// Explain reads one entry. In a matrix Low and High are the share rounded at both ends of the churn
// tolerance, where there is a previous value to keep.
func (a *Answer) Explain(row, col int) Entry {
	if a.Vector {
		return a.explainShare(col)
	}
	r := apportion.Read(a.Problem, a.solution, row, col)
	e := Entry{
		Row: a.Rows[row], Col: a.Cols[col], Quota: r.Quota, Code: r.Code, Share: finite(r.Share),
		Lower: r.Lower, Upper: &r.Upper,
	}
	if r.Previous >= 0 {
		e.Low, e.High, e.Previous = &r.Low, &r.High, &r.Previous
	}
	return e
}

// explainShare reads one claim of a vector.
func (a *Answer) explainShare(col int) Entry {
	claim, share := a.claims[col], a.shares[col]
	e := Entry{
		Row: a.Rows[0], Col: claim.ID, Quota: share.Quota, Code: apportion.RoundedShare,
		Lower: claim.Floor,
	}
	if claim.Ceiling >= 0 {
		e.Upper = &claim.Ceiling
	}
	switch share.Bound {
	case "floor":
		e.Code = apportion.AtMinimum
	case "ceiling":
		e.Code = apportion.AtRequest
	}
	if a.ColMultipliers != nil {
		e.Share = finite(claim.Weight * a.ColMultipliers[col])
		return e
	}
	sum := 0.0
	for _, t := range a.Weights[0] {
		sum += t
	}
	e.Share = new(float64)
	if sum > 0 {
		*e.Share = float64(a.Total) * (claim.Weight / sum)
	}
	return e
}
