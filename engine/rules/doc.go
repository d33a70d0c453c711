// Package rules reads what a bureau writes as data: policies, tables of marks, the states they are
// applied to, calendars and replays. All are strict YAML or JSON; a fault has its line and column.
//
// It also holds what stint ships: the presets, one published rule each, and the working-day
// calendars of years whose calendar was published.
package rules
