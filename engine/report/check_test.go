package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/stint-city/stint/engine/lang"
)

func TestCheckPassesWhatWriteWrote(t *testing.T) {
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		dir := written(t, fixture(t, 6), tag)
		for _, path := range []string{dir, filepath.Join(dir, PlanFile)} {
			p, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := Check(path, p); err != nil {
				t.Errorf("Check(%s) = %v", path, err)
			}
		}
	}
}

// first returns the number of the first line of the text that holds part, and the line.
func first(t *testing.T, text, part string) (int, string) {
	t.Helper()
	for i, line := range strings.Split(text, "\n") {
		if strings.Contains(line, part) {
			return i + 1, line
		}
	}
	t.Fatalf("no line holds %q", part)
	return 0, ""
}

func TestCheckNamesTheFirstBreach(t *testing.T) {
	dir := written(t, fixture(t, 5), lang.English)
	files := contentsOf(t, dir)
	_, row := first(t, files[QuotasFile], "ibis")
	fields := strings.Split(row, ",")
	cell, quota := fields[1], fields[3]
	entry := fmt.Sprintf("bike,%s,ibis,", cell)
	line, _ := first(t, files[QuotasFile], entry)
	mapLine, _ := first(t, files[MapFile], "bike/"+cell)
	cellLine, _ := first(t, files[CellsFile], "bike,"+cell)
	cardLine, _ := first(t, files[ScoresCSVFile], "swift,,")
	scoreLine, _ := first(t, files[ScoresFile], `"points": 86,`)
	pageLine, _ := first(t, files[PageFile], `<div class="key main">`)

	tests := map[string]struct {
		file, old, new string
		want           Breach
		numbers        bool // the sentence says nothing of hashes
	}{
		"one vehicle more in quotas.csv": {
			QuotasFile, entry + quota, entry + "9" + quota,
			Breach{File: QuotasFile, Line: line, Field: "quota", Got: "9" + quota, Want: quota},
			true,
		},
		"another operator in quotas.csv": {
			QuotasFile, entry, fmt.Sprintf("bike,%s,swift,", cell),
			Breach{File: QuotasFile, Line: line, Field: "operator", Got: "swift", Want: "ibis"},
			true,
		},
		"the header of quotas.csv": {
			QuotasFile, "sector,cell", "sector,place",
			Breach{File: QuotasFile, Line: 1, Field: "cell", Got: "place", Want: "cell"},
			true,
		},
		"a row that the plan doesn't have": {
			QuotasFile, "", "bike,89,ibis,1,tie\n",
			Breach{
				File: QuotasFile, Line: strings.Count(files[QuotasFile], "\n") + 1,
				Got: "bike,89,ibis,1,tie",
			},
			true,
		},
		"a field too many": {
			QuotasFile, row, row + ",x",
			Breach{File: QuotasFile, Line: line, Got: "6", Want: "5"},
			true,
		},
		"a quotation mark that never closes": {
			QuotasFile, entry, fmt.Sprintf(`"bike,%s,ibis,`, cell),
			Breach{File: QuotasFile, Line: line, Got: "extraneous or missing \" in quoted-field"},
			true,
		},
		"ground made larger in cells.csv": {
			CellsFile, "bike," + cell + ",", "ebike," + cell + ",",
			Breach{File: CellsFile, Line: cellLine, Field: "sector", Got: "ebike", Want: "bike"},
			true,
		},
		"a score where there was none": {
			ScoresCSVFile, "swift,,", "swift,88,",
			Breach{File: ScoresCSVFile, Line: cardLine, Field: "score", Got: "88", Want: ""},
			true,
		},
		"a total in the map": {
			MapFile, `"id":"bike/` + cell, `"id":"bike/0` + cell,
			Breach{
				File: MapFile, Line: mapLine, Field: "id",
				Got: `"bike/0` + cell + `"`, Want: `"bike/` + cell + `"`,
			},
			true,
		},
		"points in scorecards.json": {
			ScoresFile, `"points": 86,`, `"points": 89,`,
			Breach{File: ScoresFile, Line: scoreLine, Field: "points", Got: "89", Want: "86"},
			true,
		},
		"a number in plan.json that other files hold": {
			PlanFile, `"quality-2026","pass":60`, `"quality-2026","pass":50`,
			Breach{File: ScoresFile, Line: 9, Field: "pass", Got: "60", Want: "50"},
			true,
		},
		"a setting in plan.json that no other file holds": {
			PlanFile, `"min_benefit":0.2`, `"min_benefit":0.1`,
			Breach{File: PlanFile, Field: "id"},
			false,
		},
		"a number on the page": {
			PageFile, `<span>Total</span><b>`, `<span>Total</span><b>9`,
			Breach{File: PageFile, Line: pageLine, Field: "b"},
			true,
		},
		"a manifest of another plan": {
			ManifestFile, `"plan": "`, `"plan": "0`,
			Breach{File: ManifestFile, Field: "plan"},
			false,
		},
		"a manifest with another hash": {
			ManifestFile, `"sha256": "`, `"sha256": "0`,
			Breach{File: PlanFile, Field: "sha256"},
			false,
		},
		"a manifest that leaves a file out": {
			ManifestFile, `"name": "quotas.csv"`, `"name": "other.csv"`,
			Breach{File: ManifestFile, Want: QuotasFile},
			false,
		},
		"a manifest that is none": {
			ManifestFile, `"schema"`, `"shape"`,
			Breach{File: ManifestFile, Got: `json: unknown field "shape"`},
			false,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			at := filepath.Join(t.TempDir(), "plan")
			if err := os.CopyFS(at, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			text := files[tt.file] + tt.new
			if tt.old != "" {
				text = strings.Replace(files[tt.file], tt.old, tt.new, 1)
			}
			if text == files[tt.file] {
				t.Fatalf("%s does not hold %q", tt.file, tt.old)
			}
			if err := os.WriteFile(filepath.Join(at, tt.file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			got := breachOf(t, at)
			ignore := cmpopts.IgnoreUnexported(Breach{})
			if tt.want.Got == "" && tt.want.Want == "" {
				ignore = cmp.Options{ignore, cmpopts.IgnoreFields(Breach{}, "Got", "Want")}
			}
			if diff := cmp.Diff(tt.want, *got, ignore); diff != "" {
				t.Errorf("breach (-want +got):\n%s", diff)
			}
			if sentence := got.Error(); tt.numbers && strings.Contains(sentence, "sha256") {
				t.Errorf("a changed number is told as a hash: %s", sentence)
			}
		})
	}
}

// breachOf returns the breach of a folder.
func breachOf(t *testing.T, dir string) *Breach {
	t.Helper()
	p, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	err = Check(dir, p)
	var b *Breach
	if !errors.As(err, &b) || !errors.Is(err, ErrBreach) {
		t.Fatalf("Check = %v, want a *Breach that wraps ErrBreach", err)
	}
	for _, tag := range []lang.Tag{lang.English, lang.Chinese} {
		text := tag.Error(err)
		if strings.ContainsAny(text, "{}") || !strings.Contains(text, b.File) {
			t.Errorf("the sentence in %q is %s", tag, text)
		}
	}
	return b
}

func TestCheckNamesAFileThatIsMissing(t *testing.T) {
	for _, name := range []string{
		QuotasFile, CellsFile, MapFile, ScoresFile, ScoresCSVFile, PageFile, ManifestFile,
	} {
		dir := written(t, fixture(t, 2), lang.English)
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if got := breachOf(t, dir); got.File != name || !strings.Contains(got.Error(), "missing") {
			t.Errorf("without %s: %v", name, got)
		}
	}
}

func TestCheckSaysThatPlanJSONWasChanged(t *testing.T) {
	dir := written(t, fixture(t, 3), lang.English)
	p, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	p.Sectors[0].Cells[4].Quotas[0]++
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, PlanFile), data, 0o644); err != nil {
		t.Fatal(err)
	}
	got := breachOf(t, dir)
	if got.File != QuotasFile || got.Field != "quota" {
		t.Errorf("breach in %s, %s; want the quota in quotas.csv", got.File, got.Field)
	}
	if !strings.Contains(got.Error(), "plan.json was changed") {
		t.Errorf("the sentence does not say which file was changed: %v", got)
	}
}
