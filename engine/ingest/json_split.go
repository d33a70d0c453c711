package ingest

import (
	"bytes"

	"github.com/stint-city/stint/engine/strict"
)

// splitJSON sends blocks of whole objects: those of a list, of a list in an envelope, or of a text
// that is nothing but objects. What follows the list in an envelope is not read.
func (s *source) splitJSON() error {
	lines, err := s.open()
	if err != nil {
		return err
	}
	for {
		if err := s.fill(); err != nil {
			return err
		}
		sent, seen, fault := s.objects()
		if sent > 0 {
			s.send(sent)
		}
		s.skip(seen - sent)
		closed := len(s.rest) > 0 && s.rest[0] == ']' && !lines
		switch {
		case fault != "":
			return s.fault(fault)
		case closed:
			return nil
		case len(s.rest) > 0 && s.rest[0] != '{':
			return s.fault("ingest.json-list")
		case s.ended && (len(s.rest) > 0 || !lines):
			return s.fault("ingest.json-end")
		case s.ended:
			return nil
		}
	}
}

// fault returns what is wrong with what comes next.
func (s *source) fault(id string) error {
	at := strict.At(s.line, s.column)
	if id == "ingest.json-long" {
		return strict.FaultAt(s.name, at, id, "bytes", mostLine)
	}
	return strict.FaultAt(s.name, at, id)
}

// open goes past what is before the first object. lines is true where no list holds the objects.
func (s *source) open() (lines bool, err error) {
	if err := s.fill(); err != nil {
		return false, err
	}
	if bytes.HasPrefix(s.rest, []byte("\xef\xbb\xbf")) {
		s.rest = s.rest[3:]
	}
	s.skip(skipSpace(s.rest, 0))
	switch {
	case len(s.rest) > 0 && s.rest[0] == '[':
		s.skip(1)
		return false, nil
	case len(s.rest) == 0 || s.rest[0] != '{':
		return false, s.fault("ingest.json-list")
	}
	if at := listIn(s.rest); at > 0 {
		s.skip(at)
		return false, nil
	}
	return true, nil
}

// listIn returns where the list of vehicles in an envelope begins, after its bracket; 0 where a
// text begins with no envelope.
//
// Sources: GBFS 2.3 and 3.0, free_bike_status and vehicle_status; MDS 2.0, vehicle status,
// vehicles and telemetry.
func listIn(d []byte) int {
	i := skipSpace(d, 1)
	for i < len(d) && d[i] == '"' {
		end := endOfString(d, i)
		if end < 0 {
			return 0
		}
		key := string(d[i+1 : end-1])
		if i = skipSpace(d, end); i >= len(d) || d[i] != ':' {
			return 0
		}
		if i = skipSpace(d, i+1); i >= len(d) {
			return 0
		}
		switch key {
		case "vehicles", "bikes", "vehicles_status", "telemetry":
			if d[i] == '[' {
				return i + 1
			}
		case "data":
			if d[i] == '{' {
				i = skipSpace(d, i+1) // the list is in there, or nowhere
				continue
			}
		}
		if i = skipValue(d, i); i < 0 {
			return 0
		}
		i = skipBlank(d, i)
	}
	return 0
}

// objects returns where the last whole object of rest ends, where what is none of a list's begins
// after it, and what is wrong there.
func (s *source) objects() (sent, seen int, fault string) {
	for {
		seen = skipBlank(s.rest, seen)
		if seen >= len(s.rest) || s.rest[seen] != '{' {
			return sent, seen, ""
		}
		end := balance(s.rest, seen)
		if end < 0 && len(s.rest)-seen > mostLine || end-seen > mostLine {
			return sent, seen, "ingest.json-long"
		}
		if end < 0 {
			return sent, seen, ""
		}
		sent, seen = end, end
	}
}
