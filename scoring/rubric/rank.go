package rubric

import (
	"cmp"
	"slices"
)

// rank fills in the rank of every card with a known score, and the cards it can't be told from.
func rank(cards []Card) {
	order := make([]int, len(cards))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(cards[a].Class, cards[b].Class)
	})
	for len(order) > 0 {
		n := 1
		for n < len(order) && cards[order[n]].Class == cards[order[0]].Class {
			n++
		}
		tie(cards, order[:n])
		place(cards, order[:n])
		order = order[n:]
	}
}

// place ranks the cards of one class: the larger score first, 1, 2, 2, 4.
func place(cards []Card, class []int) {
	class = slices.DeleteFunc(slices.Clone(class), func(k int) bool { return cards[k].Score == nil })
	slices.SortStableFunc(class, func(a, b int) int { return cards[b].Score.Cmp(*cards[a].Score) })
	for i, k := range class {
		at := i + 1
		if i > 0 && cards[k].Score.Cmp(*cards[class[i-1]].Score) == 0 {
			at = *cards[class[i-1]].Rank
		}
		cards[k].Rank = &at
	}
}

// tie names, for each card of one class, the others whose interval overlaps its own, ends
// included; two scores without an interval are told apart by their rank.
func tie(cards []Card, class []int) {
	type end struct {
		at       Number
		low      bool
		position int // in class
	}
	ends := make([]end, 0, 2*len(class))
	for i, k := range class {
		ends = append(ends, end{cards[k].Low, true, i}, end{cards[k].High, false, i})
	}
	slices.SortFunc(ends, func(a, b end) int { return a.at.Cmp(b.at) })
	low, high := make([]int, len(class)), make([]int, len(class)) // places in the order of all ends
	at := 0
	for i, e := range ends {
		if i > 0 && e.at.Cmp(ends[i-1].at) != 0 {
			at++
		}
		if e.low {
			low[e.position] = at
		} else {
			high[e.position] = at
		}
	}
	for i, k := range class {
		for j, l := range class {
			points := low[i] == high[i] && low[j] == high[j]
			if i != j && !points && low[i] <= high[j] && low[j] <= high[i] {
				cards[k].Tied = append(cards[k].Tied, cards[l].Operator)
			}
		}
	}
}
