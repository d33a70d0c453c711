package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/stint-city/stint/engine/lang"
)

// stateFolder is what `stint serve` keeps on disk when it runs by itself: the child server's data,
// the archive of events, the development secret and which city it is. Only its owner may read it.
type stateFolder string

// defaultState is the folder that serve and token use unless they are told another.
const defaultState = "stint-state"

// made makes the folder.
func (s stateFolder) made() error {
	if err := os.MkdirAll(string(s), 0o700); err != nil {
		return usage(lang.E(err, "serve.state", "folder", string(s)))
	}
	return nil
}

func (s stateFolder) path(name string) string { return filepath.Join(string(s), name) }

// city returns the city that was served from the folder before, "" for none.
func (s stateFolder) city() string {
	data, err := os.ReadFile(s.path("city"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// keepCity writes down which city is served.
func (s stateFolder) keepCity(id string) error {
	if s.city() == id {
		return nil
	}
	if err := os.WriteFile(s.path("city"), []byte(id+"\n"), 0o600); err != nil {
		return lang.E(err, "serve.state", "folder", string(s))
	}
	return nil
}

// secret returns the development secret, made by the first who asks.
func (s stateFolder) secret() ([]byte, error) {
	path := s.path("secret")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the development secret: %w", err)
		}
		return []byte(strings.TrimSpace(string(data))), nil
	}
	if err != nil {
		return nil, lang.E(err, "serve.state", "folder", string(s))
	}
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails
	text := hex.EncodeToString(random[:])
	if _, err := file.WriteString(text + "\n"); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return []byte(text), file.Close()
}
