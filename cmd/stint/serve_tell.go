package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/lang"
)

// tellServing says where the server is and how to ask it.
func (a *app) tellServing(
	f serveFlags, state stateFolder, e *engine.Engine, store *openedStore, l net.Listener,
) error {
	scheme := "http"
	if f.cert != "" {
		scheme = "https"
	}
	url := scheme + "://" + l.Addr().String()
	lines := a.tag.Text(lang.M("serve.serving", "city", f.city, "url", url)) + "\n" +
		"  " + a.tag.Text(store.says) + "\n"
	plan := e.InForce().Plan
	if plan == nil {
		lines += "  " + a.tag.Word("serve.no-plan") + "\n"
	} else {
		lines += "  " + a.tag.Text(lang.M("serve.plan", "plan", fmt.Sprintf("%.12s", plan.ID),
			"sectors", len(plan.Sectors))) + "\n"
	}
	if f.jwks == "" {
		lines += "  " + a.tag.Text(lang.M("serve.development", "state", string(state))) + "\n"
		lines += curlLines(url, string(state), plan)
	}
	_, err := fmt.Fprint(a.Out, lines)
	return err
}

// curlLines are three calls that work as they stand: what is in force, where there is room, and a
// placement there.
func curlLines(url, state string, plan *engine.Plan) string {
	lines := "\n  curl -s " + url + "/v1/status\n"
	if plan == nil {
		return lines
	}
	for i := range plan.Sectors {
		s := &plan.Sectors[i]
		for j := range s.Cells {
			for k, n := range s.Cells[j].Quotas {
				if n < 2 {
					continue
				}
				p := s.Cells[j].Cell.Center()
				self, err := os.Executable()
				if err != nil {
					self = "stint"
				}
				if whole, err := filepath.Abs(state); err == nil {
					state = whole // so that the lines work from anywhere
				}
				token := fmt.Sprintf(`-H "Authorization: Bearer $(%s token --state %s --operator %s)"`,
					self, state, s.Operators[k].ID)
				lines += fmt.Sprintf("  curl -s %s '%s/v1/room?sector=%s&lat=%.5f&lng=%.5f'\n",
					token, url, s.ID, p.Lat, p.Lng)
				return lines + fmt.Sprintf("  curl -s %s -H 'Idempotency-Key: first' "+
					"--json '{\"sector\":\"%s\",\"lat\":%.5f,\"lng\":%.5f,\"n\":1}' %s/v1/placements\n",
					token, s.ID, p.Lat, p.Lng, url)
			}
		}
	}
	return lines
}
