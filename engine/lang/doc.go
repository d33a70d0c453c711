// Package lang is the one message catalogue of stint, in Chinese and English: what the terminal,
// the reports, the refusals and the pages say to a person.
//
// The rooms that compute (geo, scoring, quota, engine) speak in ids and arguments; a Message
// carries both, and only the edge turns it into a sentence, in the reader's language:
//
//	m := lang.M("input.missing-file", "file", "fences.csv")
//	lang.English.Text(m) // "fences.csv: there is no such file; ..."
//	lang.Chinese.Text(m) // "fences.csv：找不到该文件；……"
//
// # The catalogue
//
// One YAML file a theme lies beside this file; the file's name is the first part of every id in
// it: input.yaml holds input.missing-file. To add a text, append it to its theme's file:
//
//	input.missing-file:
//	  en: "{file}: there is no such file"
//	  zh: "{file}：找不到该文件"
//
// An id is made of lower-case words joined by dots, hyphens or underscores, so that a code of
// another room (a limit, a reason) is an id after its theme: limit.parking, bound.min_share. Both
// languages are required and name the same placeholders. A text that needs no Chinese character
// in Chinese, such as a unit, says so with "han: false".
//
// # Placeholders
//
//	{name}              the argument: a number in its shortest exact form with separators, 1,234;
//	                    a list joined with commas, a Message or an Error in the same language;
//	                    NaN and nil read "unknown", never zero
//	{name:d}            a number without separators: lines, rows, columns, years, codes
//	{name:n0} … n9      separators and that many decimals: 1,234.5
//	{name:f0} … f9      that many decimals, no separators: 1234.5
//	{name:pct0} … pct9  a share between 0 and 1 as per cent: 0.698 as 69.8%
//	{name:q}            in quotation marks, with control characters escaped: for text from files
//	{name:limit.}       a code as the catalogue's word for it: parking as the text of limit.parking;
//	                    a code without a text stays as it is; the prefix ends with a dot and
//	                    may have more words: {name:city.type.}
//	{name|row|rows}     the first word when the number is 1, the second otherwise
//	{cause}             in an Error, what it wraps; a template without it keeps the cause for
//	                    errors.Is and doesn't print it
//	{{ and }}           a brace
//
// Chinese takes full-width punctuation; for texts typed with half-width marks there is
// "go test ./engine/lang -run TestFix -fix".
//
// The tests of this package judge every entry; a package that uses ids tests its own messages
// with Message.Check, or its ids against IDs.
package lang
