package daypart

import (
	"fmt"

	"github.com/stint-city/stint/quota/apportion"
)

// divided divides the fleet among the cells by weight within their bounds, from the top of the tree
// down: a node's part by the sum of its weights, within its own bounds and those of what it holds.
func (s *Sector) divided(bounds []apportion.Claim) ([]int, error) {
	t := s.tree(bounds)
	row := make([]int, len(bounds))
	return row, t.divide(t.root(), s.fleet(), row)
}

// tree is the cells under their nodes, with the bounds that a part must keep to be divisible
// further down. The last claim is the root, above nodes and cells without one.
type tree struct {
	cells, nodes []apportion.Claim
	holds        [][]part // of each node, what it holds, and of the root
}

// part is a cell or a node below another.
type part struct {
	node bool
	at   int
}

func (t *tree) root() int { return len(t.nodes) - 1 }

// tree returns the cells and nodes with the bounds of what lies below them.
func (s *Sector) tree(bounds []apportion.Claim) *tree {
	n := len(s.Nodes)
	t := &tree{
		cells: bounds, nodes: make([]apportion.Claim, n+1), holds: make([][]part, n+1),
	}
	above := func(parent int) int {
		if parent < 0 {
			return n
		}
		return parent
	}
	add := func(to int, c apportion.Claim) {
		t.nodes[to].Weight += c.Weight
		t.nodes[to].Floor += c.Floor
		t.nodes[to].Ceiling += c.Ceiling
	}
	for i := range bounds {
		to := n
		if n > 0 {
			to = above(s.NodeOf[i])
		}
		t.holds[to] = append(t.holds[to], part{at: i})
		add(to, bounds[i])
	}
	for i := n - 1; i >= 0; i-- {
		node, to := &t.nodes[i], above(s.Nodes[i].Parent)
		node.ID = s.Nodes[i].ID
		node.Floor = max(node.Floor, s.Nodes[i].Floor)
		if s.Nodes[i].Cap >= 0 {
			node.Ceiling = min(node.Ceiling, s.Nodes[i].Cap)
		}
		t.holds[to] = append(t.holds[to], part{node: true, at: i})
		add(to, *node)
	}
	return t
}

// divide gives what a node holds its parts of a total, and writes those of cells into row.
func (t *tree) divide(node, total int, row []int) error {
	if len(t.holds[node]) == 0 {
		return nil
	}
	claims := make([]apportion.Claim, len(t.holds[node]))
	for k, p := range t.holds[node] {
		if p.node {
			claims[k] = t.nodes[p.at]
			claims[k].ID = "node " + claims[k].ID // no cell's ID has a space
			continue
		}
		claims[k] = t.cells[p.at]
	}
	shares, _, err := apportion.Divide(total, claims)
	if err != nil {
		return fmt.Errorf("cells of a part of the day: %w", err)
	}
	for k, p := range t.holds[node] {
		if !p.node {
			row[p.at] = shares[k].Quota
			continue
		}
		if err := t.divide(p.at, shares[k].Quota, row); err != nil {
			return err
		}
	}
	return nil
}
