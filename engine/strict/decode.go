package strict

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// One is a value that may be written in a simpler form than its kind: the one item of a list, the
// one number of a range. One decodes that form with decode, which takes a pointer.
type One interface {
	One(decode func(any) error) error
}

// Verbatim is a text that keeps a number or a truth as it is written.
type Verbatim interface{ Verbatim() }

// decoder fills Go values from a YAML tree and keeps where each key stands.
//
// It decodes by itself because the library's decoder, strict as it can be, still takes 1.5 for the
// integer 1, "12" for a number and 12 for a text: here every one of these is a fault.
type decoder struct {
	name string // of the file
	at   Positions
}

// value decodes node, which stands at path, into dst. A null leaves dst as it is.
func (d *decoder) value(path string, node ast.Node, dst reflect.Value) error {
	node = bare(node)
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode, *ast.DirectiveNode:
		return d.fault(path, "strict.anchor")
	case *ast.NullNode, nil:
		return nil
	}
	if to, ok := dst.Addr().Interface().(json.Unmarshaler); ok && dst.Kind() != reflect.Pointer {
		return d.json(path, node, to)
	}
	if to, ok := dst.Addr().Interface().(One); ok && simpler(node, dst.Kind()) {
		return to.One(func(inner any) error {
			return d.value(path, node, reflect.ValueOf(inner).Elem())
		})
	}
	switch dst.Kind() {
	case reflect.Pointer:
		dst.Set(reflect.New(dst.Type().Elem()))
		return d.value(path, node, dst.Elem())
	case reflect.Struct:
		return d.structure(path, node, dst)
	case reflect.Map:
		return d.mapping(path, node, dst)
	case reflect.Slice:
		return d.list(path, node, dst)
	default:
		return d.scalar(path, node, dst)
	}
}

// bare strips what wraps a key that is written with a question mark.
func bare(node ast.Node) ast.Node {
	if key, ok := node.(*ast.MappingKeyNode); ok {
		return key.Value
	}
	return node
}

// entries returns the keys and values of a mapping in their order. It notes where each key stands
// and refuses a key that stands twice, or is no text.
func (d *decoder) entries(path string, node ast.Node) ([]*ast.MappingValueNode, error) {
	var values []*ast.MappingValueNode
	switch m := node.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		return nil, d.wrongType(path, node, "mapping")
	}
	for _, v := range values {
		key, ok := bare(v.Key).(*ast.StringNode)
		if !ok {
			d.at[path] = positionOf(v.Key)
			return nil, d.fault(path, "strict.key-text", "got", written(v.Key))
		}
		inner := KeyPath(path, key.Value)
		if first, twice := d.at[inner]; twice {
			d.at[inner] = positionOf(key)
			return nil, d.fault(inner, "strict.repeated-key", "key", key.Value, "first", first.Line)
		}
		d.at[inner] = positionOf(key)
	}
	return values, nil
}

// structure decodes a mapping whose keys are the names of the struct's fields.
func (d *decoder) structure(path string, node ast.Node, dst reflect.Value) error {
	values, err := d.entries(path, node)
	if err != nil {
		return err
	}
	fields := fieldsOf(dst.Type())
	for _, v := range values {
		key := bare(v.Key).(*ast.StringNode).Value
		i := slices.Index(fields, key)
		if i < 0 || key == "" {
			return d.unknownKey(KeyPath(path, key), key, fields)
		}
		if err := d.value(KeyPath(path, key), v.Value, dst.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

// fieldsOf returns the names of a struct's fields in a file, by index: the tag yaml, or else json;
// "" = not in the file.
func fieldsOf(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		tag := t.Field(i).Tag
		if names[i] = tag.Get("yaml"); names[i] == "" {
			names[i], _, _ = strings.Cut(tag.Get("json"), ",")
		}
		if names[i] == "-" {
			names[i] = ""
		}
	}
	return names
}

// mapping decodes a mapping of free keys.
func (d *decoder) mapping(path string, node ast.Node, dst reflect.Value) error {
	values, err := d.entries(path, node)
	if err != nil {
		return err
	}
	dst.Set(reflect.MakeMapWithSize(dst.Type(), len(values)))
	for _, v := range values {
		key := bare(v.Key).(*ast.StringNode).Value
		value := reflect.New(dst.Type().Elem()).Elem()
		if err := d.value(KeyPath(path, key), v.Value, value); err != nil {
			return err
		}
		dst.SetMapIndex(reflect.ValueOf(key), value)
	}
	return nil
}

// list decodes a list.
func (d *decoder) list(path string, node ast.Node, dst reflect.Value) error {
	items, ok := node.(*ast.SequenceNode)
	if !ok {
		return d.wrongType(path, node, "list")
	}
	dst.Set(reflect.MakeSlice(dst.Type(), len(items.Values), len(items.Values)))
	for i, item := range items.Values {
		inner := ItemPath(path, i)
		d.at[inner] = positionOf(item)
		if err := d.value(inner, item, dst.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// scalar decodes a text, a number, or true and false.
func (d *decoder) scalar(path string, node ast.Node, dst reflect.Value) error {
	switch dst.Kind() {
	case reflect.String:
		if _, ok := dst.Addr().Interface().(Verbatim); ok && isScalar(node) {
			dst.SetString(verbatim(node))
			return nil
		}
		if text, ok := textOf(node); ok {
			dst.SetString(text)
			return nil
		}
		return d.wrongType(path, node, "text")
	case reflect.Bool:
		if b, ok := node.(*ast.BoolNode); ok {
			dst.SetBool(b.Value)
			return nil
		}
		return d.wrongType(path, node, "truth")
	case reflect.Float64:
		return d.float(path, node, dst)
	default:
		return d.integer(path, node, dst)
	}
}

func (d *decoder) float(path string, node ast.Node, dst reflect.Value) error {
	switch n := node.(type) {
	case *ast.FloatNode:
		if !math.IsInf(n.Value, 0) && !math.IsNaN(n.Value) {
			dst.SetFloat(n.Value)
			return nil
		}
	case *ast.IntegerNode:
		if i, ok := decimal(n); ok {
			dst.SetFloat(float64(i))
			return nil
		}
	case *ast.NanNode, *ast.InfinityNode:
		return d.fault(path, "strict.not-finite", "key", LastKey(path), "got", written(node))
	}
	return d.wrongType(path, node, "number")
}

// integer decodes into an int or uint64. Whole numbers of the file fit both or are refused.
func (d *decoder) integer(path string, node ast.Node, dst reflect.Value) error {
	n, ok := node.(*ast.IntegerNode)
	if !ok {
		return d.wrongType(path, node, "integer")
	}
	i, ok := decimal(n)
	if !ok || (dst.CanUint() && i < 0) {
		return d.wrongType(path, node, "integer")
	}
	if dst.CanUint() {
		dst.SetUint(uint64(i))
		return nil
	}
	dst.SetInt(i)
	return nil
}

// decimal returns the whole number that is written in decimal digits: 010 isn't eight.
func decimal(n *ast.IntegerNode) (int64, bool) {
	digits := strings.TrimLeft(n.Token.Value, "+-")
	if len(digits) > 1 && digits[0] == '0' {
		return 0, false
	}
	switch v := n.Value.(type) {
	case int64:
		return v, true
	case uint64:
		return int64(v), v <= math.MaxInt64
	default:
		return 0, false
	}
}

// textOf returns a text: plain, quoted, or a block.
func textOf(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	default:
		return "", false
	}
}

func isScalar(node ast.Node) bool {
	_, ok := node.(ast.ScalarNode)
	return ok
}

// simpler reports whether a node is simpler than a kind: no list for a list, no mapping for a
// struct.
func simpler(node ast.Node, kind reflect.Kind) bool {
	if kind == reflect.Slice {
		_, list := node.(*ast.SequenceNode)
		return !list
	}
	return isScalar(node)
}

// verbatim returns a scalar as it is written, a text without its quotation marks.
func verbatim(node ast.Node) string {
	if text, ok := textOf(node); ok {
		return text
	}
	return node.GetToken().Value
}

// written returns a node as it stands in the file, cut to a length a sentence can hold.
func written(node ast.Node) string {
	const most = 60
	text := node.GetToken().Value
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// positionOf returns where a node begins.
func positionOf(node ast.Node) Position {
	var t *token.Token
	switch n := node.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 && !n.IsFlowStyle {
			return positionOf(n.Values[0].Key)
		}
		t = n.Start
	case *ast.MappingValueNode:
		return positionOf(n.Key)
	default:
		t = node.GetToken()
	}
	if t == nil || t.Position == nil {
		return Position{}
	}
	return Position{t.Position.Line, t.Position.Column}
}

func (d *decoder) fault(path, id string, args ...any) error {
	return FaultAt(d.name, d.at.Of(path), id, args...)
}

// wrongType says what the key takes and what stands there: a number with a unit gets its own
// advice.
func (d *decoder) wrongType(path string, node ast.Node, want string) error {
	key := LastKey(path)
	if key == "" {
		return d.fault(path, "strict.no-mapping")
	}
	if !isScalar(node) {
		return d.fault(path, "strict.wrong-shape", "key", key, "want", want)
	}
	got := written(node)
	if _, text := node.(*ast.StringNode); text && (want == "number" || want == "integer") &&
		strings.IndexAny(got, "0123456789") == 0 {
		return d.fault(path, "strict.number-alone", "key", key, "got", got)
	}
	return d.fault(path, "strict.wrong-type", "key", key, "got", got, "want", want)
}

// unknownKey names the key that was probably meant, or all that may stand there.
func (d *decoder) unknownKey(path, key string, fields []string) error {
	if near := Nearest(key, fields); near != "" {
		return d.fault(path, "strict.unknown-key-near", "key", key, "near", near)
	}
	known := slices.DeleteFunc(slices.Clone(fields), func(s string) bool { return s == "" })
	return d.fault(path, "strict.unknown-key", "key", key, "known", known)
}
