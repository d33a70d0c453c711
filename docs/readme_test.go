package docs_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline is what a page and its translation share: the level of its headings, its commands
// without their notes, the rows of its tables, the files it points to.
func outline(page string) []string {
	var list []string
	block := false
	for _, line := range strings.Split(page, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			block = !block
			list = append(list, "```")
		case block:
			command, _, _ := strings.Cut(line, "#")
			list = append(list, strings.TrimSpace(command))
		case strings.HasPrefix(line, "#"):
			list = append(list, strings.Fields(line)[0])
		case strings.HasPrefix(line, "|"):
			list = append(list, "|")
		}
	}
	link := regexp.MustCompile(`\]\(([^)]*)\)`)
	for _, m := range link.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "README") {
			list = append(list, m[1])
		}
	}
	return list
}

func TestTheReadmesAreTwins(t *testing.T) {
	english, chinese := readPage(t, "../README.md"), readPage(t, "../README.zh-CN.md")
	if diff := cmp.Diff(outline(english), outline(chinese)); diff != "" {
		t.Errorf("what README.md and README.zh-CN.md should share (-en +zh):\n%s", diff)
	}
}
