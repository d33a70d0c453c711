package apportionfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// sound is a sound matrix, to which a test adds a key.
const sound = `"weights": [[1, 2], [3, 4]], "row_totals": [2, 3], "col_totals": [1, 4]`

// solveJSON reads and solves a question.
func solveJSON(text string) error {
	q, err := ReadJSON("q.json", []byte(text))
	if err != nil {
		return err
	}
	_, err = Solve(q)
	return err
}

func TestFaults(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"an empty file":     {"", "q.json:1:1: the file is empty"},
		"half a file":       {`{"weights": [[1, 2`, "q.json:1:19: the file ends in the middle"},
		"no object":         {`[1]`, `q.json:1:1: the file is one JSON object`},
		"a second object":   {"{" + sound + "}\n{}", "q.json:2:1: something stands behind"},
		"no JSON":           {"{\n\"weights\": [NaN]}", "q.json:2:13: this is not JSON"},
		"text not in UTF-8": {"{\n\"rows\": [\"\xff\"]}", "q.json:2:11: the text is not UTF-8"},
		"an unknown key": {
			`{"weight": [[1]]}`, `q.json:1:2: there is no key "weight" here; did you mean "weights"?`,
		},
		"a strange key": {`{"zzzzzz": [[1]]}`, `the keys are rows, cols`},
		"a repeated key": {
			"{\"total\": 1,\n \"total\": 2}", `q.json:2:2: the key "total" stands twice, first on line 1`,
		},
		"a missing key": {
			`{"weights": [[1]], "row_totals": [1]}`, `the key "col_totals" is missing`,
		},
		"nothing": {`{}`, `the key "weights" is missing`},
		"no rows": {
			`{"weights": [], "row_totals": [], "col_totals": []}`, "no row or no column",
		},
		"no weights": {`{"weights": [], "total": 3}`, "total divides one row of weights"},
		"two rows, a total": {
			`{"weights": [[1], [1]], "total": 3}`, "total divides one row of weights, and there are 2",
		},
		"a list of IDs": {`{"rows": "a"}`, `q.json:1:10: rows takes a list, not "a"`},
		"a number as an ID": {
			`{"rows": [1]}`, `q.json:1:11: rows takes a text (put it in quotation marks), not "1"`,
		},
		"an empty ID":      {`{"rows": [""]}`, `q.json:1:11: an ID of rows is empty`},
		"an ID twice":      {`{"cols": ["a", "a"]}`, `q.json:1:16: the ID "a" stands twice in cols`},
		"a text as weight": {`{"weights": [["1"]]}`, `q.json:1:15: weights takes a number, not "1"`},
		"a tiny weight":    {`{"weights": [[1e-200]]}`, `q.json:1:15: 1e-200 is no weight`},
		"a huge weight": {
			`{"weights": [[1e999]]}`, `q.json:1:15: weights takes a number, not "1e999"`,
		},
		"a negative weight": {`{"weights": [[-1]]}`, `-1 is no weight`},
		"an open weight":    {`{"weights": [[null]]}`, `weights takes a number, not "null"`},
		"half a vehicle":    {`{"row_totals": [1.5]}`, `q.json:1:17: row_totals takes a whole number`},
		"a negative total":  {`{"row_totals": [-1]}`, `q.json:1:17: row_totals can't be -1`},
		"a total in braces": {
			`{"total": {}}`, `q.json:1:11: total takes a whole number in decimal digits, not "{"`,
		},
		"a matrix in depth": {`{"weights": [[[1]]]}`, `q.json:1:15: weights takes a number, not "["`},
		"a negative seed": {
			`{"tie_seed": -1}`, `q.json:1:14: tie_seed takes a whole number from 0 to`,
		},
		"rows ragged": {
			"{\"row_totals\": [1, 1], \"col_totals\": [1, 1], \"weights\": [[1, 2],\n [3]]}",
			`q.json:2:2: row "2" of weights has 1 number, not 2`,
		},
		"too few rows": {
			`{"weights": [[1, 2]], "row_totals": [1, 1], "col_totals": [1, 1]}`, "weights has 1 row, not 2",
		},
		"one flat list": {
			`{"weights": [1, 2], "row_totals": [3], "col_totals": [1, 2]}`, "weights is one list",
		},
		"IDs too many": {
			`{"rows": ["a", "b", "c"], ` + sound + `}`, "row_totals has 2 items, not 3",
		},
		"a matrix short": {`{"upper": [[1, 1]], ` + sound + `}`, "upper has 1 row, not 2"},
		"sums that differ": {
			`{"weights": [[1]], "row_totals": [7], "col_totals": [4]}`,
			"the rows' totals sum to 7, the columns' to 4, 3 apart",
		},
		"rows that need more": {
			`{"weights": [[1]], "row_totals": [7], "row_least": [5], "col_totals": [4]}`,
			"the rows need 5 at least, and the columns take 4 at most",
		},
		"columns that need more": {
			`{"weights": [[1]], "row_totals": [7], "col_least": [8], "col_totals": [9]}`,
			"the columns need 8 at least, and the rows have 7 at most",
		},
		"a least above its total": {
			`{"weights": [[1]], "row_totals": [7], "row_least": [8], "col_totals": [7]}`,
			`row_least of "1" is 8, above its total 7`,
		},
		"a column too large": {
			`{"weights": [[1]], "row_totals": [5000000], "col_totals": [5000000]}`,
			`col_totals of "1" is 5,000,000, more than 4,194,304`,
		},
		"bounds that cross": {
			`{"lower": [[0, 2], [0, 0]], "upper": [[9, 1], [9, 9]], ` + sound + `}`,
			`row "1", column "2": the lower bound 2 is above the upper bound 1`,
		},
		"a floor without a weight": {
			`{"lower": [[1]], "weights": [[0]], "row_totals": [1], "col_totals": [1]}`,
			`the lower bound 1 needs a weight above 0`,
		},
		"a group alone": {
			`{"group": [0, 0], ` + sound + `}`, "group and group_most belong together",
		},
		"a group without end": {
			`{"group": [0, 1], "group_most": [[1], [1]], ` + sound + `}`, `group_most has 1 number, not 2`,
		},
		"a method of vectors": {
			`{"method": "largest_remainder", ` + sound + `}`, "divides one total and no matrix",
		},
		"a method of matrices": {
			`{"method": "nearest", "weights": [1], "total": 1}`, "rounds a matrix and divides no total",
		},
		"no method": {
			`{"method": "x", ` + sound + `}`, `there is no method "x"; the methods are webster, dhondt`,
		},
		"tolerance below 0": {
			`{"tolerance": -1, ` + sound + `}`, "the tolerance -1 is not between 0 and 100",
		},
		"a share above 1": {
			`{"local_share": 2, ` + sound + `}`, "the local share 2 is not between 0 and 1",
		},
		"previous of a total": {
			`{"weights": [1], "total": 1, "previous": [[1]]}`, "previous doesn't go with total",
		},
		"bounds on remainders": {
			`{"weights": [1], "total": 1, "method": "largest_remainder", "upper": [[1]]}`,
			"largest_remainder knows no bounds; leave out upper",
		},
		"a total beyond counting": {
			`{"weights": [1], "total": 2000000000000}`, "more than 1,099,511,627,776",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := solveJSON(tt.text)
			if !errors.Is(err, strict.ErrInput) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if zh := lang.Chinese.Error(err); zh == err.Error() {
				t.Errorf("no Chinese sentence: %s", zh)
			}
		})
	}
}

func TestTooManyRows(t *testing.T) {
	q := &Question{name: "q"}
	q.Rows, q.Cols = number(500), number(1601)
	q.RowTotals, q.ColTotals = make([]int, 500), make([]int, 1601)
	q.Weights = grid(500, 1601, 1.0)
	_, err := Solve(q)
	if !errors.Is(err, strict.ErrInput) || !strings.Contains(err.Error(), "500 rows by 1,601") {
		t.Errorf("got %v", err)
	}
}

func TestNullsLeaveOut(t *testing.T) {
	text := `{"rows": null, "upper": null, "tie_seed": null, "tolerance": null, "total": null, ` +
		sound + `}`
	q, err := ReadJSON("q.json", []byte(text))
	if err != nil || q.Ties || q.Vector || q.Upper != nil {
		t.Errorf("%+v, %v", q, err)
	}
}

// Whole numbers as some programs write them.
func TestWholeNumbers(t *testing.T) {
	for text, want := range map[string]int{"12": 12, "12.0": 12, "1e3": 1000, "-4": -4, "0": 0} {
		if got, ok := wholeOf(text); got != want || !ok {
			t.Errorf("%s is %d, %t", text, got, ok)
		}
	}
	for _, text := range []string{
		"1.5", "1e400", "99999999999999999999", "9007199254740994", "", "x",
	} {
		if got, ok := wholeOf(text); ok {
			t.Errorf("%s is %d", text, got)
		}
	}
}

func TestTableFaults(t *testing.T) {
	rows, cols := "row,total\na,2\nb,3\n", "col,total\nx,1\ny,4\n"
	entries := "row,col,weight\na,x,1\na,y,1\nb,x,1\nb,y,1\n"
	tests := map[string]struct{ entries, rows, cols, want string }{
		"an empty table": {
			"", rows, cols, "e.csv:1:1: the file is empty; its first line names the columns: row, col",
		},
		"no totals": {
			entries, "row,total\n", cols, "r.csv:1:1: the file has no line below its head",
		},
		"a strange column": {
			"row,col,wait\n", rows, cols, `e.csv:1:9: there is no column "wait" here`,
		},
		"a column twice":   {"row,col,col\n", rows, cols, `e.csv:1:9: the column "col" stands twice`},
		"a missing column": {"row,col\n", rows, cols, `e.csv:1:1: the column "weight" is missing`},
		"a short line": {
			"row,col,weight\na,x\n", rows, cols, "e.csv:2:1: this is not CSV: wrong number of fields",
		},
		"an unknown row": {
			"row,col,weight\nz,x,1\n", rows, cols, `e.csv:2:1: row is "z", which has no total`,
		},
		"an unknown column": {
			"row,col,weight\na,z,1\n", rows, cols, `e.csv:2:3: col is "z", which has no total`,
		},
		"a pair twice": {
			entries + "a,x,2\n", rows, cols, `e.csv:6:1: row "a", column "x" stands twice`,
		},
		"no number": {
			"row,col,weight\na,x,NaN\n", rows, cols, `e.csv:2:5: weight takes a number, not "NaN"`,
		},
		"no weight": {
			"row,col,weight\na,x,\n", rows, cols, `e.csv:2:5: weight takes a number, not ""`,
		},
		"a negative weight": {"row,col,weight\na,x,-1\n", rows, cols, `e.csv:2:5: -1 is no weight`},
		"half an entry": {
			"row,col,weight,lower\na,x,1,0.5\n", rows, cols, `e.csv:2:7: lower takes a whole number`,
		},
		"a negative bound": {
			"row,col,weight,upper\na,x,1,-1\n", rows, cols, `e.csv:2:7: upper can't be -1`,
		},
		"a total twice": {
			entries, rows + "a,1\n", cols, `r.csv:4:1: the ID "a" stands twice in row`,
		},
		"a total left out": {
			entries, rows, "col,total\nx,\n", `c.csv:2:3: total takes a whole number`,
		},
		"sums that differ": {
			entries, rows, "col,total\nx,1\ny,1\n", `the rows' totals sum to 5, the columns' to 2`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			q, err := ReadCSV(Table{"e.csv", strings.NewReader(tt.entries)},
				Table{"r.csv", strings.NewReader(tt.rows)}, Table{"c.csv", strings.NewReader(tt.cols)})
			if err == nil {
				_, err = Solve(q)
			}
			if !errors.Is(err, strict.ErrInput) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}
