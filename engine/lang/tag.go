package lang

import (
	"errors"
	"strings"
)

// Tag is a language the catalogue speaks. Any other value than English and Chinese, the zero
// value included, reads as English.
type Tag string

// The languages of the catalogue.
const (
	English Tag = "en"
	Chinese Tag = "zh"
)

// ErrTag means that a text names no language of the catalogue.
var ErrTag = errors.New("unknown language")

// Parse returns the language that s names: a BCP 47 tag or a POSIX locale in any case, of which
// only the language counts ("zh", "zh-CN", "zh_CN.UTF-8", "en-GB"). Every written form of Chinese
// gives Chinese. Any other language, and an empty s, gives ErrTag.
func Parse(s string) (Tag, error) {
	language := strings.ToLower(strings.TrimSpace(s))
	if end := strings.IndexAny(language, "-_.@"); end >= 0 {
		language = language[:end]
	}
	switch t := Tag(language); t {
	case English, Chinese:
		return t, nil
	default:
		return "", E(ErrTag, "input.language", "got", s)
	}
}

// FromLocale returns the language of the environment: the first of LC_ALL, LC_MESSAGES and LANG
// that isn't empty decides, as POSIX has it. Chinese for a Chinese locale, English for every
// other and when none is set.
//
// Source: IEEE Std 1003.1-2017, section 8.2, Internationalization Variables.
func FromLocale(getenv func(string) string) Tag {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale := getenv(name)
		if locale == "" {
			continue
		}
		if t, err := Parse(locale); err == nil {
			return t
		}
		return English
	}
	return English
}
