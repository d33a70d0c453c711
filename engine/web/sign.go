package web

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// SignDevelopment returns an HS256 token of an identity, for servers that know the secret: those of
// development. It returns ErrAuth for a secret that is too short and ErrToken for an identity that
// no server would take.
func SignDevelopment(
	secret []byte, id Identity, now time.Time, valid time.Duration,
) (string, error) {
	if len(secret) < minSecret {
		return "", fmt.Errorf("%w: a secret of %d bytes, want %d or more",
			ErrAuth, len(secret), minSecret)
	}
	c := claims{Role: id.Role, Operator: id.Operator, RegisteredClaims: jwt.RegisteredClaims{
		Subject: id.Subject, IssuedAt: jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(valid)),
	}}
	if _, err := c.identity(); err != nil {
		return "", err
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(secret)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return token, nil
}
