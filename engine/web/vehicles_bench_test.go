package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/ingest"
	"github.com/stint-city/stint/engine/mem"
)

// counted is a door whose deliveries end in a store before they are answered.
type counted struct {
	*ingest.Door
	engine.Whereabouts
}

func (c counted) Take(
	ctx context.Context, d engine.Delivery, r io.Reader,
) (engine.Intake, error) {
	taken, err := c.Door.Take(ctx, d, r)
	if err != nil {
		return taken, err
	}
	return taken, c.Flush(ctx)
}

func (c counted) Stands(ctx context.Context, sector string) ([]engine.Stand, error) {
	return c.Whereabouts.Stands(ctx, engine.Scope{City: "town", Sector: sector})
}

// BenchmarkVehicles tells a fleet over HTTP, a tenth of which moves from one telling to the next.
// One operation is one vehicle's update.
func BenchmarkVehicles(b *testing.B) {
	const fleet = 200_000
	for _, form := range []string{"csv", "json"} {
		b.Run(form, func(b *testing.B) {
			store := mem.New()
			door, err := ingest.New(ingest.Config{City: "town", Store: store, Salt: []byte("salt")})
			if err != nil {
				b.Fatal(err)
			}
			to := newTown(b, func(c *Config) {
				c.Vehicles, c.Rate = counted{door, store}, -1
			})
			server := httptest.NewServer(to.server)
			defer server.Close()
			told := 0
			for round := 0; told < b.N || told == 0; round++ {
				b.StopTimer()
				body, media := fleetBody(fleet, round, form == "json"), "text/csv"
				if form == "json" {
					media = "application/json"
				}
				q, err := http.NewRequestWithContext(b.Context(), http.MethodPost,
					server.URL+vehiclesPath+"?sector=bike", strings.NewReader(body))
				if err != nil {
					b.Fatal(err)
				}
				q.Header.Set("Content-Type", media)
				q.Header.Set("Authorization", to.tokens["blue"])
				b.StartTimer()
				answer, err := http.DefaultClient.Do(q)
				if err != nil {
					b.Fatal(err)
				}
				text, err := io.ReadAll(answer.Body)
				_ = answer.Body.Close()
				if err != nil || answer.StatusCode != http.StatusOK {
					b.Fatalf("%d %s %v", answer.StatusCode, text, err)
				}
				told += fleet
			}
			b.ReportMetric(float64(told)/b.Elapsed().Seconds(), "updates/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// fleetBody tells of a fleet in a round.
func fleetBody(fleet, round int, asJSON bool) string {
	var s strings.Builder
	s.WriteString(map[bool]string{true: "[", false: "vehicle_id,lat,lng,time,state\n"}[asJSON])
	at := 1_790_000_000 + 60*round
	for v := range fleet {
		n := v
		if (v+round)%10 == 0 {
			n += 7919 * round
		}
		lat, lng := 12+float64(n%500)*0.0005, -140+float64(n/500%500)*0.0005
		if !asJSON {
			_, _ = fmt.Fprintf(&s, "bike-%09d,%.6f,%.6f,%d,available\n", v, lat, lng, at)
			continue
		}
		if v > 0 {
			s.WriteByte(',')
		}
		_, _ = fmt.Fprintf(&s, `{"bike_id":"bike-%09d","lat":%.6f,"lon":%.6f,"last_reported":%d,`+
			`"is_reserved":false,"is_disabled":false}`, v, lat, lng, at)
	}
	if asJSON {
		s.WriteByte(']')
	}
	return s.String()
}
