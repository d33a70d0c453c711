package lang

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"
)

// missing is an error as an adapter returns it.
func missing() error { return E(fs.ErrNotExist, "input.missing-file", "file", "a.csv") }

const (
	missingEn = "a.csv: there is no such file; check the path, " +
		"or name the folder that holds the data with --data"
	missingZh = "a.csv\uff1a找不到该文件\uff1b请检查路径\uff0c或用 --data 指定数据所在文件夹"
)

// hiding is a wrapper that doesn't print what it wraps.
type hiding struct{ error }

func (hiding) Error() string   { return "something failed" }
func (h hiding) Unwrap() error { return h.error }

func TestError(t *testing.T) {
	tests := map[string]struct {
		err    error
		en, zh string
	}{
		"the error itself is translated": {missing(), missingEn, missingZh},
		"what is wrapped around it stays": {
			fmt.Errorf("read city: %w (see above)", missing()),
			"read city: " + missingEn + " (see above)", "read city: " + missingZh + " (see above)",
		},
		"the cause stands where the text has a place for it": {
			E(fs.ErrPermission, "input.unreadable-file", "file", "a.csv"),
			"a.csv: it can't be read: permission denied", "a.csv\uff1a无法读取\uff1apermission denied",
		},
		"a cause that has a translation is translated too": {
			E(E(nil, "limit.total"), "input.unreadable-file", "file", "a.csv"),
			"a.csv: it can't be read: city total", "a.csv\uff1a无法读取\uff1a全市总量",
		},
		"every branch of a joined error is translated": {
			errors.Join(E(nil, "limit.total"), errors.New("disk full"), E(nil, "limit.cap")),
			"city total\ndisk full\nexplicit cap", "全市总量\ndisk full\n指定上限",
		},
		"a wrapper that hides its cause keeps its own text": {
			hiding{missing()}, "something failed", "something failed",
		},
		"an error without a message keeps its text": {
			fs.ErrExist, "file already exists", "file already exists",
		},
		"no error says nothing": {nil, "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := English.Error(tt.err); got != tt.en {
				t.Errorf("in English: %q, want %q", got, tt.en)
			}
			if got := Chinese.Error(tt.err); got != tt.zh {
				t.Errorf("in Chinese: %q, want %q", got, tt.zh)
			}
			if tt.err != nil && tt.err.Error() != tt.en {
				t.Errorf("Error() = %q, want the English text %q", tt.err.Error(), tt.en)
			}
		})
	}
}

func TestErrorUnwraps(t *testing.T) {
	err := fmt.Errorf("read city: %w", missing())
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error("errors.Is doesn't find what the error wraps")
	}
	var own *Error
	if !errors.As(err, &own) || own.Message.ID != "input.missing-file" {
		t.Errorf("errors.As finds %v, want input.missing-file", own)
	}
	if len(own.Message.Args) != 2 {
		t.Errorf("rendering changed the arguments: %v", own.Message.Args)
	}
}
