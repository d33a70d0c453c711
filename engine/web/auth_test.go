package web

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/stint-city/stint/engine"
)

// fixedClock stands still.
type fixedClock struct{ time.Time }

func (c fixedClock) Now() time.Time { return c.Time }

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// keys are one key of each kind that stint takes, and their set as a file.
type keys struct {
	rsa    *rsa.PrivateKey
	ec     *ecdsa.PrivateKey
	secret []byte
	file   string
	set    []byte
}

func newKeys(t *testing.T) keys {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	point, err := e.PublicKey.Bytes() // 4 ‖ x ‖ y
	if err != nil {
		t.Fatal(err)
	}
	set, err := json.Marshal(map[string]any{"keys": []map[string]string{
		{
			"kty": "RSA", "kid": "r", "alg": "RS256", "use": "sig",
			"n": b64(r.N.Bytes()), "e": b64(big.NewInt(int64(r.E)).Bytes()),
		},
		{
			"kty": "EC", "kid": "e", "alg": "ES256", "use": "sig", "crv": "P-256",
			"x": b64(point[1:33]), "y": b64(point[33:]),
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(file, set, 0o600); err != nil {
		t.Fatal(err)
	}
	return keys{r, e, []byte(strings.Repeat("s", 32)), file, set}
}

// token signs claims; a change of them makes each test's point.
func token(
	t *testing.T, m jwt.SigningMethod, kid string, key crypto.PrivateKey, change map[string]any,
) string {
	t.Helper()
	all := jwt.MapClaims{
		"sub": "li", "role": "operator", "operator": "blue", "exp": noon.Add(time.Hour).Unix(),
		"iss": "city", "aud": "stint",
	}
	for name, value := range change {
		if all[name] = value; value == nil {
			delete(all, name)
		}
	}
	unsigned := jwt.NewWithClaims(m, all)
	if kid != "" {
		unsigned.Header["kid"] = kid
	}
	signed, err := unsigned.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func bearer(token string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func TestWho(t *testing.T) {
	k := newKeys(t)
	auth, err := NewAuth(t.Context(), AuthConfig{
		JWKS: k.file, Issuer: "city", Audience: "stint", Clock: fixedClock{noon},
	})
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rs, es, hs := jwt.SigningMethodRS256, jwt.SigningMethodES256, jwt.SigningMethodHS256
	blue := Identity{"li", engine.RoleOperator, "blue"}
	with := func(claim string, value any) string {
		return token(t, rs, "r", k.rsa, map[string]any{claim: value})
	}
	head := Identity{"li", engine.RoleAdmin, ""}
	none := jwt.UnsafeAllowNoneSignatureType
	tests := map[string]struct {
		token string
		want  Identity // zero = ErrToken
	}{
		"RS256 by a known key":         {token(t, rs, "r", k.rsa, nil), blue},
		"ES256 by a known key":         {token(t, es, "e", k.ec, nil), blue},
		"a key that isn't named":       {token(t, rs, "", k.rsa, nil), blue},
		"a bureau's token":             {with("role", "bureau-admin"), head},
		"a key of somebody else":       {token: token(t, rs, "r", other, nil)},
		"a key that nobody has":        {token: token(t, rs, "x", k.rsa, nil)},
		"the wrong kind of key":        {token: token(t, es, "r", k.ec, nil)},
		"the key set as a secret":      {token: token(t, hs, "r", k.set, nil)},
		"another algorithm":            {token: token(t, jwt.SigningMethodRS512, "r", k.rsa, nil)},
		"no signature":                 {token: token(t, jwt.SigningMethodNone, "r", none, nil)},
		"expired beyond the leeway":    {token: with("exp", noon.Add(-31*time.Second).Unix())},
		"without an end":               {token: with("exp", nil)},
		"not yet":                      {token: with("nbf", noon.Add(time.Hour).Unix())},
		"of another issuer":            {token: with("iss", "town")},
		"for another audience":         {token: with("aud", "other")},
		"without a subject":            {token: with("sub", nil)},
		"of a role that isn't stint's": {token: with("role", "root")},
		"of no operator":               {token: with("operator", nil)},
		"of an operator with a colon":  {token: with("operator", "a:b")},
		"cut short":                    {token: token(t, rs, "r", k.rsa, nil)[:80]},
		"no token at all":              {token: "x"},
		"two dots":                     {token: ".."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for range 2 { // the second time from memory
				got, err := auth.Who(bearer(tt.token))
				switch {
				case tt.want == (Identity{}) && !errors.Is(err, ErrToken):
					t.Fatalf("Who = %v, %v, want ErrToken", got, err)
				case tt.want == (Identity{}) && got != public:
					t.Fatalf("Who = %v with its error, want the public", got)
				case tt.want != (Identity{}) && (err != nil || got != tt.want):
					t.Fatalf("Who = %v, %v, want %v", got, err, tt.want)
				}
			}
		})
	}
}

func TestWhoForgetsAnExpiredToken(t *testing.T) {
	k := newKeys(t)
	clock := &fixedClock{noon}
	auth, err := NewAuth(t.Context(), AuthConfig{Secret: k.secret, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	r := bearer(token(t, jwt.SigningMethodHS256, "", k.secret, nil))
	if _, err := auth.Who(r); err != nil {
		t.Fatal(err)
	}
	clock.Time = noon.Add(time.Hour + leeway + time.Second)
	if who, err := auth.Who(r); !errors.Is(err, ErrToken) {
		t.Errorf("Who after the token's end = %v, %v, want ErrToken", who, err)
	}
}

func TestWhoWithoutKeys(t *testing.T) {
	var auth Auth
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if who, err := auth.Who(r); err != nil || who != public {
		t.Errorf("Who without a token = %v, %v, want the public", who, err)
	}
	if _, err := auth.Who(bearer("a.b.c")); !errors.Is(err, ErrToken) {
		t.Errorf("Who = %v, want ErrToken", err)
	}
	r.Header.Set("Authorization", "Basic eDp5")
	if _, err := auth.Who(r); !errors.Is(err, ErrToken) {
		t.Errorf("Who with Basic = %v, want ErrToken", err)
	}
	r = bearer("a")
	r.Header.Add("Authorization", "Bearer b")
	if _, err := auth.Who(r); !errors.Is(err, ErrToken) {
		t.Errorf("Who with two headers = %v, want ErrToken", err)
	}
}

func TestNewAuthRefusesBadSettings(t *testing.T) {
	k := newKeys(t)
	tests := map[string]AuthConfig{
		"a short secret":            {Secret: []byte("short")},
		"a secret beside a key set": {Secret: k.secret, JWKS: k.file},
		"a file that isn't there":   {JWKS: k.file + "x"},
		"a file without keys":       {JWKS: os.Args[0]},
	}
	for name, config := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := NewAuth(t.Context(), config); !errors.Is(err, ErrAuth) {
				t.Errorf("NewAuth = %v, want ErrAuth", err)
			}
		})
	}
}

func TestKeysByURL(t *testing.T) {
	k := newKeys(t)
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(k.set)
	}))
	defer issuer.Close()
	auth, err := NewAuth(t.Context(), AuthConfig{JWKS: issuer.URL, Clock: fixedClock{noon}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := auth.Who(bearer(token(t, jwt.SigningMethodES256, "e", k.ec, nil))); err != nil {
		t.Error(err)
	}
	issuer.Close()
	if _, err := NewAuth(t.Context(), AuthConfig{JWKS: issuer.URL}); !errors.Is(err, ErrAuth) {
		t.Errorf("NewAuth without an issuer = %v, want ErrAuth", err)
	}
}
