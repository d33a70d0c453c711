package strict

import (
	"errors"
	"strings"
	"testing"
)

func TestDecodeRefusesDepth(t *testing.T) {
	tests := map[string]string{
		"brackets":               "z: " + strings.Repeat("[", 200_000),
		"braces":                 "z: " + strings.Repeat("{a: ", 200_000),
		"dashes":                 strings.Repeat("- ", 200_000),
		"dashes behind a key":    "z: " + strings.Repeat("- ", 200_000),
		"question marks":         strings.Repeat("? ", 200_000),
		"brackets over lines":    strings.Repeat("[\n", 200_000),
		"brackets after quoting": "a: 'b'\nz: " + strings.Repeat("[", 40),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Decode("deep.yaml", []byte(text), 1<<20, &struct{}{})
			if !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), "nested more than 32 deep") {
				t.Errorf("Decode: %v, want a refusal of the depth", err)
			}
		})
	}
	if at, deep := tooDeep("# ---- ---- ----\n" + strings.Repeat("- a: [1, {b: 2}]\n", 100)); deep {
		t.Errorf("a hundred flat entries are said to be deep at %v", at)
	}
}
