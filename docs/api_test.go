package docs_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/city"
	"github.com/stint-city/stint/engine/example"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/report"
	"github.com/stint-city/stint/engine/web"
)

// exchange is a call of api.md and the answer that the page shows, or a moment of the page's clock.
type exchange struct {
	at     int // line of the page
	moment string
	asked  string
	want   string
}

// exchanges reads the blocks of the page: ```http that begins with a method is a call, the next
// one, which begins with HTTP/1.1, its answer. A comment <!-- clock TIME --> sets the clock.
func exchanges(t *testing.T, page string) []exchange {
	t.Helper()
	var all []exchange
	var block *strings.Builder
	begun := 0
	for i, line := range strings.Split(page, "\n") {
		switch {
		case strings.HasPrefix(line, "<!-- clock "):
			moment := strings.TrimSuffix(strings.TrimPrefix(line, "<!-- clock "), " -->")
			all = append(all, exchange{at: i + 1, moment: moment})
		case line == "```http":
			block, begun = &strings.Builder{}, i+1
		case line == "```" && block != nil:
			text := block.String()
			block = nil
			if !strings.HasPrefix(text, "HTTP/1.1 ") {
				all = append(all, exchange{at: begun, asked: text})
				continue
			}
			if len(all) == 0 || all[len(all)-1].asked == "" || all[len(all)-1].want != "" {
				t.Fatalf("api.md:%d: an answer without a call", begun)
			}
			all[len(all)-1].want = text
		case block != nil:
			block.WriteString(line + "\n")
		}
	}
	return all
}

// parts splits a call or an answer: first line, headers, body.
func parts(text string) (first string, headers map[string]string, body string) {
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	headers = map[string]string{}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		headers[name] = value
	}
	return lines[0], headers, strings.TrimSpace(body)
}

// pageClock stands still until the page moves it on.
type pageClock struct{ unix atomic.Int64 }

func (c *pageClock) Now() time.Time { return time.Unix(c.unix.Load(), 0).UTC() }

// bureau is the server that the page talks to: the made city on a store in memory.
type bureau struct {
	clock  *pageClock
	url    string
	secret []byte
	files  map[string]string // what @name in a body stands for
}

// decided returns the plan of the made city; largest bounds the total of bikes, -1 = the policy's.
func decided(t *testing.T, path string, largest int) (*engine.Plan, []engine.Zone) {
	t.Helper()
	snapshot, err := city.Read(t.Context(), path, city.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if largest >= 0 {
		snapshot.Sectors[0].Max = largest
	}
	plan, err := engine.Decide(snapshot, engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return plan, snapshot.Zones
}

// openBureau makes the city and its plans and puts the first in force, as stint serve PLAN does.
func openBureau(t *testing.T) *bureau {
	t.Helper()
	b := &bureau{
		clock: &pageClock{}, secret: bytes.Repeat([]byte("x"), 32), files: map[string]string{},
	}
	b.clock.unix.Store(time.Date(2027, 1, 4, 8, 0, 0, 0, time.UTC).Unix())
	dir := filepath.Join(t.TempDir(), "city")
	if err := example.Write(dir, example.Options{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	plan, zones := decided(t, filepath.Join(dir, "city.yaml"), -1)
	fewer, _ := decided(t, filepath.Join(dir, "city.yaml"), 300)
	data, err := json.Marshal(fewer)
	if err != nil {
		t.Fatal(err)
	}
	b.files["plan.json"] = string(data)
	store := mem.New()
	e, err := engine.New(engine.Config{City: plan.City.ID, Store: store, Clock: b.clock})
	if err != nil {
		t.Fatal(err)
	}
	head := engine.Actor{ID: "command-line", Role: engine.RoleAdmin}
	p, err := e.Draft(t.Context(), head, plan, zones, engine.Terms{})
	if err == nil {
		_, err = e.Enforce(t.Context(), head, p.ID, "named on the command line")
	}
	if err != nil {
		t.Fatal(err)
	}
	auth, err := web.NewAuth(t.Context(), web.AuthConfig{Secret: b.secret, Clock: b.clock})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(web.New(web.Config{
		Engine: e, Events: store, Auth: auth, Clock: b.clock, Explain: report.Explain, Rate: -1,
	}))
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

// token returns a token of one of those who call in the page.
func (b *bureau) token(t *testing.T, name string) string {
	t.Helper()
	role, known := map[string]engine.Role{
		"HEAD": engine.RoleAdmin, "OFFICER": engine.RoleOfficer, "PLANNER": engine.RolePlanner,
		"CITIZEN": engine.RolePublic, "ASTER": engine.RoleOperator, "BIRCH": engine.RoleOperator,
	}[name]
	if !known {
		t.Fatalf("the page has a token of %q", name)
	}
	id := web.Identity{Subject: strings.ToLower(name), Role: role}
	if role == engine.RoleOperator {
		id.Operator = id.Subject
	}
	token, err := web.SignDevelopment(b.secret, id, b.clock.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// ask makes the call and returns its answer.
func (b *bureau) ask(ctx context.Context, t *testing.T, asked string) *http.Response {
	t.Helper()
	line, headers, body := parts(asked)
	method, path, _ := strings.Cut(line, " ")
	for name, content := range b.files {
		body = strings.ReplaceAll(body, "@"+name, content)
	}
	r, err := http.NewRequestWithContext(ctx, method, b.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range headers {
		if who, ok := strings.CutPrefix(value, "Bearer $"); ok {
			value = "Bearer " + b.token(t, who)
		}
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

// TestTheCallsOfTheApiPageAnswerAsItSays replays api.md from its first call to its last.
func TestTheCallsOfTheApiPageAnswerAsItSays(t *testing.T) {
	b := openBureau(t)
	all := exchanges(t, readPage(t, "api.md"))
	if len(all) < 30 {
		t.Fatalf("%d calls in api.md; some were lost", len(all))
	}
	for _, x := range all {
		if x.moment != "" {
			at, err := time.Parse(time.RFC3339, x.moment)
			if err != nil {
				t.Fatalf("api.md:%d: %v", x.at, err)
			}
			b.clock.unix.Store(at.Unix())
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		for _, fault := range unlike(b.ask(ctx, t, x.asked), x.want) {
			first, _, _ := strings.Cut(x.asked, "\n")
			t.Errorf("api.md:%d: %s: %s", x.at, first, fault)
		}
		cancel()
	}
}

// unlike returns in what an answer differs from the page.
func unlike(got *http.Response, text string) []string {
	line, headers, body := parts(text)
	var faults []string
	if status := strings.TrimPrefix(line, "HTTP/1.1 "); status != got.Status {
		faults = append(faults, fmt.Sprintf("status %q, the page has %q", got.Status, status))
	}
	for name, want := range headers {
		if have := got.Header.Get(name); have != want {
			faults = append(faults, fmt.Sprintf("%s: %q, the page has %q", name, have, want))
		}
	}
	if headers["Content-Type"] == "text/event-stream" {
		return append(faults, compareStream(got.Body, body)...)
	}
	data, err := io.ReadAll(got.Body)
	if err != nil {
		return append(faults, err.Error())
	}
	if body != "" {
		return append(faults, compareJSON(data, []byte(body))...)
	}
	if len(data) > 0 {
		faults = append(faults, fmt.Sprintf("a body, the page has none: %.200s", data))
	}
	return faults
}

// compareJSON returns where an answer lacks what the page shows.
func compareJSON(got, page []byte) []string {
	var have, want any
	if err := json.Unmarshal(got, &have); err != nil {
		return []string{fmt.Sprintf("no JSON: %v: %.200s", err, got)}
	}
	d := json.NewDecoder(bytes.NewReader(page))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		return []string{fmt.Sprintf("the page's answer is no JSON: %v: %.200s", err, page)}
	}
	return differ("body", have, want)
}

// differ returns where an answer lacks what the page shows. The page may leave members of an object
// out and round numbers; "…" stands for any value, the end of a text or, last in a list, more
// items.
func differ(path string, have, want any) []string {
	switch w := want.(type) {
	case map[string]any:
		return differObject(path, have, w)
	case []any:
		return differList(path, have, w)
	case json.Number:
		_, decimals, _ := strings.Cut(w.String(), ".")
		h, ok := have.(float64)
		if ok && strconv.FormatFloat(h, 'f', len(decimals), 64) == w.String() {
			return nil
		}
	case string:
		begin, open := strings.CutSuffix(w, "…")
		h, ok := have.(string)
		if h == w && ok || open && (begin == "" || ok && strings.HasPrefix(h, begin)) {
			return nil
		}
	default:
		if have == want {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s is %v, the page has %v", path, have, want)}
}

func differObject(path string, have any, want map[string]any) []string {
	h, ok := have.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s is %v, the page has an object", path, have)}
	}
	var faults []string
	for key := range want {
		if v, ok := h[key]; ok {
			faults = append(faults, differ(path+"."+key, v, want[key])...)
		} else {
			faults = append(faults, path+"."+key+" is absent")
		}
	}
	return faults
}

func differList(path string, have any, want []any) []string {
	h, ok := have.([]any)
	more := len(want) > 0 && want[len(want)-1] == "…"
	if more {
		want = want[:len(want)-1]
	}
	if !ok || len(h) < len(want) || len(h) > len(want) && !more {
		return []string{fmt.Sprintf("%s is %.300v, the page has %d items", path, have, len(want))}
	}
	var faults []string
	for i := range want {
		faults = append(faults, differ(path+"["+strconv.Itoa(i)+"]", h[i], want[i])...)
	}
	return faults
}

// compareStream reads as many lines of a stream as the page shows; a line of data is compared as
// JSON.
func compareStream(body io.Reader, text string) []string {
	var faults []string
	in := bufio.NewScanner(body)
	for _, want := range strings.Split(text, "\n") {
		if !in.Scan() {
			return append(faults, fmt.Sprintf("the stream ended before %q: %v", want, in.Err()))
		}
		have := in.Text()
		if data, ok := strings.CutPrefix(want, "data: "); ok {
			event := strings.TrimPrefix(have, "data: ")
			faults = append(faults, compareJSON([]byte(event), []byte(data))...)
		} else if have != want {
			faults = append(faults, fmt.Sprintf("%q, the page has %q", have, want))
		}
	}
	return faults
}
