package simulations

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/geo"
	"github.com/stint-city/stint/quota"
)

// office is the bureau of one policy: what its replications share.
type office struct {
	snapshot *engine.Snapshot
	sector   int
	plan     *engine.Plan // decided on the snapshot: in force at the start
	start    time.Time
	notice   time.Duration // from draft to effect
	every    int           // hours between decisions; 0 = the first plan stays
	response time.Duration // how long operators take for a removal order
	measures map[string]string
	parts    []engine.Part       // of the day, with quotas of their own
	store    func() engine.Store // a fresh store for each replication
	log      io.Writer           // hears every decision, a JSON line each; nil = nobody
}

// clock is the simulated time the engine goes by.
type clock struct{ now time.Time }

// Now returns the simulated time.
func (c *clock) Now() time.Time { return c.now }

// desk is the bureau in one replication: the production engine, and what the bureau has seen.
type desk struct {
	*office
	s      *sim
	engine *engine.Engine
	clock  *clock

	quota           [][]int // of the plan in force, by operator and cell
	held            [][]int // the same as parts of the day have it; nil = as the plan does
	total           []int64 // of each operator in it
	placements      []engine.ID
	cellOfPlacement []int32
	serial          int
	cellOf          map[geo.Cell]int32
	levelCell       map[engine.Level]int32
	orders          map[string]bool // removal orders that were taken up
	pending         string          // publication under notice
	dueHour         int             // when it is made final
	seen            evidence
	watch           partWatch
}

// bureauActor is who decides in a simulation.
func bureauActor() engine.Actor {
	return engine.Actor{ID: "simulated-bureau", Role: engine.RoleAdmin}
}

// open founds the bureau of a replication: its first plan went through notice before the start.
func (o *office) open(ctx context.Context, s *sim) (*desk, error) {
	store := engine.Store(mem.New())
	if o.store != nil {
		store = o.store()
	}
	d := &desk{
		office: o, s: s, clock: &clock{o.start.Add(-o.notice)}, cellOf: map[geo.Cell]int32{},
		levelCell: map[engine.Level]int32{}, orders: map[string]bool{},
	}
	for c, cell := range s.town.Cells {
		d.cellOf[cell] = int32(c)
		for _, p := range s.operators {
			d.levelCell[engine.CellOperatorLevel(cell, p.id)] = int32(c)
		}
	}
	d.seen.init(len(s.operators), len(s.town.Cells))
	e, err := engine.New(engine.Config{
		City: o.snapshot.City.ID, Store: store, Clock: d.clock, Instance: "simulation",
		Keep: time.Minute,
	})
	if err != nil {
		return nil, err
	}
	d.engine = e
	id, err := d.announce(ctx, o.plan, o.snapshot.Zones)
	if err != nil {
		return nil, err
	}
	d.tick()
	if err := d.finalize(ctx, id); err != nil {
		return nil, err
	}
	return d, d.setParts(ctx)
}

// tick sets the engine's clock to the simulated time.
func (d *desk) tick() {
	d.clock.now = d.start.Add(time.Duration(d.s.now) * time.Millisecond)
}

// announce drafts a plan and gives public notice of it.
func (d *desk) announce(ctx context.Context, p *engine.Plan, z []engine.Zone) (string, error) {
	terms := engine.Terms{
		ObjectionsUntil: d.clock.now.Add(d.notice), EffectiveAt: d.clock.now.Add(d.notice),
	}
	pub, err := d.engine.Draft(ctx, bureauActor(), p, z, terms)
	if err != nil {
		return "", fmt.Errorf("draft plan %.8s: %w", p.ID, err)
	}
	if _, err = d.engine.Announce(ctx, bureauActor(), pub.ID, engine.Terms{}); err != nil {
		return "", fmt.Errorf("announce plan %.8s: %w", p.ID, err)
	}
	return pub.ID, d.tell("announced", p.ID)
}

// finalize puts an announced plan into force.
func (d *desk) finalize(ctx context.Context, id string) error {
	if _, err := d.engine.Finalize(ctx, bureauActor(), id, ""); err != nil {
		return fmt.Errorf("make publication %s final: %w", id, err)
	}
	p := d.engine.InForce().Plan
	s, ok := p.Sector(d.snapshot.Sectors[d.sector].ID)
	if !ok {
		return fmt.Errorf("%w: plan %.8s has no such sector", ErrUnsound, p.ID)
	}
	before := d.quota
	d.quota = d.read(s)
	d.total = d.total[:0]
	for k := range d.quota {
		d.total = append(d.total, int64(sum(d.quota[k])))
	}
	d.s.tally.Decisions++
	for k := range before {
		d.s.tally.Churn += int64(max(sum(d.quota[k])-sum(before[k]), sum(before[k])-sum(d.quota[k])))
	}
	return d.tell("in force", p.ID)
}

// read returns a plan's quotas by the run's operators and cells.
func (d *desk) read(p *engine.SectorPlan) [][]int {
	rows := make([][]int, len(d.s.operators))
	for k := range rows {
		rows[k] = make([]int, len(d.s.town.Cells))
		at := -1
		for i := range p.Operators {
			if p.Operators[i].ID == d.s.operators[k].id {
				at = i
			}
		}
		for i := range p.Cells {
			if c, ok := d.cellOf[p.Cells[i].Cell]; ok && at >= 0 {
				rows[k][c] = p.Cells[i].Quotas[at]
			}
		}
	}
	return rows
}

// quotas returns what an operator may place, by cell.
func (d *desk) quotas(k int) []int {
	if d.held != nil {
		return d.held[k]
	}
	return d.quota[k]
}

// place asks the engine for n vehicles in a cell and, where it says no, in the nearest cell with
// room that the refusal names. It returns where they may stand and by which placement, or -1.
func (d *desk) place(ctx context.Context, k int, cell int32, n int) (int32, int32, error) {
	d.tick()
	for range 2 {
		g, err := d.ask(ctx, k, cell, n)
		no := (*engine.Refusal)(nil)
		switch {
		case err == nil:
			d.s.tally.ByOperator[k].Granted += int64(n)
			d.placements = append(d.placements, g.Placement)
			d.cellOfPlacement = append(d.cellOfPlacement, cell)
			return cell, int32(len(d.placements) - 1), nil
		case !errors.As(err, &no):
			return none, none, fmt.Errorf("place %d vehicles: %w", n, err)
		}
		d.s.tally.ByOperator[k].Refused += int64(n)
		if cell = d.roomOf(no, n); cell == none {
			break
		}
	}
	return none, none, nil
}

// ask asks once, under a key of its own, and tells the answer.
func (d *desk) ask(ctx context.Context, k int, cell int32, n int) (engine.Grant, error) {
	d.serial++
	g, err := d.engine.Place(ctx, engine.Placement{
		Operator: d.s.operators[k].id, Sector: d.snapshot.Sectors[d.sector].ID,
		Key: fmt.Sprintf("s%d", d.serial), At: d.s.town.plane.back(d.s.town.spots[cell][0]), N: n,
	})
	if no := (*engine.Refusal)(nil); errors.As(err, &no) {
		return g, errors.Join(err, d.tell("refused", no))
	}
	if err == nil {
		err = d.tell("granted", g)
	}
	return g, err
}

// roomOf returns the nearest cell with room for n that a refusal names, or -1.
func (d *desk) roomOf(no *engine.Refusal, n int) int32 {
	for _, near := range no.Try {
		if c, ok := d.cellOf[near.Cell]; ok && near.Room >= n {
			return c
		}
	}
	return none
}

// signOff tells the engine that vehicles were taken up from where they were placed.
func (s *sim) signOff(ctx context.Context, vehicles []int32) error {
	d := s.desk
	if d == nil {
		return nil
	}
	d.tick()
	for i := 0; i < len(vehicles); {
		p, n := s.vehicles[vehicles[i]].placement, 0
		for ; i < len(vehicles) && s.vehicles[vehicles[i]].placement == p; i++ {
			s.vehicles[vehicles[i]].placement = none
			n++
		}
		if p == none {
			continue
		}
		if err := d.remove(ctx, int(s.vehicles[vehicles[i-1]].op), p, n); err != nil {
			return err
		}
	}
	return nil
}

// remove takes n vehicles of a placement out of the ledger.
func (d *desk) remove(ctx context.Context, k int, placement int32, n int) error {
	d.serial++
	g, err := d.engine.Settle(ctx, engine.Settlement{
		Verb: engine.Remove, Operator: d.s.operators[k].id,
		Sector: d.snapshot.Sectors[d.sector].ID, Key: fmt.Sprintf("s%d", d.serial),
		Placement: d.placements[placement], N: n,
	})
	if err != nil {
		return fmt.Errorf("remove %d vehicles of %s: %w", n, d.placements[placement], err)
	}
	return d.tell("removed", g)
}

// tell writes a decision to the log.
func (d *desk) tell(what string, of any) error {
	if d.log == nil {
		return nil
	}
	return json.NewEncoder(d.log).Encode(struct {
		At   int64  `json:"at"`
		What string `json:"what"`
		Of   any    `json:"of"`
	}{d.s.now, what, of})
}

// evidence is what reaches the bureau between two decisions.
type evidence struct {
	hours  [quota.HoursOfWeek]float64
	events []quota.HourCounts
	usable [][quota.HoursOfWeek]float32
	use    [][]float64 // rides by operator and cell
	from   []OperatorTally
}

func (e *evidence) init(operators, cells int) {
	e.events = make([]quota.HourCounts, cells)
	e.usable = make([][quota.HoursOfWeek]float32, cells)
	e.use = make([][]float64, operators)
	for k := range e.use {
		e.use[k] = make([]float64, cells)
	}
	e.from = make([]OperatorTally, operators)
}

// ride notes a ride that began.
func (e *evidence) ride(hour, cell, operator int) {
	e.events[cell][hour]++
	e.use[operator][cell]++
}

// hour notes where a rentable vehicle stood at the end of an hour.
func (e *evidence) hour(hour int, standing [][]int32) {
	e.hours[hour]++
	for c := range e.usable {
		for k := range standing {
			if standing[k][c] > 0 {
				e.usable[c][hour]++
				break
			}
		}
	}
}
