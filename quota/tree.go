package quota

import (
	"fmt"
	"math"
)

// checkTree panics unless the nodes form a tree whose parents stand before their children.
func checkTree(nodes []Node) {
	if len(nodes) == 0 || nodes[0].Parent != -1 {
		panic("quota: the first node must be the root, with Parent -1")
	}
	for v, node := range nodes {
		if v > 0 && (node.Parent < 0 || node.Parent >= v) {
			panic(fmt.Sprintf("quota: node %d has parent %d, which is not before it", v, node.Parent))
		}
		if node.Floor < 0 || node.Cap < -1 {
			panic(fmt.Sprintf("quota: node %q has floor %d and cap %d", node.ID, node.Floor, node.Cap))
		}
	}
}

// checkLeaves panics unless each leaf lies in a node, has a capacity and falling benefits.
func checkLeaves(nodes []Node, leaves []Leaf) {
	for i := range leaves {
		l := &leaves[i]
		if l.Node < 0 || l.Node >= len(nodes) {
			panic(fmt.Sprintf("quota: leaf %d lies in node %d of %d", i, l.Node, len(nodes)))
		}
		if l.Floor < 0 || l.Cap < 0 || l.Cap > math.MaxInt32 {
			panic(fmt.Sprintf("quota: leaf %d has floor %d and cap %d", i, l.Floor, l.Cap))
		}
		if !(l.Weight >= 0) || math.IsInf(l.Weight, 1) {
			panic(fmt.Sprintf("quota: leaf %d has weight %v", i, l.Weight))
		}
		last := math.MaxFloat64
		for n, m := range l.Marginal {
			if !(m <= last) || math.IsInf(m, -1) {
				panic(fmt.Sprintf("quota: leaf %d has benefit %v after %v at vehicle %d", i, m, last, n+1))
			}
			last = m
		}
	}
}
