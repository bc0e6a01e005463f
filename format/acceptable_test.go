package format_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/format"
)

// plainMedia are the media types of each format with the parameters that tell them apart.
var plainMedia = map[format.Format][]plainElement{
	format.Text:  {{kind: "text/plain", parameters: map[string]string{"version": "0.0.4"}}},
	format.Text1: {{kind: "text/plain", parameters: map[string]string{"version": "1.0.0"}}},
	format.OpenMetrics: {
		{kind: "application/openmetrics-text", parameters: map[string]string{"version": "1.0.0"}},
		{kind: "application/openmetrics-text", parameters: map[string]string{"version": "0.0.1"}},
	},
	format.OpenMetrics2:        {{kind: "application/openmetrics-text", parameters: map[string]string{"version": "2.0.0"}}},
	format.Protobuf:            {plainProtobuf("delimited")},
	format.Prototext:           {plainProtobuf("text")},
	format.CompactText:         {plainProtobuf("compact-text")},
	format.OpenMetricsProtobuf: {{kind: "application/openmetrics-protobuf", parameters: map[string]string{"version": "1.0.0"}}},
	format.JSON:                {{kind: "application/json"}},
	format.Graphite:            {{kind: "text/plain"}},
}

func plainProtobuf(encoding string) plainElement {
	return plainElement{kind: "application/vnd.google.protobuf", parameters: map[string]string{
		"proto": "io.prometheus.client.MetricFamily", "encoding": encoding,
	}}
}

// plainElement is an element of an Accept header.
type plainElement struct {
	kind       string
	parameters map[string]string
	quality    float64
}

// The parts of a header as regular expressions. What stands in quotes ends with the header if nothing else ends it.
const (
	plainToken  = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
	plainQuotes = `"(?:[^"\\]|\\.)*(?:"|\\?$)`
)

var (
	betweenCommas     = regexp.MustCompile(`(?s)^((?:[^",]|` + plainQuotes + `)*)(?:,|$)`)
	betweenSemicolons = regexp.MustCompile(`(?s)^((?:[^";]|` + plainQuotes + `)*)(?:;|$)`)
	plainKind         = regexp.MustCompile(`^(?:\*/\*|(?:` + plainToken + `)/(?:` + plainToken + `))$`)
	plainParameter    = regexp.MustCompile(`(?s)^([^=]*)=(.*)$`)
	plainName         = regexp.MustCompile(`^` + plainToken + `$`)
	plainQuoted       = regexp.MustCompile(`(?s)^"((?:[^"\\]|\\.)*)"$`)
	plainEscape       = regexp.MustCompile(`(?s)\\(.)`)
	plainQuality      = regexp.MustCompile(`^(?:\d+\.?\d*|\.\d+)$`)
)

func plainParts(text string, part *regexp.Regexp) (parts []string) {
	for {
		found := part.FindStringSubmatch(text)
		parts = append(parts, strings.Trim(found[1], " \t"))
		if found[0] == found[1] {
			return parts
		}
		text = text[len(found[0]):]
	}
}

// plainElements are the elements of a header that are well-formed.
func plainElements(accept string) (elements []plainElement) {
	for _, text := range plainParts(accept, betweenCommas) {
		parts := plainParts(text, betweenSemicolons)
		e := plainElement{kind: strings.ToLower(parts[0]), parameters: map[string]string{}, quality: 1}
		if e.kind == "*" {
			e.kind = "*/*"
		}
		ok := plainKind.MatchString(e.kind) && (e.kind == "*/*" || !strings.HasPrefix(e.kind, "*/"))
		for _, part := range parts[1:] {
			pair := plainParameter.FindStringSubmatch(part)
			if pair == nil {
				ok = ok && strings.ToLower(part) != "q"
				continue
			}
			name, value := strings.ToLower(strings.Trim(pair[1], " \t")), strings.Trim(pair[2], " \t")
			quoted := plainQuoted.FindStringSubmatch(value)
			if quoted != nil {
				value = plainEscape.ReplaceAllString(quoted[1], "$1")
			}
			isValue := quoted != nil || plainName.MatchString(value)
			_, isKnown := e.parameters[name]
			switch {
			case name == "q":
				quality, err := strconv.ParseFloat(value, 64)
				ok = ok && isValue && plainQuality.MatchString(value) && err == nil && quality <= 1
				e.quality = quality
			case isValue && plainName.MatchString(name) && !isKnown:
				e.parameters[name] = value
			}
		}
		if ok {
			elements = append(elements, e)
		}
	}
	return elements
}

// fit is how closely an element says a media type: 0 if it does not, and more by each parameter if it names it.
func (e plainElement) fit(media plainElement) int {
	major, minor, _ := strings.Cut(e.kind, "/")
	switch {
	case e.kind == "*/*":
		return 1
	case minor == "*" && strings.HasPrefix(media.kind, major+"/"):
		return 2
	case e.kind != media.kind:
		return 0
	}
	version := e.parameters["version"]
	if version == "" {
		version = map[string]string{"text/plain": "0.0.4", "application/openmetrics-text": "0.0.1"}[e.kind]
	}
	if version != "" && version != media.parameters["version"] {
		return 0
	}
	fit := 3
	for name, value := range media.parameters {
		switch e.parameters[name] {
		case value:
			fit++
		case "":
		default:
			return 0
		}
	}
	return fit
}

// isPlainlyAcceptable reads a header as Negotiate says that it does: of the elements that fit a media type the closest
// says how much it is wanted, the first of several, and a format is acceptable that has one that is wanted at all.
func isPlainlyAcceptable(accept string, f format.Format) bool {
	elements := plainElements(accept)
	for _, media := range plainMedia[f] {
		closest, quality := 0, 0.0
		for _, e := range elements {
			if fit := e.fit(media); fit > closest {
				closest, quality = fit, e.quality
			}
		}
		if quality > 0 {
			return true
		}
	}
	return len(elements) == 0
}

func requireAcceptability(t *testing.T, accept string) {
	t.Helper()
	anyAcceptable := false
	for _, f := range format.All() {
		want := isPlainlyAcceptable(accept, f)
		choice, acceptable := format.Negotiate(accept, f)
		require.Equal(t, want, acceptable, "%v for %q", f, accept)
		require.Equal(t, f, choice.Format)
		anyAcceptable = anyAcceptable || want
	}
	choice, acceptable := format.Negotiate(accept, format.All()...)
	require.Equal(t, anyAcceptable, acceptable, "%q", accept)
	require.Equal(t, acceptable, isPlainlyAcceptable(accept, choice.Format), "%q", accept)
}
