//go:build interop

package interop

import "github.com/promfmt/promfmt/conformance"

const conformanceHead = `# What other parsers make of the corpus

` + "`promfmt help conformance`" + ` says what the columns mean. A parser may be lenient or go by the letter where a file is against
the letter of its format and has one meaning nevertheless; only what must be accepted or refused is a difference.

` + "`make conformance`" + ` writes this file with the programs of Debian 12, and ` + "`make interop`" + ` holds it to them.
`

// conformingParser is a parser of somebody else and what we know of it.
type conformingParser struct {
	name, about   string
	debianPackage string
	command       string // as run from the root of the repository
	only          []string
	options       conformance.Options
	differences   []explanation
}

// explanation says what a class of differences comes from.
type explanation struct {
	outcome conformance.Outcome
	reason  string
	files   []string
}

var conformingParsers = []conformingParser{
	{
		name: "The Python client",
		about: "The library has a parser for text and one for OpenMetrics, which\nwas written " +
			"along with the specification. [python_client.py](adapters/python_client.py) prints what they find.",
		debianPackage: "python3-prometheus-client",
		command:       "/usr/bin/python3 corpus/adapters/python_client.py",
		only:          []string{"text", "openmetrics"},
		options:       conformance.Options{Verdict: conformance.Both, Compare: conformance.Families},
		differences: []explanation{
			{
				conformance.NoVerdict, "A HELP or TYPE line of text without a name, or a TYPE line without a type, is an `IndexError`.",
				[]string{"invalid/metadata-incomplete.txt"},
			},
			{
				conformance.FamiliesDiffer, "A counter of text that is not called `_total` gets that name.",
				[]string{
					"valid/counter-without-total.txt", "valid/help-blanks.txt", "valid/help-empty.txt", "valid/metadata-without-samples.txt",
					"invalid/type-blanks.txt",
				},
			},
			{
				conformance.FamiliesDiffer, "Blanks at the end of a help text in text are dropped.",
				[]string{"valid/help-blanks.txt", "valid/help-escapes.txt"},
			},
			{
				conformance.FamiliesDiffer, "`#TYPE` and `#HELP` without a blank are comments in text.",
				[]string{"invalid/type-without-blank.txt"},
			},
			{
				conformance.FamiliesDiffer, "In OpenMetrics, " + onlyFirst + ".",
				[]string{"openmetrics/valid/metrics-and-points-side-by-side.txt"},
			},
			{
				conformance.WronglyAccepted,
				"In text, whatever stands before an equals sign is the name of a label, whatever follows a value up to a comma is " +
					"skipped, and the last of two labels of one name counts.",
				[]string{
					"invalid/label-colon.txt", "invalid/label-duplicate.txt", "invalid/label-name-bad.txt", "invalid/label-name-empty.txt",
					"invalid/label-name-missing.txt", "invalid/missing-comma.txt", "regress/label-without-name.txt",
				},
			},
			{
				conformance.WronglyAccepted,
				"A number is what Python takes for one: underscores between digits, `NaN` with a sign, infinity for what is out of range.",
				[]string{
					"invalid/value-out-of-range.txt", "invalid/value-signed-nan.txt", "invalid/value-underscores.txt",
					"openmetrics/invalid/value-out-of-range.txt", "openmetrics/invalid/value-signed-nan.txt",
				},
			},
			{
				conformance.WronglyAccepted,
				"A timestamp of text is any number, in milliseconds, and one of OpenMetrics may be out of range.",
				[]string{
					"invalid/timestamp-float.txt", "invalid/timestamp-nan.txt", "invalid/timestamp-out-of-range.txt",
					"openmetrics/invalid/timestamp-out-of-range.txt", "regress/timestamp-1e300.openmetrics.txt",
				},
			},
			{
				conformance.WronglyAccepted, "In text, all that Python takes for white space is blank at the end of a line.",
				[]string{"invalid/trailing-next-line.txt", "invalid/trailing-vertical-tab.txt"},
			},
			{
				conformance.WronglyAccepted, "In text, the last TYPE line of several counts, and one behind the samples begins the family again.",
				[]string{"invalid/type-after-samples-histogram.txt", "invalid/type-conflict.txt"},
			},
			{
				conformance.WronglyAccepted, "In OpenMetrics, a label may be called `__name__`.",
				[]string{"openmetrics/invalid/label-that-is-the-name.txt"},
			},
			{
				conformance.WronglyAccepted, "In OpenMetrics, any character may stand between the closing brace and the value.",
				[]string{"openmetrics/invalid/value-behind-text.txt"},
			},
			{
				conformance.WronglyRefused, "Names in quotes came later than this version.",
				[]string{
					"valid/utf8-names.txt", "regress/escaped-to-a-bucket.txt",
					"openmetrics/valid/exemplar-in-every-form.txt", "openmetrics/valid/label-name-in-quotes.txt",
					"openmetrics/valid/name-before-the-braces.txt", "openmetrics/valid/name-in-the-braces.txt",
					"openmetrics/valid/name-of-one-character.txt", "openmetrics/valid/names-in-quotes.txt", "openmetrics/valid/unit-in-name.txt",
				},
			},
			{
				conformance.WronglyRefused, "The type of a TYPE line in capitals is no type. promfmt takes it with a warning.",
				[]string{"invalid/type-capitals.txt"},
			},
		},
	},
	{
		name: "promtool check metrics",
		about: "The command reads text with the parser of the Go library expfmt, and\nthen " +
			"looks for what is bad practice, which gives the status 3. It prints no families.",
		debianPackage: "prometheus",
		command:       "promtool check metrics || [ $? = 3 ]",
		only:          []string{"text"},
		options:       conformance.Options{Verdict: conformance.Both, Compare: conformance.None},
		differences: []explanation{
			{
				conformance.WronglyAccepted, "A help text may be other than UTF-8.",
				[]string{"invalid/utf8-bad-help.txt"},
			},
			{
				conformance.WronglyRefused, "Blanks at the end of a sample or behind a type are refused, though the format ignores them.",
				[]string{"invalid/trailing-blanks.txt", "invalid/type-blanks.txt"},
			},
			{
				conformance.WronglyRefused, "The type `unknown` is the `untyped` of OpenMetrics. promfmt takes it with a warning.",
				[]string{"invalid/type-unknown.txt"},
			},
			{
				conformance.WronglyRefused, "Names in quotes came later than this version.",
				[]string{"valid/utf8-names.txt", "regress/escaped-to-a-bucket.txt"},
			},
		},
	},
}
