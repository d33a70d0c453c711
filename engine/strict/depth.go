package strict

// maxDepth is how deep a city file may nest: four times what its keys need. The parser's memory
// grows with the square of the depth.
const maxDepth = 32

// tooDeep returns the place where text nests deeper than maxDepth, by brackets or by dashes and
// question marks one behind the other; ok is false where it never does. Those in quotation marks
// count too: no text of a city file has so many.
func tooDeep(text string) (at Position, ok bool) {
	line, column, depth, blocks := 1, 0, 0, 0
	for i := range len(text) {
		column++
		switch c := text[i]; {
		case c == '\n':
			line, column, blocks = line+1, 0, 0
		case c == ' ':
		case (c == '-' || c == '?') && i+1 < len(text) && text[i+1] == ' ':
			blocks++
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth = max(0, depth-1)
		default:
			blocks = 0
		}
		if depth > maxDepth || blocks > maxDepth {
			return Position{line, column}, true
		}
	}
	return Position{}, false
}
