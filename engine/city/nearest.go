package city

import "strings"

// nearest returns the word of the list that key was probably meant to be, or "": the one that
// begins like it, or that two typing errors lead to. The first wins.
func nearest(key string, words []string) string {
	best, least := "", 3
	for _, word := range words {
		if word == "" {
			continue
		}
		if strings.HasPrefix(word, key) || strings.HasPrefix(key, word+"_") {
			return word
		}
		if n := edits(key, word); n < least && n < len(word) {
			best, least = word, n
		}
	}
	return best
}

// edits returns the Levenshtein distance of two short ASCII words, bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
