package quota

// fold works the tree from the leaves up and returns the root's list: every unit that is not forced
// and fits under all caps, by falling benefit. It adds to c.forced what node floors demand.
func (c *choice) fold() ([]units, error) {
	starts := c.sown()
	for v := len(c.nodes) - 1; v >= 0; v-- {
		node := &c.nodes[v]
		list := c.merge(c.lists[v], starts[v])
		if node.Cap >= 0 {
			if c.forcedBelow[v] > node.Cap {
				return nil, infeasible(ReasonNode, node.ID, c.forcedBelow[v], node.Cap)
			}
			list = cut(list, node.Cap-c.forcedBelow[v])
		}
		list, err := c.demand(v, list)
		if err != nil {
			return nil, err
		}
		if v == 0 {
			return list, nil
		}
		starts[node.Parent] = append(starts[node.Parent], len(c.lists[node.Parent]))
		c.lists[node.Parent] = append(c.lists[node.Parent], list...)
		c.forcedBelow[node.Parent] += c.forcedBelow[v]
		c.lists[v] = nil
	}
	return nil, nil
}

// sown puts each cell's own list into its node and returns where each list starts.
func (c *choice) sown() [][]int {
	idle := make([]bool, len(c.nodes)) // a floor here or further out may call for idle vehicles
	for v, node := range c.nodes {
		idle[v] = node.Floor > 0 || (node.Parent >= 0 && idle[node.Parent])
	}
	starts := make([][]int, len(c.nodes))
	for rank, i := range c.order {
		v := c.leaves[i].Node
		start := len(c.lists[v])
		c.lists[v] = c.leaves[i].list(c.lists[v], int32(rank), idle[v])
		if len(c.lists[v]) > start {
			starts[v] = append(starts[v], start)
		}
	}
	return starts
}

// list appends the units beyond the floor: those that add something and, if idle, the others.
func (l *Leaf) list(dst []units, rank int32, idle bool) []units {
	n := l.Floor
	start := len(dst)
	for ; n < l.Cap && n < len(l.Marginal); n++ {
		benefit := l.benefit(n)
		if benefit == 0 {
			break
		}
		if k := len(dst) - 1; k >= start && dst[k].benefit == benefit {
			dst[k].count++
			continue
		}
		dst = append(dst, units{benefit, rank, 1})
	}
	if idle && n < l.Cap {
		dst = append(dst, units{0, rank, int32(l.Cap - n)})
	}
	return dst
}

// cut returns the first n vehicles of the list.
func cut(list []units, n int) []units {
	for k := range list {
		if n <= int(list[k].count) {
			list[k].count = int32(n)
			if n == 0 {
				return list[:k]
			}
			return list[:k+1]
		}
		n -= int(list[k].count)
	}
	return list
}

// demand forces the head of node v's list until its floor is met, and returns the rest.
func (c *choice) demand(v int, list []units) ([]units, error) {
	missing := c.nodes[v].Floor - c.forcedBelow[v]
	if missing <= 0 {
		return list, nil
	}
	c.forcedBelow[v] = c.nodes[v].Floor
	for k := range list {
		n := min(int(list[k].count), missing)
		c.forced[c.order[list[k].rank]] += n
		list[k].count -= int32(n)
		missing -= n
		if missing == 0 {
			if list[k].count == 0 {
				k++
			}
			return list[k:], nil
		}
	}
	need := c.nodes[v].Floor
	return nil, infeasible(ReasonCapacity, c.nodes[v].ID, need, need-missing)
}

// merge sorts a list made of sorted runs that begin at starts, by merging neighbours in pairs. The
// result may share memory with the list or with c.spare.
func (c *choice) merge(list []units, starts []int) []units {
	if len(starts) < 2 {
		return list
	}
	if cap(c.spare) < len(list) {
		c.spare = make([]units, len(list))
	}
	from, to := list, c.spare[:len(list)]
	for len(starts) > 1 {
		kept := starts[:0]
		for k := 0; k < len(starts); k += 2 {
			low, mid, high := starts[k], end(starts, k+1, len(list)), end(starts, k+2, len(list))
			mergeInto(to[low:low], from[low:mid], from[mid:high])
			kept = append(kept, low)
		}
		starts = kept
		from, to = to, from
	}
	c.spare = to
	return from
}

// end returns starts[k], or n past the last.
func end(starts []int, k, n int) int {
	if k < len(starts) {
		return starts[k]
	}
	return n
}

// mergeInto appends a and b to dst in order.
func mergeInto(dst, a, b []units) {
	for len(a) > 0 && len(b) > 0 {
		if before(&a[0], &b[0]) {
			dst, a = append(dst, a[0]), a[1:]
		} else {
			dst, b = append(dst, b[0]), b[1:]
		}
	}
	dst = append(dst, a...)
	_ = append(dst, b...)
}

// before orders units by falling benefit; ties go to the lower cell.
func before(a, b *units) bool {
	if a.benefit != b.benefit {
		return a.benefit > b.benefit
	}
	return a.rank < b.rank
}
