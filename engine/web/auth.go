package web

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"

	"github.com/stint-city/stint/engine"
)

// The errors of authentication.
var (
	// ErrAuth: the settings of authentication don't go together.
	ErrAuth = errors.New("authentication can't be set up")
	// ErrToken: the request has a token that doesn't count: malformed, expired, forged, of another
	// issuer, or without the claims that stint needs.
	ErrToken = errors.New("the token is not valid")
	// ErrNoToken: the route needs a token and the request has none.
	ErrNoToken = errors.New("no token")
	// ErrRole: the token's role may not do this.
	ErrRole = errors.New("not allowed for this role")
)

// AuthConfig says whose tokens count. Either JWKS or Secret is set, or neither: then everybody is
// the public.
type AuthConfig struct {
	JWKS     string // file or https URL of the keys of RS256 and ES256 tokens
	Secret   []byte // of HS256 tokens, for development only; at least 32 bytes
	Issuer   string // required "iss", "" = any
	Audience string // required "aud", "" = any
	Clock    engine.Clock
}

// Auth checks bearer tokens. The zero value knows no key: no token is valid. It is safe for
// concurrent use.
type Auth struct {
	parser *jwt.Parser
	key    jwt.Keyfunc
	clock  engine.Clock
	known  tokenCache
}

// minSecret is the shortest secret of HS256: the length of its hash (RFC 7518 section 3.2).
const minSecret = 32

// NewAuth reads the keys. Those of a URL are fetched again every hour, and when a token names a key
// that is not known, until ctx ends. It returns ErrAuth where the settings don't go together or the
// keys can't be read.
func NewAuth(ctx context.Context, c AuthConfig) (*Auth, error) {
	a := &Auth{clock: or[engine.Clock](c.Clock, engine.SystemClock{})}
	methods := []string{"RS256", "ES256"}
	switch {
	case c.JWKS != "" && len(c.Secret) > 0:
		return nil, fmt.Errorf("%w: a key set and a development secret exclude each other", ErrAuth)
	case c.JWKS != "":
		keys, err := readKeys(ctx, c.JWKS)
		if err != nil {
			return nil, fmt.Errorf("%w: key set %s: %w", ErrAuth, c.JWKS, err)
		}
		a.key = keys.Keyfunc
	case len(c.Secret) >= minSecret:
		methods = []string{"HS256"}
		a.key = func(*jwt.Token) (any, error) { return c.Secret, nil }
	case len(c.Secret) > 0:
		return nil, fmt.Errorf("%w: a secret of %d bytes, want %d or more",
			ErrAuth, len(c.Secret), minSecret)
	}
	options := []jwt.ParserOption{
		jwt.WithValidMethods(methods), jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(a.clock.Now), jwt.WithLeeway(leeway),
	}
	if c.Issuer != "" {
		options = append(options, jwt.WithIssuer(c.Issuer))
	}
	if c.Audience != "" {
		options = append(options, jwt.WithAudience(c.Audience))
	}
	a.parser = jwt.NewParser(options...)
	return a, nil
}

// leeway is how far the clocks of issuer and server may differ.
const leeway = 30 * time.Second

// readKeys reads a key set from a file or an https URL.
func readKeys(ctx context.Context, from string) (keyfunc.Keyfunc, error) {
	if strings.HasPrefix(from, "https://") || strings.HasPrefix(from, "http://") {
		fail := false // a server without keys answers nobody: say so at once
		return keyfunc.NewDefaultOverrideCtx(ctx, []string{from}, keyfunc.Override{
			NoErrorReturnFirstHTTPReq: &fail, HTTPTimeout: 10 * time.Second,
		})
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return nil, err
	}
	keys, err := keyfunc.NewJWKSetJSON(data)
	if err != nil {
		return nil, err
	}
	all, err := keys.Storage().KeyReadAll(ctx)
	if err == nil && len(all) == 0 {
		err = errors.New("it has no keys") // some other JSON, whose server would let nobody in
	}
	return keys, err
}

// claims are what stint reads of a token.
type claims struct {
	jwt.RegisteredClaims
	Role     engine.Role `json:"role"`
	Operator string      `json:"operator"`
}

// Who returns who sent the request: the public without a token, ErrToken for one that doesn't
// count.
func (a *Auth) Who(r *http.Request) (Identity, error) {
	header := r.Header["Authorization"]
	if len(header) == 0 {
		return public, nil
	}
	scheme, token, _ := strings.Cut(header[0], " ")
	if len(header) > 1 || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return public, fmt.Errorf("%w: want one header \"Authorization: Bearer <token>\"", ErrToken)
	}
	if a.parser == nil || a.key == nil {
		return public, fmt.Errorf("%w: this server knows no keys", ErrToken)
	}
	now := a.clock.Now()
	sum := sha256.Sum256([]byte(token))
	if id, ok := a.known.find(sum, now); ok {
		return id, nil
	}
	var c claims
	if _, err := a.parser.ParseWithClaims(token, &c, a.key); err != nil {
		return public, fmt.Errorf("%w: %w", ErrToken, err)
	}
	id, err := c.identity()
	if err != nil {
		return public, err
	}
	a.known.keep(sum, id, now, c.ExpiresAt.Add(leeway))
	return id, nil
}

// identity returns who the claims are of, or ErrToken where they don't say.
func (c *claims) identity() (Identity, error) {
	if c.Subject == "" || len(c.Subject) > 200 {
		return public, fmt.Errorf("%w: sub is missing or too long", ErrToken)
	}
	switch c.Role {
	case engine.RoleAdmin, engine.RoleOfficer, engine.RolePlanner, engine.RolePublic:
		return Identity{Subject: c.Subject, Role: c.Role}, nil
	case engine.RoleOperator:
		if c.Operator == "" || len(c.Operator) > 64 || strings.ContainsAny(c.Operator, ":|, \n") {
			return public, fmt.Errorf("%w: operator is missing or no ID", ErrToken)
		}
		return Identity{Subject: c.Subject, Role: c.Role, Operator: c.Operator}, nil
	}
	return public, fmt.Errorf("%w: role %.40q is none of stint's", ErrToken, c.Role)
}

// tokenCache remembers tokens that were valid a moment ago: a signature costs more than a decision.
// The zero value is empty.
type tokenCache struct {
	mu    sync.RWMutex
	known map[[sha256.Size]byte]knownToken
}

// knownToken is a token that was valid, and until when it counts without another look.
type knownToken struct {
	Identity
	until time.Time
}

const (
	tokenCacheSize = 4096
	tokenCacheTime = time.Minute // a key taken back stops counting after this
)

func (c *tokenCache) find(sum [sha256.Size]byte, now time.Time) (Identity, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k, ok := c.known[sum]
	return k.Identity, ok && now.Before(k.until)
}

// keep remembers a token; a full cache begins anew.
func (c *tokenCache) keep(sum [sha256.Size]byte, id Identity, now, expires time.Time) {
	until := now.Add(tokenCacheTime)
	if expires.Before(until) {
		until = expires
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) >= tokenCacheSize {
		c.known = make(map[[sha256.Size]byte]knownToken)
	}
	c.known[sum] = knownToken{id, until}
}
