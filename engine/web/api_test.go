package web

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// answer reads an answer of a status into v.
func answer(t *testing.T, w *httptest.ResponseRecorder, status int, v any) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
}

// get asks as somebody; "" = the public.
func (t *town) get(who, path string, header ...string) *httptest.ResponseRecorder {
	if who != "" {
		header = append(header, "Authorization", t.tokens[who])
	}
	return ask(t.server, http.MethodGet, path, "", header...)
}

// The middle cell gives each operator fifteen vehicles of its thirty.
const fill = `{"sector":"bike","lat":12,"lng":-140,"n":15}`

func TestAPlacementIsGrantedToldAgainAndRefused(t *testing.T) {
	to := newTown(t)
	var first, again GrantAnswer
	answer(t, to.placing("blue", "k1", fill), http.StatusCreated, &first)
	if first.ID != "blue:k1" || first.N != 15 || first.State != "standing" || first.Left != 0 {
		t.Errorf("grant = %+v, want 15 standing and none left", first)
	}
	answer(t, to.placing("blue", "k1", fill), http.StatusOK, &again)
	if !again.Replayed || again.ID != first.ID || again.N != 15 {
		t.Errorf("retry = %+v, want the first answer again", again)
	}
	if p := problem(t, to.placing("blue", "k1", goodAsk)); p.Rule != "key-reused" || p.Status != 422 {
		t.Errorf("the key with another body = %d %s, want 422 key-reused", p.Status, p.Rule)
	}
	p := problem(t, to.placing("blue", "k2", goodAsk))
	if p.Status != http.StatusConflict || p.Rule != "cell-operator-full" || p.Room == nil ||
		*p.Room != 0 || len(p.Try) != 5 || p.Try[0].Room != 5 {
		t.Errorf("a full cell = %+v, want 409 cell-operator-full and five cells with room 5", p)
	}
	zh := ask(to.server, "POST", placementsPath, goodAsk, "Authorization", to.tokens["blue"],
		"Idempotency-Key", "k3", "Accept-Language", "zh-CN")
	if p := problem(t, zh); p.Title != "不予放行" {
		t.Errorf("title in Chinese = %q", p.Title)
	}
}

func TestABatchIsAnsweredAskByAsk(t *testing.T) {
	to := newTown(t)
	one := func(key string) string { return `{"key":"` + key + `",` + fill[1:] }
	var got BatchAnswer
	answer(t, ask(to.server, "POST", batchPath, `{"asks":[`+one("a")+`,`+one("b")+`,`+one("a")+
		`,`+one("bad key")+`]}`, "Authorization", to.tokens["green"]), http.StatusOK, &got)
	r := got.Results
	if len(r) != 4 || r[0].Grant == nil || r[1].Problem == nil || r[2].Grant == nil ||
		r[3].Problem == nil {
		t.Fatalf("results = %+v, want a grant, a refusal, the grant again, a bad key", r)
	}
	if r[1].Problem.Rule != "cell-operator-full" || !r[2].Grant.Replayed ||
		r[3].Problem.Status != http.StatusBadRequest {
		t.Errorf("results = %+v, %+v, %+v", r[1].Problem, r[2].Grant, r[3].Problem)
	}
}

func TestASettlement(t *testing.T) {
	to := newTown(t)
	var held, done GrantAnswer
	answer(t, to.placing("blue", "r", strings.Replace(fill, "{", `{"reserve":true,`, 1)),
		http.StatusCreated, &held)
	if held.State != "held" || held.Expires == nil {
		t.Fatalf("reservation = %+v, want it held until a time", held)
	}
	settle := func(who, verb, key, body string) *httptest.ResponseRecorder {
		return ask(to.server, "POST", placementsPath+"/blue:r/"+verb, body,
			"Authorization", to.tokens[who], "Idempotency-Key", key)
	}
	if p := problem(t, settle("green", "commit", "c", `{"sector":"bike"}`)); p.Status != 404 {
		t.Errorf("another's reservation: status %d, want 404", p.Status)
	}
	answer(t, settle("blue", "commit", "c", `{"sector":"bike","n":10}`), http.StatusCreated, &done)
	answer(t, settle("blue", "commit", "c", `{"sector":"bike","n":10}`), http.StatusOK, &done)
	if done.N != 10 || done.Placement != "blue:r" || !done.Replayed {
		t.Errorf("commit = %+v, want 10 of blue:r told again", done)
	}
	var one GrantAnswer
	answer(t, to.get("blue", placementsPath+"/blue:r?sector=bike"), http.StatusOK, &one)
	if one.N != 10 || one.ID != "blue:r" {
		t.Errorf("placement = %+v, want 10 of blue:r", one)
	}
	for name, w := range map[string]*httptest.ResponseRecorder{
		"another's placement":     to.get("green", placementsPath+"/blue:r?sector=bike"),
		"one that isn't":          to.get("blue", placementsPath+"/blue:x?sector=bike"),
		"another sector":          to.get("blue", placementsPath+"/blue:r?sector=car"),
		"another's list is not a": to.get("green", placementsPath+"?sector=bike&operator=blue"),
	} {
		if p := problem(t, w); p.Status != 404 && p.Status != 403 {
			t.Errorf("%s: status %d, want 404 or 403", name, p.Status)
		}
	}
}

// TestNothingOfACompetitor lets blue place and looks through green's eyes at every route that
// tells of placements.
func TestNothingOfACompetitor(t *testing.T) {
	to := newTown(t)
	before := map[string]string{}
	paths := []string{
		"/v1/quotas?sector=bike&limit=1000", "/v1/quotas?sector=bike&operator=blue",
		"/v1/city?sector=bike", "/v1/placements?sector=bike", "/v1/orders", "/v1/operators",
		"/v1/sectors", "/v1/status",
	}
	strip := func(w *httptest.ResponseRecorder) string { // events number everybody's changes
		var v map[string]any
		answer(t, w, http.StatusOK, &v)
		delete(v, "event")
		b, _ := json.Marshal(v)
		return string(b)
	}
	for _, path := range paths {
		for _, who := range []string{"green", ""} {
			if who == "" && (strings.Contains(path, "placements") || path == "/v1/orders") {
				continue
			}
			before[who+path] = strip(to.get(who, path))
		}
	}
	var grant GrantAnswer
	answer(t, to.placing("blue", "k", fill), http.StatusCreated, &grant)
	for key, was := range before {
		who, path, _ := strings.Cut(key, "/")
		if now := strip(to.get(who, "/"+path)); now != was {
			t.Errorf("%q sees blue's placement at /%s:\nbefore %.300s\nafter  %.300s",
				who, path, was, now)
		}
	}
	if all := strip(to.get("admin", paths[0])); !strings.Contains(all, `"standing":15`) {
		t.Errorf("the bureau does not see it: %.300s", all)
	}
}

func TestTheCityIsSentOnce(t *testing.T) {
	to := newTown(t)
	w := to.get("admin", "/v1/city?sector=bike")
	var city PictureAnswer
	answer(t, w, http.StatusOK, &city)
	if len(city.Cells) != 7 || len(city.Operators) != 2 || city.City.Cap != 90 ||
		city.City.Standing == nil {
		t.Errorf("city = %+v, want seven cells with 90 vehicles and counts", city)
	}
	tag := w.Header().Get("ETag")
	if w := to.get("admin", "/v1/city?sector=bike", "If-None-Match", tag); w.Code != 304 {
		t.Errorf("the same again: status %d, want 304", w.Code)
	}
	if w := to.get("planner", "/v1/city?sector=bike", "If-None-Match", tag); w.Code != 200 {
		t.Errorf("another reader with that tag: status %d, want 200", w.Code)
	}
	w = to.get("admin", "/v1/city?sector=bike", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(&city); err != nil || len(city.Cells) != 7 {
		t.Errorf("compressed city: %v, %d cells", err, len(city.Cells))
	}
	to.placing("blue", "k", fill)
	if w := to.get("admin", "/v1/city?sector=bike", "If-None-Match", tag); w.Code != 200 {
		t.Errorf("after a placement: status %d, want 200", w.Code)
	}
}

func TestEvents(t *testing.T) {
	to := newTown(t)
	address, stop := serveTown(t, to)
	defer func() { _ = stop() }()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", "http://"+address+"/v1/events?sector=bike", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", to.tokens["blue"])
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewReader(stream.Body)
	if _, err := lines.ReadString('\n'); err != nil { // the stream has begun
		t.Fatal(err)
	}
	to.placing("green", "g", goodAsk)
	to.placing("blue", "b", goodAsk)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var e EventAnswer
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			t.Fatal(err)
		}
		if len(e.Changes) != 1 || e.Changes[0].ID != "blue:b" {
			t.Errorf("first event of blue = %+v, want its own placement", e)
		}
		return
	}
}

func TestMetrics(t *testing.T) {
	to := newTown(t)
	to.placing("blue", "k", fill)
	to.placing("blue", "k2", fill)
	w := ask(to.server.Private(), "GET", "/metrics", "")
	body, _ := io.ReadAll(w.Body)
	for _, want := range []string{
		"stint_grants_total 1\n", `stint_refusals_total{rule="cell-operator-full"} 1` + "\n",
		`stint_quota_left{sector="bike"} 75` + "\n", "stint_store_up 1\n",
		`stint_http_requests_total{route="POST /v1/placements",status="2xx"} 1` + "\n",
		`stint_http_request_seconds_bucket{route="POST /v1/placements",le="+Inf"} 2` + "\n",
	} {
		if !strings.Contains(string(body), want) {
			t.Errorf("metrics lack %q", want)
		}
	}
	if w := ask(to.server, "GET", "/metrics", ""); w.Code != http.StatusNotFound {
		t.Errorf("metrics in public: status %d, want 404", w.Code)
	}
}
