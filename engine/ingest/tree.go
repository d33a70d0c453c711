package ingest

import "strings"

// node is a member of an object: what its value is about, and the members of the object it is.
type node struct {
	columns  []ranked
	children map[string]*node
}

// ranked is a column with the place of the member's name among its names: 0 counts first.
type ranked struct {
	column column
	rank   int
}

// treeOf returns the members that a naming reads; a dot in a name leads into an object.
func treeOf(n *naming) *node {
	root := &node{}
	for c := range columns {
		for rank, name := range n[c] {
			at := root
			for part := range strings.SplitSeq(name, ".") {
				if at.children == nil {
					at.children = map[string]*node{}
				}
				next := at.children[part]
				if next == nil {
					next = &node{}
					at.children[part] = next
				}
				at = next
			}
			at.columns = append(at.columns, ranked{c, rank})
		}
	}
	return root
}
