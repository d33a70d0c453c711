package merit

// bound sets floor and ceiling of every candidate by the rules, each with the rule that set it, and
// returns a note for every floor that gave way to its operator's own request.
func (r Rules) bound(total int, cs []candidate) []Note {
	var notes []Note
	for i := range cs {
		c := &cs[i]
		if !c.operator.Licensed {
			c.Floor, c.FloorBy, c.Ceiling, c.CeilingBy = 0, "", 0, RuleLicence
			continue
		}
		r.setFloor(c, total)
		r.setCeiling(c, total)
		if c.operator.Request >= 0 && c.Floor > c.operator.Request {
			notes = append(notes, Note{NoteFloorLowered, []any{
				"operator", c.ID, "floor", c.Floor, "request", c.operator.Request,
			}})
			c.Floor, c.FloorBy = c.operator.Request, RuleRequest
		}
	}
	return notes
}

// setFloor sets the largest of the floors.
func (r Rules) setFloor(c *candidate, total int) {
	c.Floor, c.FloorBy = 0, ""
	if share := up(decimal(r.MinShare), total); share > c.Floor {
		c.Floor, c.FloorBy = share, RuleMinShare
	}
	if r.Step == 0 || c.operator.Previous < 0 {
		return
	}
	if least := up(places-decimal(r.Step), c.operator.Previous); least > c.Floor {
		c.Floor, c.FloorBy = least, RuleStep
	}
}

// setCeiling sets the smallest of the ceilings.
func (r Rules) setCeiling(c *candidate, total int) {
	c.Ceiling, c.CeilingBy = total, RuleTotal
	if share := down(decimal(r.MaxShare), total); r.MaxShare > 0 && share < c.Ceiling {
		c.Ceiling, c.CeilingBy = share, RuleMaxShare
	}
	if r.Step > 0 && c.operator.Previous >= 0 {
		if highest := down(places+decimal(r.Step), c.operator.Previous); highest < c.Ceiling {
			c.Ceiling, c.CeilingBy = highest, RuleStep
		}
	}
	if c.operator.Request >= 0 && c.operator.Request < c.Ceiling {
		c.Ceiling, c.CeilingBy = c.operator.Request, RuleRequest
	}
}

// room is the most a candidate takes: its ceiling, or its floor if it weighs nothing.
func (c candidate) room() int {
	if c.Weight == 0 {
		return c.Floor
	}
	return c.Ceiling
}
