package apportion

import (
	"runtime"
	"sync"
)

// parallel calls do for consecutive ranges that cover 0 to n, at once where there is enough to do;
// width is how many entries one step handles. What do computes must not depend on the ranges.
func parallel(n, width int, do func(first, last int)) {
	const least = 1 << 15 // entries a goroutine is worth
	workers := min(runtime.GOMAXPROCS(0), n*width/least)
	if workers <= 1 {
		do(0, n)
		return
	}
	var group sync.WaitGroup
	for k := range workers {
		group.Go(func() { do(n*k/workers, n*(k+1)/workers) })
	}
	group.Wait()
}
