package example

import (
	_ "embed" // the texts below
	"text/template"
)

//go:embed city.yaml.tmpl
var cityTemplate string

//go:embed readme.tmpl
var readmeTemplate string

// settings are what the texts need: labels, sizes, and the bureau's numbers in proportion to them.
type settings struct {
	Options
	NoticeEn, NoticeZh, Zone string
	Companies                []company
	Entrant                  bool // the last company has no quota yet
	Rivals                   bool // no company need be large
	EBikeMax                 int
	HarbourCap, HarbourECap  int // fewer than the riders there would fill
	AreaFloor                int // more than the riders there would fill
}

// company is an operator as the city file has it; nil leaves a key out.
type company struct {
	ID, En, Zh        string
	Previous, Request []int
}

// settle derives the bureau's numbers from the history and the fleets.
func settle(o Options, city *cityMap, past *history, blocks []block) settings {
	perDay := func(sector, district int) int {
		return past.started[sector][district] / (o.Weeks * weekDays)
	}
	s := settings{
		Options: o, NoticeEn: noticeEn, NoticeZh: noticeZh, Zone: timeZone,
		Entrant: entrant(o) >= 0, Rivals: o.Operators > 2,
		HarbourCap:  perDay(bike, harbour) * 3 / 10,
		HarbourECap: perDay(eBike, harbour) * 4 / 10,
	}
	all := [sectors]int{}
	for k, fleet := range fleets(o) {
		for sector, n := range fleet {
			all[sector] += n
		}
		one := operatorAt(k)
		c := company{ID: one.id, En: one.en, Zh: one.zh}
		if k != entrant(o) {
			c.Previous = []int{fleet[bike], fleet[eBike]}
		}
		s.Companies = append(s.Companies, c)
	}
	s.EBikeMax = all[eBike] * 11 / 10
	if s.Entrant {
		s.Companies[entrant(o)].Request = []int{all[bike] / 20, all[eBike] / 10}
	}
	area := areaZones()[0]
	for _, b := range blocks {
		if area.contains(city, b.centre) {
			s.AreaFloor += 2
		}
	}
	s.AreaFloor = min(s.AreaFloor, s.EBikeMax/20)
	return s
}

// writeText writes a template filled with the settings.
func writeText(f *file, text string, s settings) {
	f.keep(template.Must(template.New("").Parse(text)).Execute(f, s))
}
