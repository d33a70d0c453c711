package example

import "strconv"

// operator is a made company.
type operator struct{ id, en, zh string }

// operatorAt returns the k-th operator; from the ninth on they have numbers for names.
func operatorAt(k int) operator {
	named := []operator{
		{"aster", "Aster", "星菊"},
		{"birch", "Birch", "白桦"},
		{"coral", "Coral", "珊瑚"},
		{"dune", "Dune", "沙丘"},
		{"elder", "Elder", "榆木"},
		{"fern", "Fern", "蕨叶"},
		{"grove", "Grove", "林地"},
		{"heron", "Heron", "苍鹭"},
	}
	if k < len(named) {
		return named[k]
	}
	n := padded(k+1, 2)
	return operator{"operator-" + n, "Operator " + n, "企业" + n}
}

// entrant returns the index of the operator without a quota: the last of several, else -1.
func entrant(o Options) int {
	if o.Operators < 2 {
		return -1
	}
	return o.Operators - 1
}

// fleets returns the vehicles on the streets by operator and sector, which are the quotas of the
// last period: one for every 2.7 riders a day, the first operators with the larger parts.
func fleets(o Options) [][sectors]int {
	per := [sectors]float64{bike: 2.0 / 3 / 2.7, eBike: 1.0 / 3 / 2.7}
	weights, sum := make([]int, o.Operators), 0
	for k := range weights {
		if k != entrant(o) {
			weights[k] = 2 + 10/(k+1)
			sum += weights[k]
		}
	}
	all := make([][sectors]int, o.Operators)
	for k, w := range weights {
		for s := range sectors {
			if w > 0 {
				all[k][s] = max(1, int(o.requestsPerDay()*per[s])*w/sum)
			}
		}
	}
	return all
}

// value is one indicator of a sheet; Text is empty when unknown, and Why then says why.
type value struct {
	indicator, text string
	samples         int
	why             string
}

// sheet returns the operator's indicators: the first does well, the second is near the pass line
// and had too few answers for one survey value, the entrant has no record of parking and repairs
// yet.
func sheet(o Options, k int) []value {
	if k == entrant(o) {
		return []value{
			{"in_fence", "", 0, "entrant"},
			{"fault_rate", "", 0, "entrant"},
			{"complaint_hours", "30", 41, ""},
			{"satisfaction", "78", 380, ""},
			{"staff_per_1000", "5.5", 1, ""},
		}
	}
	grades := [][5]string{
		{"0.93", "0.018", "18", "88", "6.2"},
		{"0.80", "0.061", "30", "", "4.1"},
		{"0.88", "0.034", "22", "81", "5.1"},
		{"0.82", "0.047", "40", "74", "3.8"},
	}
	grade := grades[k%len(grades)]
	rows := []value{
		{"in_fence", grade[0], 2400, ""},
		{"fault_rate", grade[1], 600, ""},
		{"complaint_hours", grade[2], 120 + 10*k, ""},
		{"satisfaction", grade[3], 500, ""},
		{"staff_per_1000", grade[4], 1, ""},
	}
	if grade[3] == "" {
		rows[3] = value{"satisfaction", "", 11, "too-few-answers"}
	}
	return rows
}

// writeSheet writes an operator's indicators as CSV.
func writeSheet(f *file, o Options, k int) {
	f.line("indicator,value,samples,why")
	for _, v := range sheet(o, k) {
		f.line(v.indicator + "," + v.text + "," + strconv.Itoa(v.samples) + "," + v.why)
	}
}
