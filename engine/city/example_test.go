package city_test

import (
	"fmt"

	"github.com/stint-city/stint/engine/city"
)

// A city file is strict: what it can't mean is refused, with line and column.
func ExampleParse() {
	_, err := city.Parse("dot.yaml", []byte("schema: 1\nid: dot\nresolution: 9\nresolutions: 10\n"))
	fmt.Println(err)
	// Output:
	// dot.yaml:4:1: there is no key "resolutions" here; did you mean "resolution"?
}
