package strict

import (
	"encoding/json"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// json decodes a node into a value that reads itself from JSON.
func (d *decoder) json(path string, node ast.Node, dst json.Unmarshaler) error {
	text, ok := jsonOf(node)
	if !ok {
		return d.fault(path, "strict.no-json", "key", LastKey(path))
	}
	if err := dst.UnmarshalJSON([]byte(text)); err != nil {
		return FaultFrom(err, d.name, d.at.Of(path), "strict.bad-value", "key", LastKey(path),
			"got", written(node))
	}
	return nil
}

// jsonOf writes a node as JSON; ok is false for what JSON doesn't have: an anchor, an infinity, a
// number that isn't decimal, a key that stands twice.
func jsonOf(node ast.Node) (string, bool) {
	switch n := bare(node).(type) {
	case *ast.NullNode, nil:
		return "null", true
	case *ast.BoolNode:
		if n.Value {
			return "true", true
		}
		return "false", true
	case *ast.IntegerNode, *ast.FloatNode:
		text := strings.TrimPrefix(n.GetToken().Value, "+")
		return text, json.Valid([]byte(text))
	case *ast.StringNode, *ast.LiteralNode:
		text, _ := textOf(n)
		data, err := json.Marshal(text)
		return string(data), err == nil
	case *ast.SequenceNode:
		items := make([]string, len(n.Values))
		for i, item := range n.Values {
			text, ok := jsonOf(item)
			if !ok {
				return "", false
			}
			items[i] = text
		}
		return "[" + strings.Join(items, ",") + "]", true
	case *ast.MappingNode:
		return jsonObject(n.Values)
	case *ast.MappingValueNode:
		return jsonObject([]*ast.MappingValueNode{n})
	}
	return "", false
}

func jsonObject(values []*ast.MappingValueNode) (string, bool) {
	seen := make(map[string]bool, len(values))
	parts := make([]string, len(values))
	for i, v := range values {
		key, ok := bare(v.Key).(*ast.StringNode)
		if !ok || seen[key.Value] {
			return "", false
		}
		seen[key.Value] = true
		name, err := json.Marshal(key.Value)
		text, ok := jsonOf(v.Value)
		if err != nil || !ok {
			return "", false
		}
		parts[i] = string(name) + ":" + text
	}
	return "{" + strings.Join(parts, ",") + "}", true
}
