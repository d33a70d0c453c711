package lang

import (
	"errors"
	"testing"
)

func TestParse(t *testing.T) {
	tests := map[string]struct {
		s    string
		want Tag
	}{
		"the language alone":                {"zh", Chinese},
		"a region is no other language":     {"zh-CN", Chinese},
		"a locale of POSIX":                 {"zh_CN.UTF-8", Chinese},
		"traditional script reads the same": {"zh-Hant-TW", Chinese},
		"case and spaces don't matter":      {" EN ", English},
		"English with a region":             {"en-GB", English},
		"English with a modifier":           {"en@euro", English},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Parse(tt.s)
			if err != nil || got != tt.want {
				t.Errorf("Parse(%q) = %q, %v, want %q", tt.s, got, err, tt.want)
			}
		})
	}
}

func TestParseRefusesOtherLanguages(t *testing.T) {
	for _, s := range []string{"", "fr", "C", "POSIX", "zhuang", "english", "-zh", "中文"} {
		if got, err := Parse(s); !errors.Is(err, ErrTag) {
			t.Errorf("Parse(%q) = %q, %v, want ErrTag", s, got, err)
		}
	}
}

func TestFromLocale(t *testing.T) {
	tests := map[string]struct {
		env  map[string]string
		want Tag
	}{
		"nothing set reads English":     {nil, English},
		"LANG decides when it is alone": {map[string]string{"LANG": "zh_CN.UTF-8"}, Chinese},
		"LC_MESSAGES goes before LANG": {
			map[string]string{"LC_MESSAGES": "en", "LANG": "zh"}, English,
		},
		"LC_ALL goes before both":           {map[string]string{"LC_ALL": "zh", "LANG": "en"}, Chinese},
		"an empty variable doesn't count":   {map[string]string{"LC_ALL": "", "LANG": "zh"}, Chinese},
		"the C locale hides a later choice": {map[string]string{"LC_ALL": "C", "LANG": "zh"}, English},
		"another language reads English":    {map[string]string{"LANG": "fr_FR.UTF-8"}, English},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := FromLocale(func(name string) string { return tt.env[name] })
			if got != tt.want {
				t.Errorf("FromLocale(%v) = %q, want %q", tt.env, got, tt.want)
			}
		})
	}
}
