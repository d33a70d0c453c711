package mds

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine/lang"
)

// BenchmarkEvents takes in bodies of 1,000 events, each on disk before its answer.
func BenchmarkEvents(b *testing.B) {
	const n = 1000
	to := newTown(b)
	var vehicles, events []string
	for i := range n {
		device := fmt.Sprintf("%s%03d", device1[:33], i)
		vehicles = append(vehicles, vehicleText(device))
		events = append(events, eventText(device, "00000000-0000-4000-8000-REPEAT000"+
			fmt.Sprintf("%03d", i), ""))
	}
	if status, bulk := to.says(b, "blue", "POST vehicles", vehicles...); status != 201 {
		b.Fatalf("%d %+v", status, bulk.Failures)
	}
	body := "[" + strings.Join(events, ",") + "]"
	b.SetBytes(int64(len(body)))
	for i := 0; b.Loop(); i++ {
		text := strings.ReplaceAll(body, "REPEAT", fmt.Sprintf("%06x", i))
		status, _, err := to.Answer(Call{
			Operator: "blue", What: "POST events", Body: []byte(text), Tag: lang.English, Now: noon,
		})
		if err != nil || status != 201 {
			b.Fatal(status, err)
		}
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "events/s")
}
