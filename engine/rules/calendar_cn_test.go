package rules

import "testing"

func TestTheCalendarOfChina(t *testing.T) {
	c := Shipped("cn")
	if c == nil {
		t.Fatal("no calendar")
	}
	for day, want := range map[string]bool{
		"2023-10-07": true,  // a Saturday that was worked
		"2023-10-02": false, // a Monday of the holiday
		"2024-02-04": true,  // a Sunday that was worked
		"2024-02-05": true,
		"2024-02-10": false,
		"2026-11-22": false, // a Sunday
		"2026-11-23": true,
	} {
		if working, ok := c.Working(day); !ok || working != want {
			t.Errorf("%s: working %v (known %v), want %v", day, working, ok, want)
		}
	}
	for _, day := range []string{"2018-12-31", "2027-01-04", "yesterday"} {
		if _, ok := c.Working(day); ok {
			t.Errorf("%s is known, and nobody published it", day)
		}
	}
}
