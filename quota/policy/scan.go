package policy

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ExprError is what is wrong with an expression, and where in it.
type ExprError struct {
	Text   string // of the expression
	Column int    // of the fault, counted in characters from 1
	Code   string // of the catalogue: "expr.<code>"
	Got    string
	Want   string
}

// Error returns one sentence.
func (e *ExprError) Error() string {
	sentence := fmt.Sprintf("character %d of %q: %s", e.Column, e.Text, e.Code)
	if e.Got != "" {
		sentence += fmt.Sprintf(", got %q", e.Got)
	}
	if e.Want != "" {
		sentence += ", want " + e.Want
	}
	return sentence
}

// token is one word of an expression.
type token struct {
	kind tokenKind
	text string
	at   int // byte offset
}

type tokenKind int

const (
	endToken tokenKind = iota
	numberToken
	textToken // in quotation marks
	nameToken // a fact, a function or a word of the language
	signToken
)

// signs are the operators of several characters first.
var signs = []string{ //nolint:gochecknoglobals // a table that nothing writes
	"<=", ">=", "!=", "==", "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]", ",", "%",
}

// scan cuts an expression into tokens; the last one is the end.
func scan(expr string) ([]token, error) {
	var tokens []token
	for at := 0; at < len(expr); {
		c, size := utf8.DecodeRuneInString(expr[at:])
		switch {
		case unicode.IsSpace(c):
			at += size
			continue
		case c >= '0' && c <= '9':
			end := at + span(expr[at:], func(c rune) bool { return c >= '0' && c <= '9' || c == '.' })
			tokens = append(tokens, token{numberToken, expr[at:end], at})
			at = end
		case c == '"' || c == '\'':
			end := strings.IndexRune(expr[at+1:], c)
			if end < 0 {
				return nil, fault(expr, at, "open-quote", "", "")
			}
			tokens = append(tokens, token{textToken, expr[at+1 : at+1+end], at})
			at += end + 2
		case c == '_' || unicode.IsLetter(c):
			end := at + span(expr[at:], func(c rune) bool {
				return c == '_' || c == '.' || unicode.IsLetter(c) || unicode.IsDigit(c)
			})
			tokens = append(tokens, token{nameToken, expr[at:end], at})
			at = end
		default:
			sign := signAt(expr[at:])
			if sign == "" {
				return nil, fault(expr, at, "character", string(c), "")
			}
			tokens = append(tokens, token{signToken, sign, at})
			at += len(sign)
		}
	}
	return append(tokens, token{endToken, "", len(expr)}), nil
}

// signAt returns the sign that a text begins with, "" for none.
func signAt(s string) string {
	for _, sign := range signs {
		if strings.HasPrefix(s, sign) {
			return sign
		}
	}
	return ""
}

// span returns how many bytes of s belong.
func span(s string, belongs func(rune) bool) int {
	if end := strings.IndexFunc(s, func(c rune) bool { return !belongs(c) }); end >= 0 {
		return end
	}
	return len(s)
}

// fault returns an error at a byte of an expression.
func fault(expr string, at int, code, got, want string) *ExprError {
	return &ExprError{expr, utf8.RuneCountInString(expr[:at]) + 1, code, got, want}
}
