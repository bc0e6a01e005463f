package convert

import (
	"bytes"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// dialect is how one text format is read. A Decoder chooses it once.
//
// Its readers of lines find all that can be said of one line alone:
//
//   - of any line: blank-line, comment-line, spacing, incomplete-metadata, empty-name, undefined-escape, help-escape
//   - of TYPE and UNIT lines: unknown-type, type-untyped, type-case, unit-characters
//   - of samples: missing-name, second-name, name-position, stray-comma, trailing-comma, label-name, duplicate-label,
//     name-label, underscore-label, too-many-labels, too-many-parts, number, timestamp, start-after-timestamp
//   - of exemplars: exemplar, exemplar-length, exemplar-timestamp, exemplar-no-timestamp
//   - of composite values: field-order, duplicate-field, missing-field, infinity-text, native-schema, zero-threshold,
//     span-offset, span-length, span-total
//
// Everything else, such as all that depends on the type of the family, is for the assembler.
type dialect struct {
	// read reads a line, without its end, and readTree does the same by way of its syntax tree.
	read, readTree func(line []byte, e *entry) (failedAt int)
}

// dialects are those of the text formats.
var dialects = [lexer.Dialects]dialect{
	lexer.PrometheusText: {read: readLine, readTree: readTree},
	lexer.OpenMetrics:    {read: readOpenMetrics, readTree: readOpenMetricsTree},
	lexer.OpenMetrics2:   {read: readOpenMetrics, readTree: readOpenMetricsTree},
}

// undefinedEscapes are the rules of the dialects about a backslash that escapes nothing in a quoted string.
var undefinedEscapes = [lexer.Dialects]diag.Rule{
	lexer.PrometheusText: diag.LabelEscape, lexer.OpenMetrics: diag.UndefinedEscape, lexer.OpenMetrics2: diag.UndefinedEscape,
}

// reservedLabels says of each dialect how the label names begin that it reserves, what a label of such a name breaks, and
// which ones have a meaning of their own.
var reservedLabels = [lexer.Dialects]struct {
	prefix string
	rule   diag.Rule
	but    []string
}{
	lexer.PrometheusText: {prefix: "__", rule: diag.ReservedLabel},
	lexer.OpenMetrics:    {prefix: "__", rule: diag.UnderscoreLabel},
	lexer.OpenMetrics2:   {prefix: "_", rule: diag.UnderscoreLabel, but: []string{"__type__", "__unit__"}},
}

func isReserved(name []byte, d lexer.Dialect) bool {
	reserved := &reservedLabels[d]
	return bytes.HasPrefix(name, viewBytes(reserved.prefix)) && !slices.Contains(reserved.but, view(name))
}
