// The solver's benchmark: the same made cities by apportion.Solve and by its peers, in one run.
// .ci/bench/run builds the peers and calls it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/stint-city/stint/quota/apportion"
)

func main() {
	sizes := flag.String("sizes", "1000x20,10000x20,100000x20", "columns x rows")
	kinds := flag.String("kinds", "untied,bounds,tied,unlotted", "families of made cities")
	peers := flag.String("peers", "lemon,clp,highs", "who else solves them")
	dir := flag.String("dir", "build/bench", "where the peers are")
	limit := flag.Int("limit", 300, "seconds a peer may take")
	rounds := flag.Int("rounds", 3, "how often stint solves; the fastest counts")
	memory := flag.Bool("memory", false, "tell how much memory the problem takes, and the most with stint")
	flag.Parse()
	b := bench{dir: *dir, peers: split(*peers), limit: *limit, rounds: *rounds, memory: *memory}
	b.head()
	for _, size := range split(*sizes) {
		for _, kind := range split(*kinds) {
			var c city
			if _, err := fmt.Sscanf(size, "%dx%d", &c.cols, &c.rows); err != nil {
				fmt.Fprintf(os.Stderr, "the size %q is not COLUMNSxROWS\n", size)
				os.Exit(2)
			}
			c.kind = kind
			if err := b.row(c); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
}

// split cuts a list at commas; an empty list has no parts.
func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// bench compares solvers.
type bench struct {
	dir           string
	peers         []string
	limit, rounds int
	memory        bool
}

// answer is what a peer prints.
type answer struct {
	Status    string  `json:"status"`
	Objective string  `json:"objective"`
	Seconds   float64 `json:"solve_seconds"`
}

// head prints the table's head.
func (b *bench) head() {
	fmt.Printf("| instance | units moved last | 1 thread, s | 2 threads, s | certify, s |")
	for _, peer := range b.peers {
		fmt.Printf(" %s, s | ratio |", peer)
	}
	rule := strings.Repeat("---|---|", len(b.peers))
	if b.memory {
		fmt.Printf(" problem, MB | most, MB |")
		rule += "---|---|"
	}
	fmt.Printf("\n|---|---|---|---|---|%s\n", rule)
}

// row solves one city with everybody and prints what it took.
func (b *bench) row(c city) error {
	p := c.problem()
	held := b.settle()
	one, s, err := b.solve(p, 1)
	if err != nil {
		return err
	}
	two, _, err := b.solve(p, 2)
	if err != nil {
		return err
	}
	began := time.Now()
	certificate, err := apportion.Certify(p, s)
	if err != nil || certificate.Gap != 0 {
		return fmt.Errorf("gap %d: %w", certificate.Gap, err)
	}
	fmt.Printf("| %d x %d %s | %d | %.3f | %.3f | %.3f |",
		c.cols, c.rows, c.kind, s.Augmentations, one, two, time.Since(began).Seconds())
	if len(b.peers) > 0 {
		if err := b.compare(p, s, min(one, two)); err != nil {
			return err
		}
	}
	if b.memory {
		fmt.Printf(" %d | %d |", held, status("VmHWM:"))
	}
	fmt.Println()
	return nil
}

// settle gives back what isn't needed, forgets the most that was held, and returns what is: MB.
func (b *bench) settle() int {
	if !b.memory {
		return 0
	}
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		fmt.Fprintln(os.Stderr, "the most is that of all rows so far:", err)
	}
	return status("VmRSS:")
}

// status reads a figure of the process in MB; 0 where the system doesn't tell.
func status(name string) int {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), name)
	kB := 0
	fmt.Sscan(rest, &kB)
	return kB / 1024
}

// solve returns the seconds of the fastest of some rounds.
func (b *bench) solve(p apportion.Problem, threads int) (float64, *apportion.Solution, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
	best := 1e9
	var solution *apportion.Solution
	for range b.rounds {
		runtime.GC()
		began := time.Now()
		s, err := apportion.Solve(p)
		if err != nil {
			return 0, nil, err
		}
		best, solution = min(best, time.Since(began).Seconds()), s
	}
	return best, solution, nil
}

// compare runs the peers on what is left to decide near the optimum.
func (b *bench) compare(p apportion.Problem, s *apportion.Solution, seconds float64) error {
	dir, err := os.MkdirTemp("", "stint-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "instance")
	objective, err := write(file, p, s, near)
	if err != nil {
		return err
	}
	for _, peer := range b.peers {
		a, err := b.run(peer, file)
		if err != nil {
			return err
		}
		if a.Status != "optimal" {
			fmt.Printf(" %s | > %.0f |", a.Status, float64(b.limit)/seconds)
			continue
		}
		if peer == "lemon" && a.Objective != fmt.Sprint(objective) {
			return fmt.Errorf("%s finds %s, stint %d", peer, a.Objective, objective)
		}
		fmt.Printf(" %.3f | %.1f |", a.Seconds, a.Seconds/seconds)
	}
	return nil
}

// run calls a peer.
func (b *bench) run(peer, file string) (a answer, err error) {
	name := []string{filepath.Join(b.dir, peer)}
	if peer == "highs" {
		name = []string{"node", filepath.Join(b.dir, "highs.mjs")}
	}
	name = append(name, file, fmt.Sprint(b.limit))
	out, err := exec.Command(name[0], name[1:]...).Output()
	if err != nil {
		return answer{Status: "failed"}, nil
	}
	return a, json.Unmarshal(out, &a)
}
