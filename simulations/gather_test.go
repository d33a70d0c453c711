package simulations

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stint-city/stint/engine/lang"
	"github.com/stint-city/stint/engine/strict"
)

// twelve makes three blocks of replications of two policies, and stops after the second where the
// precision is reached.
func twelve() string { return strings.Replace(small, "min: 4, max: 8", "min: 8, max: 12", 1) }

// files writes a result and returns every file of it.
func (r *Result) files(t *testing.T, s *Study) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	if err := r.Write(dir, s.Manifest("stint test", s.Scenario.SHA256()), lang.English); err != nil {
		t.Fatal(err)
	}
	return tree(t, dir)
}

// tree returns the files below a folder by path.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(data)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in %s, %v", len(files), dir, err)
	}
	return files
}

// shards runs a study in n shards, each into its own folder, and opens them.
func (s *Study) shards(t *testing.T, n int) []*PartFolder {
	t.Helper()
	bundle, err := s.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	var folders []*PartFolder
	for i := range n {
		dir, shard := t.TempDir(), Shard{i + 1, n}
		f, err := CreatePart(dir, s.Job("stint test"), shard.String(), bundle)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.RunShard(t.Context(), shard, f, 2, nil); err != nil {
			t.Fatal(err)
		}
		if f, err = OpenPart(dir); err != nil {
			t.Fatal(err)
		}
		folders = append(folders, f)
	}
	return folders
}

// The same scenario and seed give the same bytes of every file, whatever GOMAXPROCS is.
func TestStudyIsBlindToProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	study := madeStudy(t, twelve())
	var want map[string]string
	for _, n := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(n)
		r, err := study.Run(t.Context(), 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := r.files(t, study)
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("GOMAXPROCS %d writes other bytes (-1 +%d):\n%s", n, n, diff)
		}
	}
}

// Shards merged in any order and grouping, by the study that their own inputs make, write the same
// bytes as a single run, which stops after eight of the twelve replications.
func TestMergeIsASingleRun(t *testing.T) {
	study := madeStudy(t, twelve())
	r, err := study.Run(t.Context(), 2, nil)
	if err != nil || r.Replications != 8 {
		t.Fatalf("%+v, %v; want 8 replications", r, err)
	}
	want := r.files(t, study)
	for n := 1; n <= 3; n++ {
		folders := study.shards(t, n)
		bundle, err := folders[n-1].Bundle()
		if err != nil {
			t.Fatal(err)
		}
		again, err := LoadBundle(t.Context(), t.TempDir(), bundle)
		if err != nil {
			t.Fatal(err)
		}
		all := NewPart(folders[0].Part().Job)
		for i := range folders { // from the last to the first
			if err := all.Join(folders[n-1-i].Part(), "all", "next"); err != nil {
				t.Fatal(err)
			}
		}
		if err := all.Complete(); err != nil {
			t.Fatal(err)
		}
		merged, err := all.Result(t.Context(), again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, merged.files(t, again)); diff != "" {
			t.Errorf("%d shards write other bytes (-run +merge):\n%s", n, diff)
		}
	}
}

// TestJoin holds that parts make the same whole in any order and grouping, and that a share that is
// there twice is refused whichever way.
func TestJoin(t *testing.T) {
	job := Job{Plans: []string{"a", "b"}, Most: 40}
	rapid.Check(t, func(rt *rapid.T) {
		owner := rapid.SliceOfN(rapid.IntRange(0, 3), 20, 20).Draw(rt, "owners")
		parts := make([]*Part, 4)
		for i := range parts {
			parts[i] = NewPart(job)
		}
		for i, o := range owner {
			share := Share{Policy: i % 2, From: i / 2 * block, Tallies: []*Tally{{Served: int64(i)}}}
			if err := parts[o].Add(share, "part"); err != nil {
				rt.Fatal(err)
			}
		}
		join := func(list ...*Part) *Part {
			sum := NewPart(job)
			for _, p := range list {
				if err := sum.Join(p, "sum", "next"); err != nil {
					rt.Fatal(err)
				}
			}
			return sum
		}
		order := rapid.Permutation(parts).Draw(rt, "order")
		one := join(order[0], order[1], order[2], order[3])
		other := join(join(parts[0], parts[1]), join(parts[2], parts[3]))
		if !cmp.Equal(one.shares, other.shares, cmp.AllowUnexported(held{})) || one.Complete() != nil {
			rt.Fatalf("%v and %v", one.ids(), other.ids())
		}
		if p := parts[owner[0]]; !errors.Is(one.Join(p, "one", "again"), ErrParts) {
			rt.Fatal("a part was taken twice")
		}
		rest := join(order[:3]...)
		if whole := len(order[3].shares) == 0; whole != (rest.Complete() == nil) {
			rt.Fatalf("without a part of %d shares: %v", len(order[3].shares), rest.Complete())
		}
	})
}

// TestShardsDealEveryBlockOnce holds that the shards of a job have every block among them, each
// once, and that their numbers differ by one block at most.
func TestShardsDealEveryBlockOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		job := Job{Most: rapid.IntRange(1, 100).Draw(rt, "most")}
		n := rapid.IntRange(1, len(job.Blocks())).Draw(rt, "shards")
		seen, least, most := map[int]int{}, 1000, 0
		for i := range n {
			mine, err := Shard{i + 1, n}.Blocks(job)
			if err != nil {
				rt.Fatal(err)
			}
			for _, b := range mine {
				seen[b]++
			}
			least, most = min(least, len(mine)), max(most, len(mine))
		}
		for _, b := range job.Blocks() {
			if seen[b] != 1 {
				rt.Fatalf("block %d is dealt %d times", b, seen[b])
			}
		}
		if len(seen) != len(job.Blocks()) || most-least > 1 {
			rt.Fatalf("%d blocks of %d, from %d to %d a shard", len(seen), len(job.Blocks()), least, most)
		}
		if _, err := (Shard{len(job.Blocks()) + 1, 1000}).Blocks(job); !errors.Is(err, ErrParts) {
			rt.Fatalf("a shard with nothing to do: %v", err)
		}
	})
}

func TestParseShard(t *testing.T) {
	if s, err := ParseShard("2/3"); err != nil || s != (Shard{2, 3}) || s.String() != "2/3" {
		t.Errorf("%v, %v", s, err)
	}
	for _, text := range []string{"", "2", "0/3", "4/3", "-1/3", "a/b", "1/2/3", "1 /2"} {
		if s, err := ParseShard(text); !errors.Is(err, ErrParts) {
			t.Errorf("%q is %v, %v", text, s, err)
		}
	}
}

// A shard that is cut short keeps its whole blocks, and goes on from there to the same bytes; a
// folder of another shard or scenario is refused.
func TestResume(t *testing.T) {
	study := madeStudy(t, twelve())
	want := study.shards(t, 1)[0]
	dir, job, whole := t.TempDir(), study.Job("stint test"), Shard{1, 1}
	f, err := CreatePart(dir, job, whole.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = study.RunShard(ctx, whole, f, 2, func(int, int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if f, err = OpenPart(dir); err != nil || !f.Part().has(0) || f.Part().has(block) {
		t.Fatalf("%v, %v; want the first block", f.Part().ids(), err)
	}
	if err := f.Continues(job, Shard{1, 2}); !errors.Is(err, ErrParts) {
		t.Errorf("another shard goes on: %v", err)
	}
	if err := f.Continues(study.Job("stint other"), whole); !errors.Is(err, ErrParts) {
		t.Errorf("another version goes on: %v", err)
	}
	if err := f.Continues(job, whole); err != nil {
		t.Fatal(err)
	}
	if err := study.RunShard(t.Context(), whole, f, 1, nil); err != nil {
		t.Fatal(err)
	}
	got := tree(t, filepath.Join(dir, sharesDir))
	if diff := cmp.Diff(tree(t, filepath.Join(want.dir, sharesDir)), got); diff != "" {
		t.Errorf("a resumed shard holds other bytes:\n%s", diff)
	}
}

// Every field of a tally that is handed on comes back as it was: each is set to a number of its
// own, by reflection, so that a field added later is held to it too.
func TestShareKeepsEveryCount(t *testing.T) {
	tally := newTally(2, 3, 2)
	tally.Departed, tally.Gain = make([]uint32, 2), make([]GamingGain, 2)
	n := int64(1)
	count(reflect.ValueOf(tally).Elem(), &n)
	if n < 300 {
		t.Fatalf("only %d counts were found", n)
	}
	job := Job{Format: jobFormat, Plans: []string{"a"}, Most: 1}
	want := Share{Tallies: []*Tally{tally}}
	data, err := want.Encode(job)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeShare("x", data, job)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-encoded +decoded:\n%s", diff)
	}
}

// count sets every number and text within v to one of its own.
func count(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			count(v.Field(i), n)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			count(v.Index(i), n)
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(*n)
	case reflect.Uint32:
		v.SetUint(uint64(*n))
	case reflect.Float64:
		v.SetFloat(1 / float64(*n))
	case reflect.String:
		v.SetString(strings.Repeat("x", int(*n%7)))
	default:
		panic("simulations: a tally holds a " + v.Kind().String())
	}
}

func TestDecodeShareRefuses(t *testing.T) {
	job := Job{Format: jobFormat, Plans: []string{"a"}, Most: 6}
	good := Share{From: 4, Tallies: []*Tally{newTally(1, 1, 1), newTally(1, 1, 1)}}
	encode := func(s Share, j Job) []byte {
		data, err := s.Encode(j)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	short, long, policy := good, good, good
	short.Tallies, long.From, policy.Policy = good.Tallies[:1], 5, 1
	whole := encode(good, job)
	if _, err := DecodeShare("x", whole, job); err != nil {
		t.Fatal(err)
	}
	other := job
	other.Seed++
	for name, data := range map[string][]byte{
		"nothing": nil, "cut short": whole[:len(whole)-9], "no gzip": []byte("{}"),
		"half a block": encode(short, job), "not a block's start": encode(long, job),
		"an unknown policy": encode(policy, job), "another seed": encode(good, other),
		"no tallies":         encode(Share{From: 4, Tallies: make([]*Tally, 2)}, job),
		"of another program": encode(Share{From: 4, Tallies: []*Tally{{}, {}}}, job),
		"a bit that flipped": append(append(bytes.Clone(whole[:40]), whole[40]^1), whole[41:]...),
	} {
		if s, err := DecodeShare("x", data, job); !errors.Is(err, strict.ErrInput) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

// FuzzDecodeShare holds that no bytes break the decoder, and that what it takes fits its job.
func FuzzDecodeShare(f *testing.F) {
	job := Job{Format: jobFormat, Plans: []string{"a", "b"}, Most: 6}
	data, err := Share{Tallies: []*Tally{newTally(1, 1, 1)}}.Encode(Job{Most: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := DecodeShare("x", data, job); err == nil && !s.fits(job) {
			t.Errorf("%+v doesn't fit", s)
		}
	})
}
