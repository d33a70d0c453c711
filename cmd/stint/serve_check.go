package main

import (
	"crypto/tls"
	"math"
	"regexp"

	"github.com/stint-city/stint/engine/lang"
)

// cityID is what a city file takes for an ID.
var cityID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check refuses flags that make no sense, before anything is opened or written.
func (f *serveFlags) check() error {
	for flag, span := range map[string]int64{
		"--wait": int64(f.wait), "--notice": int64(f.notice), "--for": int64(f.span),
	} {
		if span < 0 {
			return usage(lang.E(nil, "serve.negative", "flag", flag))
		}
	}
	switch {
	case f.fsync != "always" && f.fsync != "everysec":
		return usage(lang.E(nil, "serve.fsync", "got", f.fsync))
	case !(f.rate > 0) || math.IsInf(f.rate, 0): // NaN isn't above 0 either
		return usage(lang.E(nil, "serve.rate", "got", f.rate))
	case f.city != "" && !cityID.MatchString(f.city):
		return usage(lang.E(nil, "serve.city", "got", f.city))
	case f.jwks == "" && f.issuer+f.audience != "":
		return usage(lang.E(nil, "serve.issuer"))
	case (f.cert == "") != (f.key == ""):
		return usage(lang.E(nil, "serve.tls"))
	case f.cert != "":
		if _, err := tls.LoadX509KeyPair(f.cert, f.key); err != nil {
			return usage(lang.E(err, "serve.tls-files"))
		}
	}
	return nil
}
