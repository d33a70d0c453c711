package gbfs

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"slices"
	"strconv"

	"github.com/stint-city/stint/engine/lenient"
	"github.com/stint-city/stint/engine/observe"
	"github.com/stint-city/stint/geo"
)

var (
	// ErrUnusable is what a body is of which nothing was taken; the file's problems say why.
	ErrUnusable = errors.New("gbfs: nothing of the file can be used")
	// ErrName is what a file is that stint doesn't read.
	ErrName = errors.New("gbfs: no file that is read")
)

// Settings are what a Feed is told once.
type Settings struct {
	Hasher *observe.Hasher
	Area   *geo.Box // the city and its surroundings; nil = the median of the feed's own positions
	Ahead  int64    // ms that a feed's clock may be ahead of ours
}

// File is what one body of a feed held.
type File struct {
	Name     string            `json:"name"`
	Version  string            `json:"version"`    // as told; "" = not told
	Updated  int64             `json:"updated_ms"` // 0 = not told
	TTL      int               `json:"ttl_s"`      // -1 = not told
	Bytes    int               `json:"bytes"`
	Items    int               `json:"items"` // vehicles, stations, types, zones or endpoints
	Usable   bool              `json:"usable"`
	Problems []lenient.Problem `json:"problems,omitempty"`
	sum      [sha256.Size]byte
}

// Feed is what is known of one operator's feed: of each file the last that could be used. One
// goroutine at a time may use it.
type Feed struct {
	Endpoints []Endpoint
	Types     []VehicleType
	Stations  []Station
	Status    []Status
	Vehicles  []Vehicle
	Timezone  string // of the system, as told
	settings  Settings
	files     map[string]*File
	version   version // of the discovery, or of the first file
	known     bool    // whether version is
}

// New returns a feed of which nothing is known.
func New(s Settings) *Feed { return &Feed{settings: s, files: map[string]*File{}} }

// File returns what the last usable body of a file held, or a refused one where none was, or nil.
func (f *Feed) File(name string) *File { return f.files[name] }

// Files returns the files that were taken in the order of Names.
func (f *Feed) Files() []*File {
	var list []*File
	for _, name := range Names() {
		if file := f.files[name]; file != nil {
			list = append(list, file)
		}
	}
	return list
}

// taking is one Take.
type taking struct {
	feed    *Feed
	file    *File
	report  lenient.Report
	version version
	now     int64
}

// Take reads the body of a file, which came at now, ms. The File comes back with an error too: its
// problems say what is wrong. After ErrUnusable the feed knows what it knew before.
func (f *Feed) Take(name string, body []byte, now int64) (*File, error) {
	read := readerOf(name)
	if read == nil {
		return nil, ErrName
	}
	t := &taking{feed: f, now: now}
	t.file = &File{Name: name, TTL: -1, Bytes: len(body), sum: sha256.Sum256(body)}
	before := f.files[name]
	f.files[name] = t.file
	err := t.take(body, read)
	t.file.Usable = err == nil
	if err != nil {
		f.refused(name, before, t.file)
	} else if before != nil && before.Usable {
		t.compare(before)
	}
	t.file.Problems = t.report.Problems
	return t.file, err
}

// refused keeps the last file that could be used, and what is known of its fleet.
func (f *Feed) refused(name string, before, now *File) {
	if before != nil && before.Usable {
		now = before
	}
	f.files[name] = now
}

// compare holds a file against the one before it.
func (t *taking) compare(before *File) {
	file := t.file
	if before.sum != file.sum && before.Updated == file.Updated && file.Updated != 0 {
		t.report.Add(lenient.Problem{
			Feed: file.Name, Field: "last_updated", Kind: lenient.Frozen, First: "last_updated",
		})
	}
	if before.Items >= mostFew && 3*file.Items < 2*before.Items {
		t.report.Add(lenient.Problem{
			Feed: file.Name, Kind: lenient.Fewer,
			Got: strconv.Itoa(file.Items) + " < " + strconv.Itoa(before.Items),
		})
	}
}

// mostFew is the most items of which half may go without a word.
const mostFew = 10

// Listing says which files the discovery names and nobody has, and which there are and it doesn't
// name. have are the names of files as they are called, the discovery's own aside.
func (f *Feed) Listing(have []string) []lenient.Problem {
	var report lenient.Report
	add := func(name string, kind lenient.Kind) {
		report.Add(lenient.Problem{
			Feed: Discovery, Field: "data.feeds." + name, Kind: kind, Got: name,
		})
	}
	listed := map[string]bool{}
	for _, e := range f.Endpoints {
		name := NameOf(e.Name)
		listed[name] = true
		if name != "" && name != Discovery &&
			!slices.ContainsFunc(have, func(h string) bool { return NameOf(h) == name }) {
			add(e.Name, lenient.Absent)
		}
	}
	for _, h := range have {
		if name := NameOf(h); name != "" && name != Discovery && !listed[name] {
			add(h, lenient.Unlisted)
		}
	}
	return report.Problems
}

func readerOf(name string) func(*taking, *lenient.Reader) bool {
	switch name {
	case Discovery:
		return (*taking).discovery
	case SystemInformation:
		return (*taking).system
	case VehicleTypes:
		return (*taking).types
	case StationInformation:
		return (*taking).stations
	case StationStatus:
		return (*taking).status
	case VehicleStatus:
		return (*taking).vehicles
	case GeofencingZones:
		return (*taking).zones
	}
	return nil
}

// take reads the head first, as it may stand behind the data and says how to read them.
func (t *taking) take(body []byte, read func(*taking, *lenient.Reader) bool) error {
	if err := t.head(body); err != nil {
		return err
	}
	r := lenient.NewReader(t.file.Name, bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), &t.report)
	taken := false
	r.Object(func(key string) {
		if key != "data" {
			r.Skip()
			return
		}
		taken = read(t, r)
	})
	if r.End() != nil || !taken {
		return ErrUnusable
	}
	return nil
}

// head reads what every file begins with, and that the text is whole.
func (t *taking) head(body []byte) error {
	var first lenient.Report
	var told bool
	var keys []string
	// Times are judged when the version is known; until then both forms are right.
	r := lenient.NewReader(t.file.Name, body, &first)
	ok := r.Object(func(key string) {
		keys = append(keys, key)
		if key == "version" {
			t.file.Version, told = r.Text()
			return
		}
		r.Skip()
	})
	if err := r.End(); err != nil || !ok {
		t.report = first
		return ErrUnusable
	}
	t.chooseVersion(told)
	second := lenient.Report{}
	r = lenient.NewReader(t.file.Name, body, &second)
	r.Object(func(key string) {
		switch key {
		case "last_updated":
			t.file.Updated, _ = r.Time(t.version.form())
			if t.ahead(t.file.Updated) {
				r.Problem(lenient.Future, "")
			}
		case "ttl":
			if n, ok := r.Count(mostTTL); ok {
				t.file.TTL = n
			}
		case "version":
			_, _ = r.Text()
			if told && !t.fits() {
				r.Problem(lenient.Version, t.file.Version)
			}
		default:
			r.Skip()
		}
	})
	for _, key := range []string{"last_updated", "ttl", "version", "data"} {
		if !slices.Contains(keys, key) {
			r.Missing(key)
		}
	}
	for _, p := range second.Problems {
		if p.Kind != lenient.Repeated { // the walk over the data counts it
			t.report.Add(p)
		}
	}
	return nil
}

// mostItems bounds the vehicles and the stations of a feed; further ones are counted and left out.
const mostItems = 1_000_000

// mostTTL is the longest time to live that can be meant, s.
const mostTTL = 7 * 24 * 3600

// chooseVersion takes the file's own version, or else the feed's; the first that is known is the
// feed's.
func (t *taking) chooseVersion(told bool) {
	v, ok := parseVersion(t.file.Version)
	switch f := t.feed; {
	case told && ok:
		t.version = v
		if !f.known || t.file.Name == Discovery {
			f.version, f.known = v, true
		}
	case f.known:
		t.version = f.version
	default:
		t.version = version{2, 3}
	}
}

// fits reports whether the version that was told is one that stint knows and the feed's.
func (t *taking) fits() bool {
	v, ok := parseVersion(t.file.Version)
	return ok && v.supported() && v == t.feed.version
}

// ahead reports whether a time is later than now allows.
func (t *taking) ahead(at int64) bool { return at > t.now+t.feed.settings.Ahead }

// past reads a time that must not be to come; ok is false for one that can't be understood.
func (t *taking) past(r *lenient.Reader) (at int64, ok bool) {
	at, ok = r.Time(t.version.form())
	if ok && t.ahead(at) {
		r.Problem(lenient.Future, "")
	}
	return at, ok
}

// text reads a text that people read: a list of translations from 3.0 on. It isn't kept.
func (t *taking) text(r *lenient.Reader) {
	if !t.version.three() {
		_, _ = r.Text()
		return
	}
	r.List(func() {
		text, language := false, false
		ok := r.Object(func(key string) {
			switch key {
			case "text":
				text = true
				_, _ = r.Text()
			case "language":
				language = true
				_, _ = r.Text()
			default:
				r.Skip()
			}
		})
		if ok {
			need(r, text, "text")
			need(r, language, "language")
		}
	})
}

// items walks the list under a key of the data; read is called for each item that is an object and
// tells of the keys it lacks.
func (t *taking) items(r *lenient.Reader, name string, item func(key string), end func()) bool {
	told, found := false, false
	ok := r.Object(func(key string) {
		if key != name || told {
			r.Skip()
			return
		}
		told = true
		found = r.List(func() {
			if t.file.Items >= mostItems {
				r.Skip()
				r.Problem(lenient.Range, "")
				return
			}
			if r.Object(item) {
				end()
				t.file.Items++
			}
		})
	})
	if ok && !told && r.Err() == nil {
		r.Missing(name)
	}
	return found
}

// need counts a field as missing that an item lacks.
func need(r *lenient.Reader, has bool, key string) {
	if !has {
		r.Missing(key)
	}
}
