package geo

import (
	"math"

	"github.com/uber/h3-go/v4"
)

// vector is a point or direction in space; points on Earth have length 1.
type vector [3]float64

// onSphere returns p as a vector.
func onSphere(p LatLng) vector {
	sinLat, cosLat := math.Sincos(p.Lat * radians)
	sinLng, cosLng := math.Sincos(p.Lng * radians)
	return vector{cosLat * cosLng, cosLat * sinLng, sinLat}
}

func (v vector) dot(w vector) float64 { return v[0]*w[0] + v[1]*w[1] + v[2]*w[2] }

func (v vector) cross(w vector) vector {
	return vector{v[1]*w[2] - v[2]*w[1], v[2]*w[0] - v[0]*w[2], v[0]*w[1] - v[1]*w[0]}
}

func (v vector) times(x float64) vector { return vector{v[0] * x, v[1] * x, v[2] * x} }

func (v vector) plus(w vector) vector { return vector{v[0] + w[0], v[1] + w[1], v[2] + w[2]} }

func (v vector) unit() vector { return v.times(1 / math.Sqrt(v.dot(v))) }

// face is one of the twenty faces of the icosahedron on which H3 lays its lattices: a point is
// projected from the middle of the Earth onto the plane that touches it in the face's middle, and
// there the cells are regular hexagons.
//
// Source: h3geo.org, Overview; h3 v4 constants.h.
type face struct {
	center vector
	walls  [3]vector // the planes of its three sides; what is on the face is on their inner side
	corner vector    // one of its three corners
	x, y   vector    // the lattice coordinates of v are v·x / v·center and v·y / v·center
}

// icosahedron returns the faces without a lattice. Their corners are the twelve pentagons.
func icosahedron() []face {
	var corners []vector
	for _, c := range h3.Pentagons(0) {
		corners = append(corners, onSphere(Cell(c).Center()))
	}
	// The cosine of the angle between neighbours is 1/√5, between others less than 0.
	next := func(i, j int) bool { return corners[i].dot(corners[j]) > 0.4 }
	var faces []face
	for i := range corners {
		for j := range i {
			for k := range j {
				if next(i, j) && next(j, k) && next(i, k) {
					faces = append(faces, newFace(corners[i], corners[j], corners[k]))
				}
			}
		}
	}
	return faces
}

// newFace returns the face between three corners.
func newFace(a, b, c vector) face {
	f := face{center: a.plus(b).plus(c).unit(), corner: a}
	for i, wall := range []vector{a.cross(b), b.cross(c), c.cross(a)} {
		if wall.dot(f.center) < 0 {
			wall = wall.times(-1)
		}
		f.walls[i] = wall
	}
	return f
}

// holds reports whether v is on the face and not within a centimetre or so of its sides.
func (f *face) holds(v vector) bool {
	const border = 2e-9
	return f.walls[0].dot(v) > border && f.walls[1].dot(v) > border && f.walls[2].dot(v) > border
}

// lattice returns the coordinates of v along two axes 60 degrees apart; the places of the lattice,
// the middles of cells, have whole ones.
func (f *face) lattice(v vector) (x, y float64) {
	depth := 1 / v.dot(f.center)
	return v.dot(f.x) * depth, v.dot(f.y) * depth
}

// at returns the face with the lattice of a resolution. At resolution 0 a corner is two steps from
// the middle, straight along an axis. Each resolution makes a step √7 times smaller and, as √7 is
// the length of two steps and a third at 60 degrees to them, turns the axes by that angle: to the
// left at odd resolutions, back at even ones.
func (f face) at(resolution int) face {
	arm := f.corner.times(1 / f.corner.dot(f.center)).plus(f.center.times(-1))
	step := math.Sqrt(arm.dot(arm)) / 2 / math.Pow(7, float64(resolution)/2)
	turned := float64(resolution%2) * math.Asin(math.Sqrt(3.0/28))
	sin, cos := math.Sincos(turned)
	east := arm.unit()
	north := f.center.cross(east)
	along := east.times(cos).plus(north.times(sin))
	across := north.times(cos).plus(east.times(-sin))
	// A place is x + y/2 steps along and y√3/2 across.
	f.y = across.times(2 / (step * math.Sqrt(3)))
	f.x = along.times(1 / step).plus(f.y.times(-0.5))
	return f
}
