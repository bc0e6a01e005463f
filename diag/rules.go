package diag

import (
	"fmt"
	"iter"
)

// Rule identifies one thing that can be wrong with an input.
type Rule uint8

// The rules. Their ids, severities and meanings stand in the table below.
const (
	// UnknownRule is the zero Rule and belongs to no finding.
	UnknownRule Rule = iota

	Syntax
	MetricName
	LabelName
	EmptyName
	MissingName
	SecondName
	NameLabel
	DuplicateLabel
	ReservedLabel
	LabelEscape
	HelpEscape
	InvalidUTF8
	CommentUTF8
	Number
	Timestamp
	ExemplarInText

	ByteOrderMark
	CarriageReturn
	NoFinalNewline
	TrailingSpace
	StrayComma
	CommentSpace
	MetadataSpace
	IncompleteMetadata

	DuplicateHelp
	HelpAfterSamples
	DuplicateType
	TypeConflict
	TypeAfterSamples
	UnknownType
	TypeName
	TypeNotInText
	InterleavedFamily
	NameClash
	CounterSuffix
	DuplicateSeries
	LooseSample
	BucketBound
	QuantileLabel
	CountValue
	MixedTimestamps

	LineTooLong
	TooManyLabels
	TooManySamples
	TooManyFamilies

	// What a family can lose when it is written in another format.

	LossUnit
	LossType
	LossCreated
	LossExemplar
	LossNative
	LossTimestamp
	LossNoTimestamp
	LossNonFinite
	LossCount
	LossBoundText
	LossDuplicate
	LossLoose
	LossName
	LossClash
	LossUTF8

	ruleCount
)

type ruleInfo struct {
	id        string
	byDefault Severity
	strict    Severity
	meaning   string
}

// rules is the one table of rules: what is wrong, and how much it weighs by default and when strict.
var rules = [ruleCount]ruleInfo{
	UnknownRule: {"unknown", Off, Off, "no rule"},

	Syntax:         {"syntax", Error, Error, "the line is not of the form that the format demands"},
	MetricName:     {"metric-name", Error, Error, "a metric name that is not quoted holds a character that is not allowed there"},
	LabelName:      {"label-name", Error, Error, "a label name that is not quoted holds a character that is not allowed there"},
	EmptyName:      {"empty-name", Error, Error, "a quoted metric or label name is empty"},
	MissingName:    {"missing-name", Error, Error, "a sample has labels but no metric name"},
	SecondName:     {"second-name", Error, Error, "a sample has two metric names"},
	NameLabel:      {"name-label", Error, Error, "the label __name__ is given although the metric name stands elsewhere"},
	DuplicateLabel: {"duplicate-label", Error, Error, "a label name occurs twice in one label set"},
	ReservedLabel:  {"reserved-label", Off, Warning, "a label name begins with __, which is reserved for internal use"},
	LabelEscape:    {"label-escape", Warning, Error, `a label value holds a backslash before a character other than \, " and n; it is kept literally`},
	HelpEscape:     {"help-escape", Warning, Error, `a help text holds a backslash before a character other than \ and n; it is kept literally`},
	InvalidUTF8:    {"invalid-utf8", Error, Error, "a name, a label value or a help text is not valid UTF-8"},
	CommentUTF8:    {"comment-utf8", Warning, Error, "a comment is not valid UTF-8"},
	Number:         {"number", Error, Error, "a value is not a number in the syntax of Go without hexadecimal digits and underscores, or is out of range"},
	Timestamp:      {"timestamp", Error, Error, "a timestamp is not a signed 64-bit integer of milliseconds"},
	ExemplarInText: {"exemplar-in-text", Error, Error, "a sample carries an exemplar, which the Prometheus text format does not have"},

	ByteOrderMark:      {"byte-order-mark", Warning, Error, "the input begins with a byte order mark; it is skipped"},
	CarriageReturn:     {"carriage-return", Warning, Error, "lines end in CR LF instead of LF; reported once an input"},
	NoFinalNewline:     {"no-final-newline", Warning, Error, "the last line does not end in a line feed"},
	TrailingSpace:      {"trailing-space", Off, Warning, "blanks follow the value or the timestamp"},
	StrayComma:         {"stray-comma", Warning, Error, "a comma stands before the first label"},
	CommentSpace:       {"comment-space", Warning, Warning, "no blank stands between # and HELP or TYPE; the line is honoured all the same"},
	MetadataSpace:      {"metadata-space", Warning, Warning, "more than one blank stands between the words of a TYPE line, or blanks stand at its end"},
	IncompleteMetadata: {"incomplete-metadata", Warning, Error, "a HELP or TYPE line lacks its name or its type; it is read as a comment"},

	DuplicateHelp:     {"duplicate-help", Warning, Error, "a family has a second HELP line; the first is kept"},
	HelpAfterSamples:  {"help-after-samples", Warning, Error, "a HELP line follows samples of its family"},
	DuplicateType:     {"duplicate-type", Warning, Error, "a family has a second TYPE line that says the same"},
	TypeConflict:      {"type-conflict", Error, Error, "a family has a second TYPE line that says something else; the first is kept"},
	TypeAfterSamples:  {"type-after-samples", Warning, Error, "a TYPE line follows samples of its family"},
	UnknownType:       {"unknown-type", Error, Error, "a TYPE line names a type that does not exist"},
	TypeName:          {"type-name", Warning, Warning, "a type is written in capitals, or as unknown instead of untyped"},
	TypeNotInText:     {"type-not-in-text", Warning, Error, "a type belongs to OpenMetrics, not to the Prometheus text format"},
	InterleavedFamily: {"interleaved-family", Warning, Error, "a family comes back after lines of other families"},
	NameClash:         {"name-clash", Warning, Warning, "a sample fits the current family and an earlier one; the current one gets it"},
	CounterSuffix:     {"counter-suffix", Warning, Error, "a counter's sample has the suffix _total that its TYPE line lacks"},
	DuplicateSeries:   {"duplicate-series", Warning, Error, "a series occurs twice with the same timestamp or with none"},
	LooseSample:       {"loose-sample", Warning, Error, "a sample does not fit the type of its family; it is kept untyped"},
	BucketBound:       {"bucket-bound", Warning, Error, "a histogram bucket has no label le, or one that is not a number; it is kept untyped"},
	QuantileLabel:     {"quantile-label", Warning, Error, "a summary's label quantile is not a number; the sample is kept untyped"},
	CountValue:        {"count-value", Warning, Error, "a count is not a whole number of at least 0"},
	MixedTimestamps:   {"mixed-timestamps", Warning, Warning, "the samples of one histogram or summary have different timestamps; they become several points"},

	LineTooLong:     {"line-too-long", Error, Error, "a line is longer than the limit"},
	TooManyLabels:   {"too-many-labels", Error, Error, "a series has more labels than the limit"},
	TooManySamples:  {"too-many-samples", Error, Error, "a family has more samples than the limit; the rest of it is refused"},
	TooManyFamilies: {"too-many-families", Warning, Error, "there are more families than the limit; later ones are not checked for coming back"},

	LossUnit:        {"loss-unit", Warning, Error, "the format has no units"},
	LossType:        {"loss-type", Warning, Error, "the format does not have the type; the nearest is written"},
	LossCreated:     {"loss-created", Warning, Error, "the format has no creation times, or none for the type"},
	LossExemplar:    {"loss-exemplar", Warning, Error, "the format has no exemplars, or fewer, or none for the type"},
	LossNative:      {"loss-native", Warning, Error, "the format has no native histograms, or none with custom bounds; the classic buckets are written"},
	LossTimestamp:   {"loss-timestamp", Warning, Error, "a timestamp is finer than those of the format, or out of their range; it is rounded"},
	LossNoTimestamp: {"loss-no-timestamp", Warning, Error, "there is no time to write a sample with; it is left out"},
	LossNonFinite:   {"loss-non-finite", Warning, Error, "the format has neither NaN nor infinities; the samples are left out"},
	LossCount:       {"loss-count", Warning, Error, "a count of a summary is not a whole number that the format holds; it is left out"},
	LossBoundText:   {"loss-bound-text", Off, Warning, "a bound or quantile is written in another way, but with the same number"},
	LossDuplicate:   {"loss-duplicate", Warning, Error, "a bound or quantile occurs twice, for which the format has no place; the first is kept"},
	LossLoose:       {"loss-loose", Warning, Error, "a sample that does not fit its family becomes a family of its own"},
	LossName:        {"loss-name", Warning, Error, "a name has characters that the format does not have, and is altered for good"},
	LossClash:       {"loss-clash", Warning, Error, "two series, or two labels of one, get the same name in the format"},
	LossUTF8:        {"loss-utf8", Warning, Error, "a string is not valid UTF-8; the bytes that are not are replaced"},
}

// Rules yields all rules in the order of the table.
func Rules() iter.Seq[Rule] {
	return func(yield func(Rule) bool) {
		for r := UnknownRule + 1; r < ruleCount; r++ {
			if !yield(r) {
				return
			}
		}
	}
}

// RuleByID finds a rule by its id.
func RuleByID(id string) (Rule, bool) {
	for r := range Rules() {
		if rules[r].id == id {
			return r, true
		}
	}
	return UnknownRule, false
}

func (r Rule) info() *ruleInfo {
	if r < ruleCount {
		return &rules[r]
	}
	return &rules[UnknownRule]
}

// ID is the name of the rule in diagnostics and settings, such as "duplicate-label".
func (r Rule) ID() string { return r.info().id }

// String is the ID.
func (r Rule) String() string { return r.ID() }

// Meaning is a sentence that says what the rule is about.
func (r Rule) Meaning() string { return r.info().meaning }

// Default is the severity of the rule by default.
func (r Rule) Default() Severity { return r.info().byDefault }

// Strict is the severity of the rule when strict.
func (r Rule) Strict() Severity { return r.info().strict }

// MarshalText writes the ID.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.ID()), nil }

// UnmarshalText reads an ID.
func (r *Rule) UnmarshalText(text []byte) error {
	found, ok := RuleByID(string(text))
	if !ok {
		return fmt.Errorf("unknown rule %q", text)
	}
	*r = found
	return nil
}
