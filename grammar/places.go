package grammar

import (
	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
)

// place is where on a line a token stands, told by the tokens before it.
type place uint8

const (
	nowhere place = iota // behind a token that cannot stand where it does
	atStart
	afterHash
	afterHELP
	afterHelpName
	afterTYPE
	afterTypeName
	afterName
	afterBrace
	afterComma
	afterLabelName
	afterQuotedName
	afterEqual
	afterLabelValue
	afterLabels
	afterValue
	afterTimestamp
	afterText // of a HELP, TYPE or comment line
	afterNewline

	// The places that OpenMetrics adds.

	afterUNIT
	afterUnitName
	beforeExemplar
	afterExemplarBrace
	afterExemplarComma
	afterExemplarLabelName
	afterExemplarEqual
	afterExemplarLabelValue
	afterExemplarLabels
	afterExemplarValue
	afterExemplarTimestamp

	// The places that OpenMetrics 2.0 adds.

	afterStartAt
	afterStart
	beforeField
	afterNumberField
	beforeFieldNumber
	afterListField
	beforeList
	afterListOpen
	afterListNumber
	beforeListNumber
	afterPairsField
	beforePairs
	afterPairsOpen
	afterKey
	beforePairValue
	afterPair
	beforeKey
	afterField

	placeCount
)

// places says of every place what may stand there. A place that its dialect does not have is empty.
type places [placeCount]struct {
	expected string
	// rule is what a token at fault breaks here, diag.Syntax if it is the zero rule. If the token cannot be read it is
	// invalid that it breaks, or joined if it stands directly behind a name, unless those are zero.
	rule, invalid, joined diag.Rule
	// next is where the acceptable tokens lead.
	next follow
}

// follow says for each kind of token that is acceptable to which place it leads.
type follow [lexer.Kinds]place

// textPlaces are those of the Prometheus text formats.
var textPlaces = places{
	atStart: {
		expected: `a metric name, "{" or "#"`,
		invalid:  diag.MetricName,
		next: follow{
			lexer.Name: afterName, lexer.LeftBrace: afterBrace, lexer.Hash: afterHash, lexer.Newline: afterNewline,
		},
	},
	afterHash: {
		expected: "a comment, HELP or TYPE",
		next: follow{
			lexer.Help: afterHELP, lexer.Type: afterTYPE, lexer.Comment: afterText, lexer.Newline: afterNewline,
		},
	},
	afterHELP: {
		expected: "a metric name",
		invalid:  diag.MetricName,
		next: follow{
			lexer.Name: afterHelpName, lexer.String: afterHelpName, lexer.Newline: afterNewline,
		},
	},
	afterHelpName: {
		expected: "a blank and the help text",
		joined:   diag.MetricName,
		next:     follow{lexer.Text: afterText, lexer.Newline: afterNewline},
	},
	afterTYPE: {
		expected: "a metric name",
		invalid:  diag.MetricName,
		next: follow{
			lexer.Name: afterTypeName, lexer.String: afterTypeName, lexer.Newline: afterNewline,
		},
	},
	afterTypeName: {
		expected: "a blank and the type",
		joined:   diag.MetricName,
		next:     follow{lexer.Word: afterText, lexer.Newline: afterNewline},
	},
	afterName: {
		expected: `"{" or a value`,
		invalid:  diag.Number,
		joined:   diag.MetricName,
		next: follow{
			lexer.LeftBrace: afterBrace, lexer.Integer: afterValue, lexer.Float: afterValue,
		},
	},
	afterBrace: {
		expected: `a label name or "}"`,
		invalid:  diag.LabelName,
		next: follow{
			lexer.Name: afterLabelName, lexer.String: afterQuotedName, lexer.Comma: afterComma, lexer.RightBrace: afterLabels,
		},
	},
	afterComma: {
		expected: `a label name or "}"`,
		invalid:  diag.LabelName,
		next: follow{
			lexer.Name: afterLabelName, lexer.String: afterQuotedName, lexer.RightBrace: afterLabels,
		},
	},
	afterLabelName: {
		expected: `"="`,
		joined:   diag.LabelName,
		next:     follow{lexer.Equal: afterEqual},
	},
	afterQuotedName: {
		expected: `"=", "," or "}"`,
		next: follow{
			lexer.Equal: afterEqual, lexer.Comma: afterComma, lexer.RightBrace: afterLabels,
		},
	},
	afterEqual: {
		expected: "a label value in quotes",
		next:     follow{lexer.String: afterLabelValue},
	},
	afterLabelValue: {
		expected: `"," or "}"`,
		next:     follow{lexer.Comma: afterComma, lexer.RightBrace: afterLabels},
	},
	afterLabels: {
		expected: "a value",
		invalid:  diag.Number,
		next:     follow{lexer.Integer: afterValue, lexer.Float: afterValue},
	},
	afterValue: {
		expected: "a timestamp or the end of the line",
		invalid:  diag.Timestamp,
		next:     follow{lexer.Integer: afterTimestamp, lexer.Newline: afterNewline},
	},
	afterTimestamp: {
		expected: "the end of the line",
		next:     follow{lexer.Newline: afterNewline},
	},
	afterText: {
		expected: "the end of the line",
		next:     follow{lexer.Newline: afterNewline},
	},
	afterNewline: {expected: "nothing behind the end of the line"},
}
