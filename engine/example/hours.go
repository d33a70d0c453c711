package example

// The history begins on a Monday at midnight, local time, in a zone nine hours behind UTC without
// summer time.
const (
	firstYear, firstMonth, firstDay = 2024, 3, 4
	timeZone                        = "Pacific/Gambier"
)

const (
	hourSeconds = 3600
	daySeconds  = 24 * hourSeconds
	weekDays    = 7
)

// weekday is how 1,000 ride requests spread over the hours of a working day: to work and back.
func weekday() [24]int {
	return [24]int{
		8, 5, 3, 2, 3, 10, 32, 82, 108, 62, 40, 42,
		50, 44, 38, 40, 54, 96, 104, 66, 44, 32, 22, 13,
	}
}

// weekend is the same for a Saturday or Sunday, which has 780 requests for the 1,000 of a working
// day, with lower peaks around noon and in the late afternoon.
func weekend() [24]int {
	return [24]int{
		12, 9, 6, 4, 3, 4, 8, 16, 28, 42, 56, 64,
		58, 46, 44, 50, 60, 66, 58, 44, 36, 30, 22, 14,
	}
}

// perMeanDay is what the 1,000 come to on the mean day of a week: (5 · 1,000 + 2 · 780) / 7.
const perMeanDay = 937

// requestsOf returns how many of a working day's 1,000 requests fall into the hour of the history.
func requestsOf(hour int) int {
	if hour/24%weekDays >= 5 {
		return weekend()[hour%24]
	}
	return weekday()[hour%24]
}

// fromHome returns the percentage of the hour's riders who set out from home; the others come from
// work, and both go to the other place or, one in four, anywhere like it.
func fromHome(hour int) int {
	clock := hour % 24
	switch {
	case hour/24%weekDays >= 5:
		return 50
	case clock >= 5 && clock < 10:
		return 85
	case clock >= 16 && clock < 22:
		return 20
	default:
		return 45
	}
}
