package lexer

import (
	"bytes"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// class is a set of classes that a byte belongs to.
type class uint8

const (
	nameStart class = 1 << iota // [a-zA-Z_:]
	namePart                    // [a-zA-Z0-9_:]
	blank                       // blank and tab
	digit
	labelPunctuation // { } , = "
)

// classes gives the classes of every byte.
var classes = func() (t [256]class) {
	for c := range t {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c == ':':
			t[c] = nameStart | namePart
		case '0' <= c && c <= '9':
			t[c] = namePart | digit
		case c == ' ', c == '\t':
			t[c] = blank
		case c == '{', c == '}', c == ',', c == '=', c == '"':
			t[c] = labelPunctuation
		}
	}
	return t
}()

// LineEnd gives, for a line of src that begins at i, where its content ends and where the next line begins. A line ends
// in LF or the end of the input; CRs directly before that do not belong to its content.
func LineEnd(src []byte, i int) (content, next int) {
	n := bytes.IndexByte(src[i:], '\n')
	if n < 0 {
		content, next = len(src), len(src)
	} else {
		content, next = i+n, i+n+1
	}
	for content > i && src[content-1] == '\r' {
		content--
	}
	return content, next
}

// SkipBlanks gives the end of the run of blanks and tabs at i; it is i if there is none.
func SkipBlanks(line []byte, i int) int {
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	return i
}

// NameEnd gives the end of the unquoted name at i, [a-zA-Z_:][a-zA-Z0-9_:]*; it is i if there is none.
func NameEnd(line []byte, i int) int {
	if i == len(line) || classes[line[i]]&nameStart == 0 {
		return i
	}
	i++
	for i+8 <= len(line) {
		if stop := nameStops(wordAt(line, i)); stop != 0 {
			return i + bits.TrailingZeros64(stop)/8
		}
		i += 8
	}
	for i < len(line) && classes[line[i]]&namePart != 0 {
		i++
	}
	return i
}

// nameStops sets the high bit in the place of every byte of word that is no part of an unquoted name.
func nameStops(word uint64) uint64 {
	const beyondASCII = highBits
	c := word &^ beyondASCII
	small := c | lowBits*('a'-'A')
	letter := (small + lowBits*(0x80-'a')) &^ (small + lowBits*(0x80-'z'-1))
	digitOrColon := (c + lowBits*(0x80-'0')) &^ (c + lowBits*(0x80-':'-1))
	notUnderscore := (c ^ lowBits*'_') + lowBits*0x7f
	return (^(letter | digitOrColon | ^notUnderscore) | word) & highBits
}

// WordEnd gives the end of the run of bytes at i that are not blanks; it is i if there is none.
func WordEnd(line []byte, i int) int {
	for i < len(line) && line[i] != ' ' && line[i] != '\t' {
		i++
	}
	return i
}

// StringEnd gives the end of the quoted string at i, behind the closing quote, and whether there is a backslash in it.
// The end is negative if there is no quote at i or none that closes it on the line.
func StringEnd(line []byte, i int) (end int, escaped bool) {
	if i == len(line) || line[i] != '"' {
		return -1, false
	}
	if end := PlainStringEnd(line, i+1); end >= 0 {
		return end + 1, false
	}
	for i++; i < len(line); i++ {
		switch line[i] {
		case '"':
			return i + 1, escaped
		case '\\':
			escaped = true
			i++
		}
	}
	return -1, escaped
}

// AppendUnquoted appends to dst what stands between the quotes of a string, with the escapes \\, \" and \n undone. Any
// other escape is kept literally; unknown is the index in text of the first such backslash, -1 if there is none.
func AppendUnquoted(dst, text []byte) (out []byte, unknown int) {
	return appendUnescaped(dst, text, true)
}

// AppendHelp appends to dst a help text with the escapes \\ and \n undone. Any other escape, and a backslash at the
// end, is kept literally; unknown is the index in text of the first such backslash, -1 if there is none.
func AppendHelp(dst, text []byte) (out []byte, unknown int) {
	return appendUnescaped(dst, text, false)
}

func appendUnescaped(dst, text []byte, quotes bool) (out []byte, unknown int) {
	unknown = -1
	dst = slices.Grow(dst, len(text))
	n := len(dst)
	dst = dst[:n+len(text)]
	for i := 0; i < len(text); {
		if text[i] != '\\' { // else one escape follows the other
			plain := text[i:]
			if end := bytes.IndexByte(plain, '\\'); end >= 0 {
				plain = plain[:end]
			}
			n += copy(dst[n:], plain)
			i += len(plain)
			continue
		}
		c := byte(0)
		if i+1 < len(text) && (quotes || text[i+1] != '"') {
			c = unescaped[text[i+1]]
		}
		if c != 0 {
			i += 2
		} else {
			if unknown < 0 {
				unknown = i
			}
			c = '\\'
			i++
		}
		dst[n] = c
		n++
	}
	return dst[:n], unknown
}

// unescaped is what a byte stands for behind a backslash, 0 if the two are no escape.
var unescaped = [256]byte{'\\': '\\', '"': '"', 'n': '\n'}

// ValidUTF8End gives the index of the first byte of text that is not part of valid UTF-8, the length of text if all are.
func ValidUTF8End(text []byte) int {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}
