// Package strict reads the files that people write for stint, in YAML or JSON: city files,
// policies, tables of marks, states and replays.
//
// Nothing is guessed: an unknown key, a key that stands twice, 1.5 for a whole number or 12 for a
// text is a *Fault with line and column, in words of the catalogue; errors.Is(err, ErrInput) holds
// for every Fault.
package strict
