package engine

import "github.com/stint-city/stint/geo"

// Ask is one question to a ledger. What a verb doesn't read is zero.
type Ask struct {
	Verb      Verb
	ID        ID     // of the record to be made: its operator and idempotency key
	Print     string // fingerprint of what was asked, to tell a retry from a key used twice
	N         int    // vehicles, > 0; a change may say 0 for all of its placement
	Placement ID     // Commit, Release, Remove, Move: what to change

	// Reserve, Place and Move
	Cell    geo.Cell
	At      geo.LatLng
	Levels  []Level // to be charged, in the order in which they are checked
	Epoch   int64   // of the caps that Levels were made by
	Expires Millis  // Reserve
}

// Answer is what a ledger says to one Ask: yes where No is nil.
type Answer struct {
	ID       ID
	Record   Record // as it was when first answered; zero for a no
	Replayed bool   // told again: this key was answered before
	No       *Denial
}

// Denial is why a ledger said no.
type Denial struct {
	Rule  Rule
	Level Level // of a full level
	Room  int   // vehicles the level, or the placement, has left; may be negative: over-quota
}

// Rule is a rule by which an ask is refused: a code that programs read.
type Rule string

// The rules of the ledger. engine.Refusal adds those that need no counter.
const (
	RuleZoneFull             Rule = "zone-full"
	RuleCellOperatorFull     Rule = "cell-operator-full"
	RuleCellFull             Rule = "cell-full"
	RuleOperatorDistrictFull Rule = "operator-district-full"
	RuleDistrictFull         Rule = "district-full"
	RuleOperatorCityFull     Rule = "operator-city-full"
	RuleCityFull             Rule = "city-full"
	RulePoolFull             Rule = "pool-full"

	RuleNoQuota   Rule = "no-quota"   // the caps in force don't know one of the levels
	RuleStale     Rule = "stale"      // Ask.Epoch is not the epoch in force: derive the levels anew
	RuleMismatch  Rule = "key-reused" // the key was used for something else
	RuleUnknown   Rule = "placement-unknown"
	RuleNotHeld   Rule = "placement-not-held"     // Commit or Release of what is not held
	RuleNotStood  Rule = "placement-not-standing" // Remove or Move of what does not stand
	RuleExpired   Rule = "lease-expired"          // Commit or Release after Expires
	RuleTooMany   Rule = "too-many"               // more than the placement has
	RuleNoPlan    Rule = "no-plan-in-force"       // nothing was published yet
	RuleShut      Rule = "shut"                   // no grants until the ledger is opened again
	RuleSamePlace Rule = "same-cell"              // Move to the cell where it stands
)

// Full returns the rule that a full tier refuses by.
func (t Tier) Full() Rule { return Rule(t) + "-full" }

// makes reports whether a verb makes a placement.
func (v Verb) makes() bool { return v == Reserve || v == Place || v == Move }
