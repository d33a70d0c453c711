package rdb

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/stint-city/stint/engine"
)

// An event is one entry of the stream "…:ev", whose ID is the event's. Its fields, in order:
//
//	k <kind>  t <Unix milliseconds>
//	e <epoch>  p <plan>      published
//	w <reason>               shut
//	l <level>  n <vehicles>  drawn
//	<record ID> <record>     each change; an empty record was forgotten
//
// No record's ID is one letter: it has a colon.

// page is how many events one call reads at most.
const page = 512

// eventsAfter returns up to page events after an ID, in order.
func eventsAfter(
	ctx context.Context, client redis.UniversalClient, key string, after engine.EventID,
) ([]engine.Event, error) {
	reply, err := client.Do(ctx, "XRANGE", key, "("+after.String(), "+", "COUNT", page).Slice()
	if err != nil {
		return nil, readError(ctx, err)
	}
	return decodeEvents(reply)
}

// decodeEvents returns the events of a reply of XRANGE. The client's own type would lose the order
// of the changes.
func decodeEvents(reply []any) ([]engine.Event, error) {
	events := make([]engine.Event, len(reply))
	for i, entry := range reply {
		parts, _ := entry.([]any)
		if len(parts) != 2 {
			return nil, fmt.Errorf("no stream entry: %.60v", entry)
		}
		id, _ := parts[0].(string)
		values, _ := parts[1].([]any)
		e, err := decodeEvent(id, values)
		if err != nil {
			return nil, err
		}
		events[i] = e
	}
	return events, nil
}

// decodeEvent returns the event of a stream entry.
func decodeEvent(id string, values []any) (engine.Event, error) {
	var e engine.Event
	var err error
	if e.ID, err = engine.ParseEventID(id); err != nil {
		return e, err
	}
	for i := 0; i+1 < len(values); i += 2 {
		field, _ := values[i].(string)
		text, _ := values[i+1].(string)
		if err := setField(&e, field, text); err != nil {
			return e, fmt.Errorf("event %s: %w", id, err)
		}
	}
	return e, nil
}

// setField sets what one field of an entry says.
func setField(e *engine.Event, field, text string) error {
	var err error
	switch field {
	case "k":
		e.Kind = engine.EventKind(text)
	case "t":
		var ms int64
		ms, err = strconv.ParseInt(text, 10, 64)
		e.Time = engine.Millis(ms)
	case "e":
		e.Epoch, err = strconv.ParseInt(text, 10, 64)
	case "p":
		e.Plan = text
	case "w":
		e.Reason = text
	case "l":
		e.Level = engine.Level(text)
	case "n":
		e.N, err = strconv.Atoi(text)
	default:
		var c engine.Change
		c, err = decodeChange(field, text)
		e.Changes = append(e.Changes, c)
	}
	return err
}

// decodeChange returns a record after an event.
func decodeChange(id, text string) (engine.Change, error) {
	c := engine.Change{ID: engine.ID(id)}
	if !strings.Contains(id, ":") {
		return c, fmt.Errorf("unknown field %.40q", id)
	}
	if text == "" {
		return c, nil
	}
	var err error
	c.Record, err = engine.ParseRecord(text)
	return c, err
}

// follows reports whether next comes right after last: nothing between them is missing. A new
// generation starts again from 1.
func follows(last, next engine.EventID) bool {
	return next.Gen == last.Gen && next.Seq == last.Seq+1 || next.Gen > last.Gen && next.Seq == 1
}
