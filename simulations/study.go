package simulations

import "context"

// Study compares policies over replications that share their riders.
type Study struct {
	Scenario *Scenario
	worlds   []*world // by policy

	past *past // the riders' history

	file, data string // what Load was given
}

// Size returns how many cells and operators the city has.
func (s *Study) Size() (cells, operators int) {
	return len(s.worlds[0].town.Cells), len(s.worlds[0].operators)
}

// block is how many replications are made between two looks at the precision. It doesn't depend on
// the machine, so that the number of replications doesn't either.
const block = 4

// Run makes the replications and returns what came of them. Progress hears how many are made of at
// most how many; nil = nobody listens. If ctx ends, what was made in whole blocks so far comes back
// with ctx's error, nil where that is nothing.
func (s *Study) Run(
	ctx context.Context, workers int, progress func(done, most int),
) (*Result, error) {
	m := s.Maker()
	return s.RunOn(ctx, func(ctx context.Context, from, to int) ([][]*Tally, error) {
		return m.block(ctx, from, to, workers)
	}, progress)
}

// Source makes or fetches the tallies of the replications from one number to another, by policy,
// then replication.
type Source func(ctx context.Context, from, to int) ([][]*Tally, error)

// RunOn is Run with replications from a source: what comes of them doesn't depend on who made them.
func (s *Study) RunOn(
	ctx context.Context, source Source, progress func(done, most int),
) (*Result, error) {
	rule := s.Scenario.Replications
	tallies := make([][]*Tally, len(s.worlds))
	var result *Result
	for done := 0; done < rule.Max; {
		next := min(done+block, rule.Max)
		made, err := source(ctx, done, next)
		if err != nil {
			return result, err
		}
		for p := range tallies {
			tallies[p] = append(tallies[p], made[p]...)
		}
		done = next
		if progress != nil {
			progress(done*len(s.worlds), rule.Max*len(s.worlds))
		}
		if done < 2 {
			continue // one says nothing of its spread
		}
		result = s.judge(tallies)
		if done >= rule.Min && result.precise(rule.HalfWidth) {
			break
		}
	}
	return result, nil
}
