package ingest

// skipSpace returns where the blanks at i end.
func skipSpace(d []byte, i int) int {
	for i < len(d) && (d[i] == ' ' || d[i] == '\n' || d[i] == '\r' || d[i] == '\t') {
		i++
	}
	return i
}

// skipBlank is skipSpace that passes commas, too: those between the objects of a list.
func skipBlank(d []byte, i int) int {
	for i < len(d) && (d[i] == ',' || d[i] == ' ' || d[i] == '\n' || d[i] == '\r' || d[i] == '\t') {
		i++
	}
	return i
}

// endOfString returns what follows the string at i, -1 where it doesn't end.
func endOfString(d []byte, i int) int {
	for i++; i < len(d); i++ {
		switch d[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return -1
}

// endOfScalar returns what follows the word or number at i.
func endOfScalar(d []byte, i int) int {
	for i < len(d) {
		switch d[i] {
		case ',', '}', ']', ' ', '\n', '\r', '\t', '"', '{', '[', ':':
			return i
		}
		i++
	}
	return i
}

// balance returns what follows the object or list at i by counting brackets outside strings,
// whatever their kind; -1 where it doesn't end.
func balance(d []byte, i int) int {
	depth := 0
	for i < len(d) {
		switch d[i] {
		case '"':
			if i = endOfString(d, i); i < 0 {
				return -1
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}

// skipValue returns what follows the value at i, -1 where it doesn't end.
func skipValue(d []byte, i int) int {
	switch d[i] {
	case '"':
		return endOfString(d, i)
	case '{', '[':
		return balance(d, i)
	}
	if end := endOfScalar(d, i); end > i {
		return end
	}
	return -1
}
