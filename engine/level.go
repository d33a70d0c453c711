package engine

import (
	"net/url"
	"strings"

	"github.com/stint-city/stint/geo"
)

// Scope names one ledger: one sector of one city. All that one placement reads and writes is in one
// scope, so that a store can decide it in one step.
type Scope struct {
	City   string
	Sector string
}

// String returns "city:sector".
func (s Scope) String() string { return s.City + ":" + s.Sector }

// Tier is a kind of limit that a placement is checked against.
type Tier string

// The tiers, in the order in which they are checked.
const (
	TierZone             Tier = "zone"              // a limit zone, all its operators together
	TierCellOperator     Tier = "cell-operator"     // an operator in a cell
	TierCell             Tier = "cell"              // a cell, all operators
	TierOperatorDistrict Tier = "operator-district" // an operator in a district
	TierDistrict         Tier = "district"          // a district or area, all operators
	TierOperatorCity     Tier = "operator-city"     // an operator in the city
	TierCity             Tier = "city"              // the city, all operators
	TierPool             Tier = "pool"              // a total over several scopes
)

// Level names one counter of a ledger: a tier and which cell, district, operator or zone of it. Its
// text has no space, comma or vertical bar.
type Level string

// CityLevel counts every vehicle of the scope.
const CityLevel Level = "city"

// CellOperatorLevel counts an operator's vehicles in a cell.
func CellOperatorLevel(c geo.Cell, operator string) Level {
	return Level("co:" + c.String() + ":" + operator)
}

// CellLevel counts the vehicles in a cell.
func CellLevel(c geo.Cell) Level { return Level("c:" + c.String()) }

// OperatorDistrictLevel counts an operator's vehicles in a district or area.
func OperatorDistrictLevel(node, operator string) Level {
	return Level("do:" + url.QueryEscape(node) + ":" + operator)
}

// DistrictLevel counts the vehicles in a district or area.
func DistrictLevel(node string) Level { return Level("d:" + url.QueryEscape(node)) }

// OperatorLevel counts an operator's vehicles in the city.
func OperatorLevel(operator string) Level { return Level("o:" + operator) }

// ZoneLevel counts the vehicles in a limit zone.
func ZoneLevel(zone string) Level { return Level("z:" + url.QueryEscape(zone)) }

// PoolLevel counts the vehicles charged to a pool that several scopes share. Its cap is what the
// scope has drawn of the pool so far.
func PoolLevel(pool string) Level { return Level(poolPrefix + url.QueryEscape(pool)) }

const poolPrefix = "p:"

// tiers are the tiers by the head of a level's text.
var tiers = map[string]Tier{ //nolint:gochecknoglobals // a table that nothing writes
	"co": TierCellOperator, "c": TierCell, "do": TierOperatorDistrict, "d": TierDistrict,
	"o": TierOperatorCity, "city": TierCity, "z": TierZone, "p": TierPool,
}

// Tier returns the level's tier, "" for a text that is no level.
func (l Level) Tier() Tier {
	head, _, _ := strings.Cut(string(l), ":")
	return tiers[head]
}

// Of returns which cell, district, operator, zone or pool the level is of, as its constructor was
// told: "" for the city, and for an operator in a cell or district the latter.
func (l Level) Of() string {
	_, rest, _ := strings.Cut(string(l), ":")
	switch l.Tier() {
	case TierCellOperator, TierOperatorDistrict:
		rest, _, _ = strings.Cut(rest, ":")
	}
	if of, err := url.QueryUnescape(rest); err == nil {
		return of
	}
	return rest
}

// Operator returns the operator the level is of, "" where it counts all of them.
func (l Level) Operator() string {
	switch l.Tier() {
	case TierCellOperator, TierOperatorDistrict:
		return string(l[strings.LastIndexByte(string(l), ':')+1:])
	case TierOperatorCity:
		return l.Of()
	}
	return ""
}
