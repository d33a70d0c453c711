package example

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// The two sectors. The bikes have two thirds of the riders.
const (
	bike = iota
	eBike
	sectors
)

// vehicle is one bike of an operator, standing at a place since a time, or on a ride until then.
type vehicle struct {
	sector, operator int
	number           int // within its operator
	block            int
	at               point
	since            int // s from the beginning of the history
}

// ride is one trip; times are in s from the beginning of the history.
type ride struct {
	start, end int
	from, to   point
	vehicle    int
}

// parking is the time a vehicle fit to ride stood somewhere, free for anybody to take.
type parking struct {
	start, end int
	at         point
	vehicle    int
}

// history is what the city's platform recorded, and how many riders it lost.
type history struct {
	vehicles []vehicle
	rides    []ride
	parkings []parking
	lost     int
	started  [sectors][]int // rides by sector and district they began in
}

// world is the state of the city while the history is made.
type world struct {
	*history
	city   *cityMap
	blocks []block
	fences []fence
	dice   dice
	most   int // rides
	now    int
	stock  [sectors][][]int // vehicles standing, by block
	riding arrivals
	homes  lot
	works  lot
}

// record simulates the weeks: riders come as a Poisson process whose rate follows the hour of the
// week, take a vehicle in their block or are lost, and leave it where they go.
func (m *cityMap) record(o Options, blocks []block, fences []fence) *history {
	w := newWorld(m, o, blocks, fences)
	perDay := o.requestsPerDay()
	end := o.Weeks * weekDays * daySeconds
	for hour := range o.Weeks * weekDays * 24 {
		if hour%24 == 3 {
			w.land(hour * hourSeconds)
			w.rebalance()
		}
		mean := float64(perDay*float64(requestsOf(hour))) / perMeanDay
		for _, at := range w.times(hour, mean) {
			w.request(at, fromHome(hour))
		}
	}
	w.land(math.MaxInt)
	w.close(end)
	return w.history
}

func newWorld(m *cityMap, o Options, blocks []block, fences []fence) *world {
	w := &world{
		history: &history{}, city: m, blocks: blocks, fences: fences,
		dice: newDice(o.Seed, streamRide, 0), most: o.MaxRides,
	}
	homes, works := make([]int64, len(blocks)), make([]int64, len(blocks))
	for i, b := range blocks {
		homes[i], works[i] = b.home, b.work
	}
	w.homes, w.works = newLot(homes), newLot(works)
	for s := range sectors {
		w.stock[s] = make([][]int, len(blocks))
		w.started[s] = make([]int, len(m.districts))
	}
	for k, fleet := range fleets(o) {
		number := 0
		for s, count := range fleet {
			for range count {
				number++
				w.place(vehicle{sector: s, operator: k, number: number})
			}
		}
	}
	return w
}

// place puts a new vehicle where riders come from.
func (w *world) place(v vehicle) {
	v.block = w.works.draw(w.dice)
	if w.dice.IntN(2) == 0 {
		v.block = w.homes.draw(w.dice)
	}
	v.at = w.park(v.block)
	w.vehicles = append(w.vehicles, v)
	w.stock[v.sector][v.block] = append(w.stock[v.sector][v.block], len(w.vehicles)-1)
}

// times draws the seconds at which riders come in the hour, ascending.
func (w *world) times(hour int, mean float64) []int {
	at := make([]int, w.dice.poisson(mean))
	for i := range at {
		at[i] = hour*hourSeconds + w.dice.IntN(hourSeconds)
	}
	slices.Sort(at)
	return at
}

// request is one rider who wants a vehicle of one sector at a time.
func (w *world) request(at, homePercent int) {
	w.land(at)
	s := bike
	if w.dice.IntN(3) == 0 {
		s = eBike
	}
	from, to := w.homes, w.works
	if w.dice.IntN(100) >= homePercent {
		from, to = to, from
	}
	if w.dice.IntN(4) == 0 {
		to = from
	}
	origin := from.draw(w.dice)
	goal := w.nearer(origin, to.draw(w.dice), to.draw(w.dice))
	standing := w.stock[s][origin]
	if len(standing) == 0 || len(w.rides) == w.most {
		w.lost++
		return
	}
	taken := w.dice.IntN(len(standing))
	v := standing[taken]
	standing[taken] = standing[len(standing)-1]
	w.stock[s][origin] = standing[:len(standing)-1]
	w.ride(v, at, goal)
}

// nearer returns the one of two blocks that is nearer to the origin, the first if equal.
func (w *world) nearer(origin, a, b int) int {
	from := w.blocks[origin].centre
	if w.blocks[b].centre.distance2(from) < w.blocks[a].centre.distance2(from) {
		return b
	}
	return a
}

// ride sends the vehicle off: 3 m/s for a bike, 4 m/s for an e-bike, with one to six minutes more
// for lights and looking.
func (w *world) ride(index, at, goal int) {
	v := &w.vehicles[index]
	w.stood(index, at)
	to := w.park(goal)
	cm := int(math.Sqrt(float64(v.at.distance2(to))))
	end := at + cm/(300+100*v.sector) + 60 + w.dice.IntN(300)
	w.rides = append(w.rides, ride{start: at, end: end, from: v.at, to: to, vehicle: index})
	w.started[v.sector][w.blocks[v.block].district]++
	v.at, v.since, v.block = to, end, goal
	heap.Push(&w.riding, arrival{end, index})
}

// stood records that the vehicle was free from its last arrival until now.
func (w *world) stood(index, until int) {
	v := w.vehicles[index]
	if v.since < until {
		w.parkings = append(w.parkings, parking{v.since, until, v.at, index})
	}
}

// park returns where a rider leaves a vehicle in the block: four in five at a fence, as far off as
// the vehicle's receiver is wrong, the others anywhere.
func (w *world) park(index int) point {
	b := w.blocks[index]
	at := b.centre
	if len(b.fences) > 0 {
		at = w.fences[b.fences[w.dice.IntN(len(b.fences))]].centre
	}
	const scatter, anywhere = 2500, blockSide / 2 // cm
	reach := int64(scatter)
	if w.dice.IntN(5) == 0 {
		at, reach = b.centre, anywhere
	}
	p := at.plus(point{w.dice.spread(reach), w.dice.spread(reach)})
	if w.city.districtAt(p) < 0 {
		return at
	}
	return p
}

// land ends the rides that are over by the time.
func (w *world) land(now int) {
	for len(w.riding) > 0 && w.riding[0].at <= now {
		index := heap.Pop(&w.riding).(arrival).vehicle
		v := w.vehicles[index]
		w.stock[v.sector][v.block] = append(w.stock[v.sector][v.block], index)
	}
	w.now = now
}

// rebalance is the operators' night shift: from blocks with more than their part, vehicles go to
// blocks drawn like the first ones, at most one vehicle in eight a night.
func (w *world) rebalance() {
	left := len(w.vehicles) / 8
	weights := int64(0)
	for _, b := range w.blocks {
		weights += b.home + b.work
	}
	for s := range sectors {
		fleet := int64(0)
		for _, standing := range w.stock[s] {
			fleet += int64(len(standing))
		}
		for i, b := range w.blocks {
			due := int(fleet*(b.home+b.work)/weights) + 2
			for len(w.stock[s][i]) > due && left > 0 {
				left--
				w.move(s, i)
			}
		}
	}
}

// move takes the vehicle that came last to the block somewhere else.
func (w *world) move(s, from int) {
	standing := w.stock[s][from]
	index := standing[len(standing)-1]
	w.stock[s][from] = standing[:len(standing)-1]
	w.stood(index, w.now)
	v := &w.vehicles[index]
	v.block = w.homes.draw(w.dice)
	v.at, v.since = w.park(v.block), w.now
	w.stock[s][v.block] = append(w.stock[s][v.block], index)
}

// close ends the history: vehicles still standing stand until then.
func (w *world) close(end int) {
	for i := range w.vehicles {
		w.stood(i, end)
	}
	slices.SortFunc(w.parkings, func(a, b parking) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.vehicle, b.vehicle))
	})
}

// arrival is when a vehicle ends its ride.
type arrival struct{ at, vehicle int }

// arrivals is a heap, the earliest first, ties by vehicle.
type arrivals []arrival

func (a arrivals) Len() int { return len(a) }
func (a arrivals) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(a[i].at, a[j].at), cmp.Compare(a[i].vehicle, a[j].vehicle)) < 0
}
func (a arrivals) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *arrivals) Push(x any)   { *a = append(*a, x.(arrival)) }

// Pop removes the last element, as container/heap wants.
func (a *arrivals) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}
