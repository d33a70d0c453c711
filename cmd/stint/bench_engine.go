package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/web"
	"github.com/stint-city/stint/geo"
)

// benchServer is a server on loopback with the plan in force, and who may ask it.
type benchServer struct {
	address string
	tokens  []string // by operator
	points  []geo.LatLng
	stop    func() error
}

// serveBench puts the plan and the zones in force on a store and serves them.
func (b *benchRun) serveBench(ctx context.Context, s engine.Store) (*benchServer, error) {
	e, err := engine.New(engine.Config{City: b.plan.City.ID, Store: s})
	if err != nil {
		return nil, err
	}
	by := engine.Actor{ID: "bench", Role: engine.RoleAdmin}
	p, err := e.Draft(ctx, by, b.plan, b.zones(), engine.Terms{})
	if err == nil {
		p, err = e.Announce(ctx, by, p.ID, engine.Terms{})
	}
	if err == nil {
		_, err = e.Finalize(ctx, by, p.ID, "")
	}
	if err != nil {
		return nil, fmt.Errorf("put the plan in force: %w", err)
	}
	secret := make([]byte, sha256.Size)
	_, _ = rand.Read(secret) // never fails
	auth, err := web.NewAuth(ctx, web.AuthConfig{Secret: secret})
	if err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	up := &benchServer{address: l.Addr().String(), points: b.openPoints()}
	for k := range b.caps.Operators {
		up.tokens = append(up.tokens, benchToken(secret, b.caps.Operators[k]))
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 2)
	go func() { ended <- web.New(web.Config{Engine: e, Auth: auth, Rate: -1}).Run(ctx, l, nil) }()
	go func() {
		e.Run(ctx, nil)
		ended <- nil
	}()
	up.stop = func() error {
		cancel()
		return errors.Join(<-ended, <-ended)
	}
	return up, nil
}

// zones returns the zones as the engine takes them: areas that ban, and places and districts that
// only mark, so that every look-up meets them and no ask is charged to more levels.
func (b *benchRun) zones() []engine.Zone {
	zones := make([]engine.Zone, len(b.places.zones))
	for i, z := range b.places.zones {
		zones[i] = engine.Zone{ID: z.ID, Kind: engine.ZoneSpot, Shape: z.Shape}
		if b.places.banned(i) {
			zones[i].Kind = engine.ZoneBan
		}
	}
	return zones
}

// openPoints returns points all over the city in which nothing bans a vehicle.
func (b *benchRun) openPoints() []geo.LatLng {
	known := map[geo.Cell]bool{}
	for _, c := range b.caps.Cells {
		known[c] = true
	}
	var open []geo.LatLng
	for _, p := range b.places.points {
		const scale = 1e6 // what is sent has six decimals, a tenth of a metre
		p = geo.LatLng{Lat: math.Round(p.Lat*scale) / scale, Lng: math.Round(p.Lng*scale) / scale}
		c, err := b.places.locator.At(p)
		banned := false
		for _, i := range b.places.index.At(nil, p) {
			banned = banned || b.places.banned(i)
		}
		if err == nil && known[c] && !banned {
			open = append(open, p)
		}
	}
	return open
}

// benchToken returns a token of an operator for an hour: HS256, as development servers take it.
//
// Source: RFC 7515, section 3.
func benchToken(secret []byte, operator string) string {
	encode := base64.RawURLEncoding.EncodeToString
	claims := fmt.Sprintf(`{"sub":%[1]q,"role":"operator","operator":%[1]q,"exp":%[2]d}`,
		operator, time.Now().Add(time.Hour).Unix())
	signed := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode([]byte(claims))
	mac := hmac.New(sha256.New, secret)
	_, _ = mac.Write([]byte(signed)) // never fails
	return signed + "." + encode(mac.Sum(nil))
}

// crowd is connections that ask a server, each for one operator.
type crowd struct {
	wires  []*wire
	bodies [][]byte
	server *benchServer
}

// connect opens connections to a path.
func (s *benchServer) connect(
	ctx context.Context, method, path string, connections int,
) (*crowd, error) {
	c := &crowd{server: s, bodies: make([][]byte, connections)}
	for k := range connections {
		w, err := dialWire(ctx, s.address, method, path, s.tokens[k%len(s.tokens)])
		if err != nil {
			c.close()
			return nil, err
		}
		c.wires = append(c.wires, w)
	}
	return c, nil
}

// close ends the connections.
func (c *crowd) close() {
	for _, w := range c.wires {
		w.close()
	}
}

// appendPlace appends the ask of a number, one vehicle somewhere in the city, as JSON without its
// last brace.
func (c *crowd) appendPlace(b []byte, i int64) []byte {
	p := c.server.points[uint64(i)*0x9e3779b97f4a7c15>>20%uint64(len(c.server.points))]
	b = append(b, `{"sector":"`+benchSector+`","lat":`...)
	b = strconv.AppendFloat(b, p.Lat, 'f', 6, 64)
	b = append(b, `,"lng":`...)
	b = strconv.AppendFloat(b, p.Lng, 'f', 6, 64)
	return append(b, `,"n":1,"reserve":true`...)
}

// ask sends ask i on connection k; the server must grant it.
func (c *crowd) ask(_ context.Context, k int, i int64) error {
	body := append(c.appendPlace(c.bodies[k][:0], i), '}')
	c.bodies[k] = body
	status, err := c.wires[k].ask(strconv.FormatInt(i, 36), body, nil)
	if err == nil && status != http.StatusCreated {
		err = fmt.Errorf("%w: status %d to %s", errAnswer, status, body)
	}
	return err
}

// batchSize is the asks in one request of askBatch.
const batchSize = 100

// askBatch sends a hundred asks on connection k; the server must grant each.
func (c *crowd) askBatch(_ context.Context, k int, i int64) error {
	body := append(c.bodies[k][:0], `{"asks":[`...)
	for n := range int64(batchSize) {
		if n > 0 {
			body = append(body, ',')
		}
		ask := i*batchSize + n
		body = append(c.appendPlace(body, ask), `,"key":"b`...)
		body = append(strconv.AppendInt(body, ask, 36), `"}`...)
	}
	body = append(body, `]}`...)
	c.bodies[k] = body
	var answer bytes.Buffer
	status, err := c.wires[k].ask("", body, &answer)
	if err != nil {
		return err
	}
	if granted := bytes.Count(answer.Bytes(), []byte(`{"grant":`)); granted != batchSize {
		return fmt.Errorf("%w: status %d, %d of %d granted: %.300s",
			errAnswer, status, granted, batchSize, answer.Bytes())
	}
	return nil
}

// fetch gets the whole city once.
func (c *crowd) fetch(_ context.Context, k int, _ int64) error {
	var answer bytes.Buffer
	status, err := c.wires[k].ask("", nil, &answer)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%w: status %d: %.300s", errAnswer, status, answer.Bytes())
	}
	return err
}
