package simulations

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/stint-city/stint/engine/lang"
)

// ErrParts means that parts of a study can't be merged into a result.
var ErrParts = errors.New("the parts don't make one result")

// Part is some of the replications of a job, made by one run or gathered from several.
type Part struct {
	Job    Job
	shares map[shareID]held
}

// shareID names a share within its job.
type shareID struct{ policy, from int }

// held is a share of a part, and where it comes from.
type held struct {
	Share
	from string
}

// NewPart returns a part of a job that holds nothing.
func NewPart(j Job) *Part { return &Part{Job: j, shares: map[shareID]held{}} }

// Add puts a share into a part; name says where it comes from. A share that is there already gives
// ErrParts: even one that is alike means that somebody took one part for two.
func (p *Part) Add(s Share, name string) error {
	id := shareID{s.Policy, s.From}
	if have, twice := p.shares[id]; twice {
		return lang.E(ErrParts, "sim-scale.twice", "from", s.From, "to", p.Job.End(s.From)-1,
			"one", have.from, "other", name)
	}
	p.shares[id] = held{s, name}
	return nil
}

// Join puts the shares of another part into this one; name and other say what the parts are called.
// Parts may be joined in any order and any grouping. Parts of different jobs give ErrParts.
func (p *Part) Join(o *Part, name, other string) error {
	if what := p.Job.Differs(o.Job); what != "" {
		return lang.E(ErrParts, "sim-scale.differ", "one", name, "other", other, "what", lang.M(what))
	}
	for _, id := range o.ids() {
		if err := p.Add(o.shares[id].Share, o.shares[id].from); err != nil {
			return err
		}
	}
	return nil
}

// ids returns the shares that are there, by replication, then policy.
func (p *Part) ids() []shareID {
	ids := make([]shareID, 0, len(p.shares))
	for id := range p.shares {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b shareID) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return a.policy - b.policy
	})
	return ids
}

// has reports whether a block of replications is there, of every policy.
func (p *Part) has(from int) bool {
	for policy := range p.Job.Plans {
		if _, ok := p.shares[shareID{policy, from}]; !ok {
			return false
		}
	}
	return true
}

// Complete returns ErrParts unless every replication of the job is there: it names those that
// aren't.
func (p *Part) Complete() error {
	var gaps []string
	for _, from := range p.Job.Blocks() {
		if !p.has(from) {
			gaps = append(gaps, strconv.Itoa(from)+"–"+strconv.Itoa(p.Job.End(from)-1))
		}
	}
	if len(gaps) == 0 {
		return nil
	}
	const shown = 8
	if len(gaps) > shown {
		gaps = append(gaps[:shown], "…")
	}
	return lang.E(ErrParts, "sim-scale.missing", "gaps", strings.Join(gaps, ", "))
}

// Result returns what a run of the study would have: the same replications, judged block by block,
// up to where the run would have stopped. The part must be Complete and of this study.
func (p *Part) Result(ctx context.Context, s *Study) (*Result, error) {
	if what := p.Job.Differs(s.Job(p.Job.Tool)); what != "" {
		return nil, lang.E(ErrParts, "sim-scale.other-study", "what", lang.M(what))
	}
	return s.RunOn(ctx, func(_ context.Context, from, _ int) ([][]*Tally, error) {
		made := make([][]*Tally, len(s.worlds))
		for policy := range made {
			share, ok := p.shares[shareID{policy, from}]
			if !ok || !share.of(s.worlds[policy]) {
				return nil, lang.E(ErrParts, "sim-scale.missing", "gaps", strconv.Itoa(from))
			}
			made[policy] = share.Tallies
		}
		return made, nil
	}, nil)
}

// Shard is one of several runs that share the work of a job: blocks of replications are dealt to
// them in turn.
type Shard struct {
	Number int // 1 to Of
	Of     int
}

// ParseShard reads "2/3", the second of three.
func ParseShard(text string) (Shard, error) {
	number, of, _ := strings.Cut(text, "/")
	var s Shard
	var err1, err2 error
	s.Number, err1 = strconv.Atoi(number)
	s.Of, err2 = strconv.Atoi(of)
	if err1 != nil || err2 != nil || s.Number < 1 || s.Number > s.Of {
		return Shard{}, lang.E(ErrParts, "sim-scale.shard", "got", text)
	}
	return s, nil
}

// String returns what ParseShard reads.
func (s Shard) String() string { return strconv.Itoa(s.Number) + "/" + strconv.Itoa(s.Of) }

// Blocks returns the first replication of each block of a job that falls to a shard. It gives
// ErrParts where none does.
func (s Shard) Blocks(j Job) ([]int, error) {
	all := j.Blocks()
	if s.Number > len(all) {
		return nil, lang.E(ErrParts, "sim-scale.shard-idle", "shard", s.String(), "most", j.Most,
			"blocks", len(all), "block", block)
	}
	var mine []int
	for b := s.Number - 1; b < len(all); b += s.Of {
		mine = append(mine, all[b])
	}
	return mine, nil
}
