package strict

import (
	"strings"

	"github.com/stint-city/stint/engine/lang"
)

// Nearest returns the word of the list that key was probably meant to be, or "": the one that
// begins like it, or that two typing errors lead to. The first wins.
func Nearest(key string, words []string) string {
	best, least := "", 3
	for _, word := range words {
		if word == "" {
			continue
		}
		if strings.HasPrefix(word, key) || strings.HasPrefix(key, word+"_") {
			return word
		}
		if n := lang.Edits(key, word); n < least && n < len(word) {
			best, least = word, n
		}
	}
	return best
}
