package web

import (
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// health serves liveness and readiness on a mux. /healthz says that the process answers; /readyz,
// that it takes requests: it isn't stopping and its store answers.
func (s *Server) health(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		plainText(w, http.StatusOK, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.stopping.Load():
			plainText(w, http.StatusServiceUnavailable, "stopping")
		case s.ready(r.Context()) != nil:
			plainText(w, http.StatusServiceUnavailable, "store not available")
		default:
			plainText(w, http.StatusOK, "ready")
		}
	})
}

// plainText answers with one line.
func plainText(w http.ResponseWriter, status int, line string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(line + "\n")) // a client that has gone needs no answer
}

// Private returns what only the server's own people should reach: metrics, profiles and health.
// It asks for no token: listen where only they can connect.
func (s *Server) Private() http.Handler {
	mux := http.NewServeMux()
	s.health(mux)
	mux.Handle("GET /metrics",
		promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}
