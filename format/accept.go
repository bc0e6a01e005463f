package format

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	prommodel "github.com/prometheus/common/model"
)

// AcceptHeader is the Accept header with which a scraper asks for formats, the one that it likes best first, and for
// anything rather than nothing. Where names may be any it asks for them by the scheme.
//
// It is that of Prometheus for the same formats but that OpenMetrics always comes with its older version 0.0.1, and that
// the scheme is asked for in the protobuf formats as well, which expfmt honours.
func AcceptHeader(scheme prommodel.EscapingScheme, preferred ...Format) string {
	var ranges []string
	for _, f := range preferred {
		if !f.IsValid() || formats[f].onlyWritten {
			continue
		}
		for i := range formats[f].media {
			ranges = append(ranges, formats[f].media[i].mediaRange(scheme))
		}
	}
	ranges = append(ranges, "*/*")
	digits, weight := 1, len(ranges)
	if weight > 9 {
		digits = 2
	}
	for i := range ranges {
		ranges[i] += fmt.Sprintf(";q=0.%0*d", digits, weight-i)
	}
	return strings.Join(ranges, ",")
}

// mediaRange is an element of an Accept header, or a content type, whose quality does not count.
type mediaRange struct {
	// kind is type and subtype in lower case, each possibly a "*".
	kind       string
	parameters parameters // without the quality
	quality    float64    // 0 to 1
}

// parseAccept reads an Accept header. What is malformed is passed over: a parameter for itself, and all of an element
// whose media range or quality is.
func parseAccept(header string) []mediaRange {
	var ranges []mediaRange
	for element := range split(header, ',') {
		if r, ok := parseMediaRange(element); ok {
			ranges = append(ranges, r)
		}
	}
	return ranges
}

func parseMediaRange(text string) (r mediaRange, ok bool) {
	r.quality = 1
	first := true
	for part := range split(text, ';') {
		if first {
			first = false
			if r.kind, ok = parseKind(part); !ok {
				return r, false
			}
			continue
		}
		name, value, found := strings.Cut(part, "=")
		name = strings.ToLower(trim(name))
		value, wellFormed := unquote(trim(value))
		switch {
		case name == "q":
			if r.quality, ok = parseQuality(value); !ok || !found || !wellFormed {
				return r, false
			}
		case found && wellFormed && isToken(name):
			r.parameters = append(r.parameters, parameter{name, value})
		}
	}
	return r, ok
}

// parseKind reads a type and subtype. A lone "*", which old clients send, stands for "*/*".
func parseKind(text string) (kind string, ok bool) {
	text = strings.ToLower(trim(text))
	if text == "*" {
		return "*/*", true
	}
	major, minor, _ := strings.Cut(text, "/")
	return text, isToken(major) && isToken(minor) && (major != "*" || minor == "*")
}

// parseQuality reads a weight from 0 to 1. More digits than the RFC has are no reason to turn it down.
func parseQuality(text string) (quality float64, ok bool) {
	if text == "" || strings.Trim(text, ".0123456789") != "" {
		return 0, false
	}
	quality, err := strconv.ParseFloat(text, 64)
	return quality, err == nil && quality <= 1
}

// split yields the parts of a text between separators that do not stand in quotes.
func split(text string, separator byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		begin, quoted := 0, false
		for i := 0; i < len(text); i++ {
			switch c := text[i]; {
			case c == '"':
				quoted = !quoted
			case c == '\\' && quoted:
				i++
			case c == separator && !quoted:
				if !yield(text[begin:i]) {
					return
				}
				begin = i + 1
			}
		}
		yield(text[begin:])
	}
}

// trim takes off what the RFC calls optional white space.
func trim(text string) string { return strings.Trim(text, " \t") }

// unquote is the value that a token or a quoted string stands for.
func unquote(text string) (value string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return text, isToken(text)
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), i == len(text)-1
		case '\\':
			if i++; i == len(text) {
				return "", false
			}
		}
		b.WriteByte(text[i])
	}
	return "", false
}

// isToken reports whether text is a token of HTTP: one or more visible ASCII characters that separate nothing.
func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}
