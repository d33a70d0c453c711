package web

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/stint-city/stint/engine/lang"
)

// Page is how a list is read piece by piece.
type Page struct {
	After string `query:"after" maxLength:"1024" doc:"Value of next in the page before"`
	Limit int    `query:"limit" default:"100" minimum:"1" maximum:"1000" doc:"Most items"`
}

// cursor hides where a list goes on from: its readers hand it back and don't build it.
func cursor(after string) string {
	if after == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte("c" + after))
}

// uncursor returns what cursor was made of.
func uncursor(text string, tag lang.Tag) (string, error) {
	if text == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) == 0 || raw[0] != 'c' {
		return "", badInput(tag, "query.after", "problem.fault.cursor")
	}
	return string(raw[1:]), nil
}

// page returns the items of a page of a list that is ordered by key, and the cursor of the next
// one, "" after the last.
func page[T any](all []T, key func(T) string, p Page, tag lang.Tag) ([]T, string, error) {
	after, err := uncursor(p.After, tag)
	if err != nil {
		return nil, "", err
	}
	from := 0
	if after != "" {
		at, found := slices.BinarySearchFunc(all, after, func(item T, after string) int {
			return strings.Compare(key(item), after)
		})
		if from = at; found {
			from++
		}
	}
	rest := all[from:]
	if len(rest) <= p.Limit {
		return rest, "", nil
	}
	return rest[:p.Limit], cursor(key(rest[p.Limit-1])), nil
}
