package rubric

// Sheet is what was measured of one operator by one assessor in one period. A figure that is null
// or absent is unknown. Figures that the rubric doesn't know are refused.
type Sheet struct {
	Operator string             `json:"operator"`
	Class    string             `json:"class,omitempty"`
	Assessor string             `json:"assessor,omitempty"`
	Period   string             `json:"period,omitempty"` // "2023-01" sorts before "2023-02"
	Values   map[string]*Number `json:"values"`
	Samples  map[string]int     `json:"samples,omitempty"` // observations behind a value
}
