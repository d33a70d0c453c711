package city

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	t0 := time.Now()
	s, err := Read(context.Background(), os.Getenv("ZZ"), Options{Data: "/work/shared/data"})
	t.Log(time.Since(t0), err)
	if s == nil {
		return
	}
	for _, l := range s.Layers {
		b, _ := json.Marshal(l)
		t.Log(string(b))
	}
	for _, c := range s.Compliance {
		t.Logf("%+v", c)
	}
	for _, n := range s.Notes {
		t.Logf("%+v", n)
	}
	for _, n := range s.Inputs {
		t.Logf("%+v", n)
	}
	for _, n := range s.Sheets {
		t.Logf("%+v", n)
	}
	t.Log(s.Grid.Len(), len(s.Districts))
	for _, x := range s.Sectors {
		p := 0.0
		for _, c := range x.Space {
			p += c.Parking
		}
		ev := 0
		for _, e := range x.Observed.Events {
			for _, n := range e {
				ev += int(n)
			}
		}
		hh := 0.0
		for _, h := range x.Observed.Hours {
			hh += h
		}
		sw := 0.0
		nb := 0.0
		for _, c := range x.Space {
			if c.Sidewalk == c.Sidewalk {
				sw += c.Sidewalk
			}
			nb += c.Banned * c.Area
		}
		pr := 0.0
		for _, v := range x.Presence {
			pr += v
		}
		t.Log(x.ID, "parking", p, "places", p/x.Limits.Footprint, "events", ev, "hours", hh, "sidewalk", sw, "banned", nb, "presence", pr, x.Nodes)
	}
}
