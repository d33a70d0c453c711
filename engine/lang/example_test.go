package lang

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

func ExampleTag_Text() {
	m := M("warning.rejected-rows", "file", "locks.csv", "rows", 198382, "rejected", 12)
	fmt.Fprintln(os.Stdout, English.Text(m))
	fmt.Fprintln(os.Stdout, Chinese.Text(m))
	// Output:
	// locks.csv: 12 of 198,382 rows were left out
	// locks.csv：共 198,382 行，剔除 12 行
}

func ExampleTag_Word() {
	fmt.Fprintln(os.Stdout, English.Word("limit.parking"), Chinese.Word("limit.parking"))
	// Output: parking area 停放面积
}

func ExampleE() {
	err := E(fs.ErrPermission, "input.unreadable-file", "file", "city.yaml")
	fmt.Fprintln(os.Stdout, err)
	fmt.Fprintln(os.Stdout, errors.Is(err, fs.ErrPermission))
	// Output:
	// city.yaml: it can't be read: permission denied
	// true
}

func ExampleParse() {
	tag, err := Parse("zh_CN.UTF-8")
	fmt.Fprintln(os.Stdout, tag, err)
	// Output: zh <nil>
}
