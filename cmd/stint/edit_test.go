package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// edit spoils a file in one way, as people and transports do:
//
//	edit FILE replace OLD NEW   the first OLD becomes NEW; \n is a line break
//	edit FILE append TEXT       TEXT becomes a last line
//	edit FILE truncate PERCENT  only the first part stays
//	edit FILE head N            only the first N lines stay
//	edit FILE swap A B          columns A and B of the CSV change places below the header
//
// A .gz file is unpacked and packed again, truncate aside, which cuts the packed bytes.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: edit FILE replace|append|truncate|head|swap ...")
	}
	path := ts.MkAbs(args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	if args[1] == "truncate" {
		data = data[:len(data)*number(ts, args[2])/100]
	} else if strings.HasSuffix(path, ".gz") {
		data = pack(ts, change(ts, unpack(ts, data), args[1:]))
	} else {
		data = change(ts, data, args[1:])
	}
	ts.Check(os.WriteFile(path, data, 0o600))
}

// change carries out one verb of edit on plain text.
func change(ts *testscript.TestScript, data []byte, args []string) []byte {
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], `\n`, "\n")
	}
	switch args[0] {
	case "replace":
		if !bytes.Contains(data, []byte(args[1])) {
			ts.Fatalf("edit: %q is not in the file", args[1])
		}
		return bytes.Replace(data, []byte(args[1]), []byte(args[2]), 1)
	case "append":
		return append(data, []byte(args[1]+"\n")...)
	case "head":
		lines := bytes.SplitAfter(data, []byte("\n"))
		return bytes.Join(lines[:min(number(ts, args[1]), len(lines))], nil)
	case "swap":
		return swap(data, number(ts, args[1]), number(ts, args[2]))
	}
	ts.Fatalf("edit: unknown verb %s", args[0])
	return nil
}

// swap exchanges two columns of an unquoted CSV below its header.
func swap(data []byte, a, b int) []byte {
	lines := strings.Split(string(data), "\n")
	for i := 1; i < len(lines); i++ {
		fields := strings.Split(lines[i], ",")
		if len(fields) > max(a, b) {
			fields[a], fields[b] = fields[b], fields[a]
		}
		lines[i] = strings.Join(fields, ",")
	}
	return []byte(strings.Join(lines, "\n"))
}

func number(ts *testscript.TestScript, s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			ts.Fatalf("edit: %q is no number", s)
		}
		n = n*10 + int(r-'0')
	}
	return n
}

func unpack(ts *testscript.TestScript, data []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(data))
	ts.Check(err)
	plain, err := io.ReadAll(r)
	ts.Check(err)
	return plain
}

func pack(ts *testscript.TestScript, data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(data)
	ts.Check(err)
	ts.Check(w.Close())
	return b.Bytes()
}
