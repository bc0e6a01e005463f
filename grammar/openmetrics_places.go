package grammar

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// openMetricsPlaces are those of OpenMetrics 1.0, openMetrics2Places those of OpenMetrics 2.0: those of the format before
// with what is added or altered.
var (
	openMetricsPlaces  = textPlaces.with(changes1)
	openMetrics2Places = openMetricsPlaces.with(changes2)
)

// with is p with every place of changes that is not empty instead of its own.
func (p places) with(changes places) places {
	for at, change := range changes {
		if change.expected != "" {
			p[at] = change
		}
	}
	return p
}

var changes1 = places{
	afterHash: {
		expected: "HELP, TYPE, UNIT or EOF",
		next: follow{
			lexer.Help: afterHELP, lexer.Type: afterTYPE, lexer.Unit: afterUNIT, lexer.End: afterText,
			lexer.Comment: afterText, lexer.Newline: afterNewline,
		},
	},
	afterUNIT: {
		expected: "a metric name",
		invalid:  diag.MetricName,
		next: follow{
			lexer.Name: afterUnitName, lexer.String: afterUnitName, lexer.Newline: afterNewline,
		},
	},
	afterUnitName: {
		expected: "a blank and the unit",
		joined:   diag.MetricName,
		next:     follow{lexer.Word: afterText, lexer.Newline: afterNewline},
	},
	afterValue: {
		expected: "a timestamp, an exemplar or the end of the line",
		invalid:  diag.Timestamp,
		next: follow{
			lexer.Integer: afterTimestamp, lexer.Float: afterTimestamp, lexer.Hash: beforeExemplar,
			lexer.Newline: afterNewline,
		},
	},
	afterTimestamp: {
		expected: "an exemplar or the end of the line",
		next:     follow{lexer.Hash: beforeExemplar, lexer.Newline: afterNewline},
	},
	beforeExemplar: {
		expected: `"{"`,
		rule:     diag.Exemplar,
		next:     follow{lexer.LeftBrace: afterExemplarBrace},
	},
	afterExemplarBrace: {
		expected: `a label name or "}"`,
		rule:     diag.Exemplar,
		next: follow{
			lexer.Name: afterExemplarLabelName, lexer.String: afterExemplarLabelName, lexer.Comma: afterExemplarComma,
			lexer.RightBrace: afterExemplarLabels,
		},
	},
	afterExemplarComma: {
		expected: `a label name or "}"`,
		rule:     diag.Exemplar,
		next: follow{
			lexer.Name: afterExemplarLabelName, lexer.String: afterExemplarLabelName, lexer.RightBrace: afterExemplarLabels,
		},
	},
	afterExemplarLabelName: {
		expected: `"="`,
		rule:     diag.Exemplar,
		next:     follow{lexer.Equal: afterExemplarEqual},
	},
	afterExemplarEqual: {
		expected: "a label value in quotes",
		rule:     diag.Exemplar,
		next:     follow{lexer.String: afterExemplarLabelValue},
	},
	afterExemplarLabelValue: {
		expected: `"," or "}"`,
		rule:     diag.Exemplar,
		next:     follow{lexer.Comma: afterExemplarComma, lexer.RightBrace: afterExemplarLabels},
	},
	afterExemplarLabels: {
		expected: "a value",
		rule:     diag.Exemplar,
		next:     follow{lexer.Integer: afterExemplarValue, lexer.Float: afterExemplarValue},
	},
	afterExemplarValue: {
		expected: "a timestamp or the end of the line",
		rule:     diag.Exemplar,
		next: follow{
			lexer.Integer: afterExemplarTimestamp, lexer.Float: afterExemplarTimestamp, lexer.Newline: afterNewline,
		},
	},
	afterExemplarTimestamp: {
		expected: "the end of the line",
		rule:     diag.Exemplar,
		next:     follow{lexer.Newline: afterNewline},
	},
}

var changes2 = places{
	afterName: {
		expected: `"{" or a value`,
		invalid:  diag.Number,
		joined:   diag.MetricName,
		next: follow{
			lexer.LeftBrace: afterBrace, lexer.Integer: afterValue, lexer.Float: afterValue, lexer.CompositeOpen: beforeField,
		},
	},
	afterLabels: {
		expected: "a value",
		invalid:  diag.Number,
		next: follow{
			lexer.Integer: afterValue, lexer.Float: afterValue, lexer.CompositeOpen: beforeField,
		},
	},
	afterValue: {
		expected: "a timestamp, a start timestamp, an exemplar or the end of the line",
		invalid:  diag.Timestamp,
		next: follow{
			lexer.Integer: afterTimestamp, lexer.Float: afterTimestamp, lexer.StartAt: afterStartAt,
			lexer.Hash: beforeExemplar, lexer.Newline: afterNewline,
		},
	},
	afterTimestamp: {
		expected: "a start timestamp, an exemplar or the end of the line",
		next:     follow{lexer.StartAt: afterStartAt, lexer.Hash: beforeExemplar, lexer.Newline: afterNewline},
	},
	afterStartAt: {
		expected: "a timestamp",
		invalid:  diag.Timestamp,
		next:     follow{lexer.Integer: afterStart, lexer.Float: afterStart},
	},
	afterStart: {
		expected: "an exemplar or the end of the line",
		next:     follow{lexer.Hash: beforeExemplar, lexer.Newline: afterNewline},
	},
	afterExemplarValue: {
		expected: "a timestamp, an exemplar or the end of the line",
		rule:     diag.Exemplar,
		next: follow{
			lexer.Integer: afterExemplarTimestamp, lexer.Float: afterExemplarTimestamp, lexer.Hash: beforeExemplar,
			lexer.Newline: afterNewline,
		},
	},
	afterExemplarTimestamp: {
		expected: "an exemplar or the end of the line",
		rule:     diag.Exemplar,
		next:     follow{lexer.Hash: beforeExemplar, lexer.Newline: afterNewline},
	},
	beforeField: {
		expected: "a field",
		rule:     diag.Composite,
		invalid:  diag.FieldName,
		next: follow{
			lexer.NumberField: afterNumberField, lexer.ListField: afterListField, lexer.PairsField: afterPairsField,
		},
	},
	afterNumberField: {
		expected: `":"`,
		rule:     diag.Composite,
		next:     follow{lexer.Colon: beforeFieldNumber},
	},
	beforeFieldNumber: {
		expected: "a number",
		rule:     diag.Composite,
		invalid:  diag.Number,
		next:     follow{lexer.Integer: afterField, lexer.Float: afterField},
	},
	afterListField: {
		expected: `":"`,
		rule:     diag.Composite,
		next:     follow{lexer.Colon: beforeList},
	},
	beforeList: {
		expected: `"["`,
		rule:     diag.Composite,
		next:     follow{lexer.LeftBracket: afterListOpen},
	},
	afterListOpen: {
		expected: `a number or "]"`,
		rule:     diag.Composite,
		invalid:  diag.Number,
		next: follow{
			lexer.Integer: afterListNumber, lexer.Float: afterListNumber, lexer.RightBracket: afterField,
		},
	},
	afterListNumber: {
		expected: `"," or "]"`,
		rule:     diag.Composite,
		next:     follow{lexer.Comma: beforeListNumber, lexer.RightBracket: afterField},
	},
	beforeListNumber: {
		expected: "a number",
		rule:     diag.Composite,
		invalid:  diag.Number,
		next:     follow{lexer.Integer: afterListNumber, lexer.Float: afterListNumber},
	},
	afterPairsField: {
		expected: `":"`,
		rule:     diag.Composite,
		next:     follow{lexer.Colon: beforePairs},
	},
	beforePairs: {
		expected: `"["`,
		rule:     diag.Composite,
		next:     follow{lexer.LeftBracket: afterPairsOpen},
	},
	afterPairsOpen: {
		expected: `a number or "]"`,
		rule:     diag.Composite,
		invalid:  diag.Number,
		next: follow{
			lexer.Integer: afterKey, lexer.Float: afterKey, lexer.RightBracket: afterField,
		},
	},
	afterKey: {
		expected: `":"`,
		rule:     diag.Composite,
		next:     follow{lexer.Colon: beforePairValue},
	},
	beforePairValue: {
		expected: "a number",
		rule:     diag.Composite,
		invalid:  diag.Number,
		next:     follow{lexer.Integer: afterPair, lexer.Float: afterPair},
	},
	afterPair: {
		expected: `"," or "]"`,
		rule:     diag.Composite,
		next:     follow{lexer.Comma: beforeKey, lexer.RightBracket: afterField},
	},
	beforeKey: {
		expected: "a number",
		rule:     diag.Composite,
		invalid:  diag.Number,
		next:     follow{lexer.Integer: afterKey, lexer.Float: afterKey},
	},
	afterField: {
		expected: `"," or "}"`,
		rule:     diag.Composite,
		next:     follow{lexer.Comma: beforeField, lexer.CompositeClose: afterValue},
	},
}
