package web

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stint-city/stint/engine"
)

func TestSignedTokensAreTaken(t *testing.T) {
	now := engine.SystemClock{}.Now()
	want := Identity{Subject: "ann", Role: engine.RoleOperator, Operator: "aster"}
	token, err := SignDevelopment(townSecret, want, now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	auth, err := NewAuth(t.Context(), AuthConfig{Secret: townSecret})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/v1/status", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	if got, err := auth.Who(r); err != nil || got != want {
		t.Errorf("Who = %+v, %v; want %+v", got, err, want)
	}
	if _, err := SignDevelopment([]byte("short"), want, now, time.Hour); !errors.Is(err, ErrAuth) {
		t.Errorf("a short secret: %v, want ErrAuth", err)
	}
	_, err = SignDevelopment(townSecret, Identity{Subject: "ann", Role: "king"}, now, time.Hour)
	if !errors.Is(err, ErrToken) {
		t.Errorf("an unknown role: %v, want ErrToken", err)
	}
}
