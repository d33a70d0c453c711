package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Finding is something lawful in a policy that a bureau should look at twice: a code of the
// catalogue, "lint.<code>", whose text says why it matters and how to mend it.
type Finding struct {
	Path string
	Code string
	Args []any // name, value pairs
}

// Lint looks for what is lawful and doubtful in a policy that compiled: sums that don't add,
// grades that can't be reached, lines on which a score is ambiguous, doors closed to entrants.
func (p *Program) Lint() []Finding {
	l := linter{Program: p}
	l.grades()
	l.shares()
	l.zones()
	l.entrants()
	l.size()
	l.fairness()
	l.streaks()
	l.parameters()
	return l.found
}

// linter collects findings; one method a concern.
type linter struct {
	*Program
	found []Finding
}

func (l *linter) find(path, code string, args ...any) {
	l.found = append(l.found, Finding{path, code, args})
}

// constant returns what a formula is worth by itself and the policy's own parameters.
func (l *linter) constant(f Formula) (Number, bool) {
	for _, of := range []Subject{OfCity, OfOperator} {
		e, ok := l.exprs[f][of]
		if !ok || e.Kind() != KindNumber {
			continue
		}
		v := e.Eval(func(name string) Value {
			for _, x := range l.Policy.Params {
				if x.ID == name && x.Value != "" {
					return l.exprs[x.Value][""].Eval(nil)
				}
			}
			return unknown(KindNumber)
		})
		if v.Known {
			return v.Number, true
		}
	}
	return Number{}, false
}

// grades looks for bands that no score reaches, scores that no band takes, and lines on which a
// score is ambiguous: 60.0 passes by "from", and fails by "above".
func (l *linter) grades() {
	scale, known := l.constant(l.Policy.Score.Scale)
	if bonus, ok := l.constant(l.Policy.Score.Bonus); ok && known {
		scale = scale.Add(bonus)
	}
	var before Number
	have := false
	for i, g := range l.Policy.Grades {
		path := fmt.Sprintf("grades[%d]", i)
		line := g.From
		if g.Above != "" {
			line = g.Above
			l.find(path+".above", "line-ambiguous", "grade", g.ID, "line", string(g.Above))
		}
		if line == "" {
			if i < len(l.Policy.Grades)-1 {
				l.find(fmt.Sprintf("grades[%d]", i+1), "grade-unreachable", "grade",
					l.Policy.Grades[i+1].ID, "before", g.ID)
			}
			return
		}
		x, ok := l.constant(line)
		if !ok {
			continue
		}
		if have && x.Cmp(before) >= 0 {
			l.find(path, "grade-unreachable", "grade", g.ID, "before", l.Policy.Grades[i-1].ID)
		}
		if known && x.Cmp(scale) > 0 {
			l.find(path, "grade-above-scale", "grade", g.ID, "line", x.String(), "scale", scale.String())
		}
		before, have = x, true
	}
	if n := len(l.Policy.Grades); n > 0 && (!have || before.Sign() > 0) {
		l.find(fmt.Sprintf("grades[%d]", n-1), "grade-gap", "line", before.String())
	}
}

// shares looks for rank shares and assessors' weights that don't add to 1.
func (l *linter) shares() {
	if a := l.Policy.Allocate; a != nil {
		for i, x := range a.Pools {
			if sum, ok := l.sum(x.Shares); ok && len(x.Shares) > 0 && sum.Cmp(Whole(1)) != 0 {
				l.find(fmt.Sprintf("allocate.pools[%d].shares", i), "shares-sum", "sum", sum.String())
			}
		}
	}
	var weights []Formula
	for _, x := range l.Policy.Score.Assessors {
		weights = append(weights, x.Weight)
	}
	if sum, ok := l.sum(weights); ok && len(weights) > 0 && sum.Cmp(Whole(1)) != 0 &&
		sum.Cmp(Whole(100)) != 0 {
		l.find("score.assessors", "weights-sum", "sum", sum.String())
	}
}

// sum adds formulas that are known by themselves.
func (l *linter) sum(list []Formula) (Number, bool) {
	sum := Number{}
	for _, f := range list {
		x, ok := l.constant(f)
		if !ok {
			return Number{}, false
		}
		sum = sum.Add(x)
	}
	return sum, true
}

// zones looks for zone splits and caps that don't add.
func (l *linter) zones() {
	z := l.Policy.Zones
	if z == nil {
		return
	}
	var parts, caps []Formula
	for _, x := range z.Split {
		parts = append(parts, x.Part)
	}
	for _, x := range z.Caps {
		caps = append(caps, x.Cap)
	}
	if sum, ok := l.sum(parts); ok && len(parts) > 0 && sum.Cmp(Whole(1)) != 0 {
		l.find("zones.split", "zone-split-sum", "sum", sum.String())
	}
	if l.Policy.Total == nil || len(caps) == 0 || z.Sum == "" {
		return
	}
	sum, ok := l.sum(caps)
	total, given := l.constant(l.Policy.Total.Is)
	if !ok || !given {
		return
	}
	order := sum.Cmp(total)
	if (z.Sum == "equal" && order != 0) || (z.Sum == "at_most" && order > 0) {
		l.find("zones.caps", "zone-caps-sum", "sum", sum.String(), "total", total.String())
	}
}

// entrants looks for a way in: an allocation from scratch without a pool that entrants can be in,
// or a policy that only ever changes what somebody has, without a day on which all is allocated
// anew.
func (l *linter) entrants() {
	if a := l.Policy.Allocate; a != nil {
		open := slices.ContainsFunc(a.Pools, func(x Pool) bool {
			return x.If == "" || strings.Contains(string(x.If), "entrant") ||
				!strings.Contains(string(x.If), "class")
		})
		if !open {
			l.find("allocate.pools", "no-entrant-pool")
		}
	}
	changes := slices.ContainsFunc(l.Policy.Adjust, func(r Rule) bool {
		return r.Change != nil || r.ends()
	})
	if l.Policy.Term == nil && l.Policy.Period != Once && l.Policy.Allocate == nil && changes {
		l.find("period", "no-term")
	}
}

// rawVolume are words of a figure that grows with the size of a fleet.
func rawVolume(name string) bool {
	for _, per := range []string{"per_", "share", "rate", "ratio", "_pct", "percent", "mean"} {
		if strings.Contains(name, per) {
			return false
		}
	}
	for _, word := range []string{"trips", "rides", "orders", "revenue", "users", "fleet_size"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// size looks for ranks and weights by raw volume, which favour who is large already.
func (l *linter) size() {
	check := func(path string, f Formula) {
		e, ok := l.exprs[f][OfOperator]
		if !ok {
			return
		}
		for _, name := range e.Facts() {
			if rawVolume(name) && !strings.Contains(string(f), "/") {
				l.find(path, "size-bias", "fact", name)
			}
		}
	}
	if r := l.Policy.Rank; r != nil {
		check("rank.by", r.By)
		for i, tie := range r.Ties {
			check(fmt.Sprintf("rank.ties[%d]", i), tie)
		}
		if len(r.Ties) == 0 && r.Last == "id" {
			l.find("rank", "tie-by-name")
		}
	}
	if a := l.Policy.Allocate; a != nil {
		for i, x := range a.Pools {
			check(fmt.Sprintf("allocate.pools[%d].weight", i), x.Weight)
		}
	}
}

// fairness looks for conditions of entry that ask for a local company: article 9, and what was
// censured in Kerqin 2020-199, Dongsheng 2020-51 and Hohhot 2020-14.
func (l *linter) fairness() {
	local := func(name string) bool {
		name = strings.ToLower(name)
		for _, word := range []string{
			"local_registration", "registered_locally", "local_company", "local_branch",
			"local_subsidiary", "registered_here", "branch_office", "local_tax", "locally_registered",
			"本地注册", "当地注册", "注册地", "分公司", "分支机构", "本地企业",
		} {
			if strings.Contains(name, word) {
				return true
			}
		}
		return strings.Contains(name, "local") && (strings.Contains(name, "regist") ||
			strings.Contains(name, "branch") || strings.Contains(name, "compan") ||
			strings.Contains(name, "entity") || strings.Contains(name, "office"))
	}
	for i, x := range l.Policy.Facts {
		if local(x.ID) {
			l.find(fmt.Sprintf("facts[%d]", i), "local-registration", "fact", x.ID)
		}
	}
	for i, x := range l.Policy.Vetoes {
		if local(x.ID) {
			l.find(fmt.Sprintf("vetoes[%d]", i), "local-registration", "fact", x.ID)
		}
	}
}

// streaks looks for cuts that come again in a row and leave their base open: only the second time
// does it matter whether a per cent is of the current or of the original quota.
func (l *linter) streaks() {
	for i := range l.Policy.Adjust {
		r := &l.Policy.Adjust[i]
		if r.Change == nil || r.Change.Percent == "" {
			continue
		}
		if r.Change.Of == "running" && i > 0 {
			l.find(fmt.Sprintf("adjust[%d].change.of", i), "base-running", "rule", r.ID)
		}
	}
	for i, x := range l.Policy.Streaks {
		used := slices.ContainsFunc(l.Policy.Adjust, func(r Rule) bool {
			return strings.Contains(string(r.If), "streak."+x.ID)
		})
		if !used {
			l.find(fmt.Sprintf("streaks[%d]", i), "unused", "id", x.ID)
		}
	}
}

// parameters looks for parameters and facts that nothing reads.
func (l *linter) parameters() {
	read := map[string]bool{}
	for _, of := range l.exprs {
		for _, e := range of {
			for _, name := range e.Facts() {
				read[name] = true
			}
		}
	}
	for i, x := range l.Policy.Params {
		if !read[x.ID] {
			l.find(fmt.Sprintf("params[%d]", i), "unused", "id", x.ID)
		}
	}
	for i, x := range l.Policy.Facts {
		if !read[x.ID] {
			l.find(fmt.Sprintf("facts[%d]", i), "unused", "id", x.ID)
		}
	}
}
