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

	// What OpenMetrics demands of a document and its lines.

	MissingEOF
	TextAfterEOF
	BlankLine
	CommentLine
	Spacing
	TrailingComma
	NamePosition
	UnderscoreLabel
	UndefinedEscape

	// What OpenMetrics demands of metadata.

	TypeUntyped
	TypeCase
	DuplicateUnit
	UnitConflict
	UnitAfterSamples
	UnitSuffix
	UnitNotAllowed
	UnitCharacters
	FamilyClash
	MissingSuffix

	// What OpenMetrics demands of exemplars and start times.

	Exemplar
	ExemplarLength
	ExemplarTimestamp
	ExemplarNoTimestamp
	ExemplarPlace
	CreatedValue
	StartPlace
	StartAfterTimestamp

	// What OpenMetrics demands of values and series.

	InfinityText
	CanonicalNumber
	BoundLabel
	QuantileRange
	QuantileValue
	StateLabel
	StateValue
	InfoValue
	NaNValue
	NegativeValue
	InterleavedMetric
	PartialTimestamps
	FallingTimestamp
	MissingInfinity
	InfinityCount
	SumWithoutCount
	CountWithoutSum
	SumWithNegativeBound
	NegativeGaugeSum
	BoundOrder
	FallingCounts

	// What OpenMetrics 2.0 demands.

	Composite
	FieldName
	FieldOrder
	DuplicateField
	MissingField
	FieldPlace
	PlainValue
	CompositePlace
	MixedValues
	NativeSchema
	ZeroThreshold
	SpanOffset
	SpanLength
	SpanTotal
	NativeCount
	FractionalCount
	UnitSuffixAdvised
	TotalSuffixAdvised
	SuffixDiscouraged

	// What the schema of the JSON format demands.

	JSONSyntax
	JSONMember
	JSONDuplicate

	// What the encoding of protobuf messages and their schema demand.

	ProtobufSyntax
	ProtobufField
	MissingValue

	// What is beyond a limit.

	LineTooLong
	MessageTooLong
	TooManyLabels
	TooManyParts
	TooManySamples
	TooManyFamilies
	TooManyErrors

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
	LossSuffix
	LossNameTaken
	LossValue
	LossIncomplete

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
	Timestamp:      {"timestamp", Error, Error, "a timestamp is not a signed 64-bit integer of milliseconds or, in OpenMetrics, a finite number of seconds"},
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
	DuplicateSeries:   {"duplicate-series", Warning, Error, "a series occurs twice in one part of a family, with the same timestamp or with none"},
	LooseSample:       {"loose-sample", Warning, Error, "a sample does not fit the type of its family; it is kept untyped"},
	BucketBound:       {"bucket-bound", Warning, Error, "a histogram bucket has no label le, or one that is not a number; it is kept untyped"},
	QuantileLabel:     {"quantile-label", Warning, Error, "a summary's label quantile is not a number; the sample is kept untyped"},
	CountValue:        {"count-value", Warning, Error, "a count is not a whole number of at least 0"},
	MixedTimestamps:   {"mixed-timestamps", Warning, Warning, "the samples of one histogram or summary have different timestamps; they become several points"},

	MissingEOF:      {"missing-eof", Warning, Error, "an OpenMetrics exposition does not end in # EOF"},
	TextAfterEOF:    {"text-after-eof", Warning, Error, "text follows # EOF; it is read all the same"},
	BlankLine:       {"blank-line", Warning, Error, "a line is empty or holds nothing but blanks, which OpenMetrics does not have"},
	CommentLine:     {"comment-line", Warning, Error, "a line with # is no HELP, TYPE, UNIT or EOF line, and OpenMetrics has no other comments; it is skipped"},
	Spacing:         {"spacing", Warning, Error, "a line of OpenMetrics has one space between its parts and none anywhere else, neither at its ends nor within braces"},
	TrailingComma:   {"trailing-comma", Warning, Error, "a comma follows the last label, which OpenMetrics does not have"},
	NamePosition:    {"name-position", Warning, Error, "a metric name in the braces is not the first thing there, where OpenMetrics 2.0 has it"},
	UnderscoreLabel: {"underscore-label", Warning, Error, "a label name begins with underscores that OpenMetrics reserves: two, in 2.0 one or more"},
	UndefinedEscape: {"undefined-escape", Warning, Warning, "a backslash stands before a character that it does not escape, which OpenMetrics advises against; it is kept literally"},

	TypeUntyped:      {"type-untyped", Warning, Error, "a TYPE line says untyped, which OpenMetrics calls unknown"},
	TypeCase:         {"type-case", Warning, Error, "a type is not written in lower case"},
	DuplicateUnit:    {"duplicate-unit", Warning, Error, "a family has a second UNIT line that says the same"},
	UnitConflict:     {"unit-conflict", Error, Error, "a family has a second UNIT line that says something else; the first is kept"},
	UnitAfterSamples: {"unit-after-samples", Warning, Error, "a UNIT line follows samples of its family"},
	UnitSuffix:       {"unit-suffix", Warning, Error, "the name of a family does not end in _ and its unit"},
	UnitNotAllowed:   {"unit-not-allowed", Warning, Error, "an info or stateset family has a unit"},
	UnitCharacters:   {"unit-characters", Warning, Error, "a unit holds a character that a metric name cannot have"},
	FamilyClash:      {"family-clash", Warning, Error, "the name of a family is that of a sample that another family has or may have"},
	MissingSuffix:    {"missing-suffix", Warning, Error, "the suffix is missing from a counter's sample (_total), or from an info family's sample or, in OpenMetrics 2.0, name (_info)"},

	Exemplar:            {"exemplar", Warning, Error, "an exemplar is malformed; it is left out and the sample kept"},
	ExemplarLength:      {"exemplar-length", Warning, Error, "the label names and values of an exemplar have more than 128 characters together"},
	ExemplarTimestamp:   {"exemplar-timestamp", Warning, Error, "the timestamp of an exemplar is not a finite number; the exemplar is left out"},
	ExemplarNoTimestamp: {"exemplar-no-timestamp", Warning, Error, "an exemplar has no timestamp, which OpenMetrics 2.0 demands"},
	ExemplarPlace:       {"exemplar-place", Warning, Error, "a sample has an exemplar that is none of those that may have one"},
	CreatedValue:        {"created-value", Warning, Error, "the value of a _created sample is not a finite number of seconds; the sample is kept untyped"},
	StartPlace:          {"start-place", Warning, Error, "a sample has a start timestamp that is none of a counter, histogram or summary"},
	StartAfterTimestamp: {"start-after-timestamp", Warning, Error, "a start timestamp is later than the timestamp of its sample"},

	InfinityText:         {"infinity-text", Warning, Error, "the bound of the last bucket is not written +Inf"},
	CanonicalNumber:      {"canonical-number", Off, Warning, "a bound or quantile is not written in the way that OpenMetrics advises"},
	BoundLabel:           {"bound-label", Warning, Error, "a histogram has a label le of its own, or a summary a label quantile"},
	QuantileRange:        {"quantile-range", Warning, Error, "a quantile is not from 0 to 1"},
	QuantileValue:        {"quantile-value", Warning, Error, "the value of a quantile is negative"},
	StateLabel:           {"state-label", Warning, Error, "a sample of a stateset lacks the label that names the state; it is kept untyped"},
	StateValue:           {"state-value", Warning, Error, "the value of a state is neither 0 nor 1; the sample is kept untyped"},
	InfoValue:            {"info-value", Warning, Error, "the value of an info sample is not 1"},
	NaNValue:             {"nan-value", Warning, Error, "a total or sum, or in OpenMetrics 2.0 a count, is NaN"},
	NegativeValue:        {"negative-value", Warning, Error, "a total or sum, or in OpenMetrics 2.0 a count, is negative"},
	InterleavedMetric:    {"interleaved-metric", Warning, Error, "the samples of a metric, or of one of its points, do not stand together"},
	PartialTimestamps:    {"partial-timestamps", Warning, Error, "some points of a metric have a timestamp and others have none"},
	FallingTimestamp:     {"falling-timestamp", Warning, Error, "a point of a metric is older than the one before it"},
	MissingInfinity:      {"missing-infinity", Warning, Error, "a histogram has no bucket +Inf"},
	InfinityCount:        {"infinity-count", Warning, Error, "the count of a histogram differs from its bucket +Inf"},
	SumWithoutCount:      {"sum-without-count", Warning, Error, "a histogram has a sum and no count"},
	CountWithoutSum:      {"count-without-sum", Warning, Error, "a histogram has a count and no sum"},
	SumWithNegativeBound: {"sum-with-negative-bound", Warning, Error, "a histogram has a sum although it has buckets with negative bounds"},
	NegativeGaugeSum:     {"negative-gauge-sum", Warning, Error, "a gauge histogram has a negative sum and no bucket with a negative bound"},
	BoundOrder:           {"bound-order", Warning, Error, "the bounds of buckets, or in OpenMetrics 2.0 quantiles, do not rise"},
	FallingCounts:        {"falling-counts", Warning, Error, "a bucket counts less than the one before it"},

	Composite:          {"composite", Error, Error, "a composite value is malformed"},
	FieldName:          {"field-name", Error, Error, "a composite value has a field that does not exist"},
	FieldOrder:         {"field-order", Warning, Error, "the fields of a composite value are not in their order"},
	DuplicateField:     {"duplicate-field", Error, Error, "a field occurs twice in a composite value"},
	MissingField:       {"missing-field", Warning, Error, "a composite value lacks a field"},
	FieldPlace:         {"field-place", Error, Error, "a composite value has a field that values of its type do not have"},
	PlainValue:         {"plain-value", Warning, Error, "a histogram, gauge histogram or summary has a plain number for its value; the sample is kept untyped"},
	CompositePlace:     {"composite-place", Error, Error, "a sample has a composite value although its type has plain numbers"},
	MixedValues:        {"mixed-values", Warning, Warning, "a family of unknown type has values of several kinds; those of another kind than its first composite value are kept as plain samples, without native buckets"},
	NativeSchema:       {"native-schema", Error, Error, "the schema of a native histogram is not a whole number from -4 to 8"},
	ZeroThreshold:      {"zero-threshold", Error, Error, "the zero threshold of a native histogram is negative or not finite"},
	SpanOffset:         {"span-offset", Error, Error, "the offset of a span is not a whole number, or is negative behind the first span"},
	SpanLength:         {"span-length", Error, Error, "the length of a span is not a whole number of at least 1"},
	SpanTotal:          {"span-total", Error, Error, "the spans of a native histogram have room for more or fewer buckets than there are"},
	NativeCount:        {"native-count", Warning, Error, "the count of a native histogram is not the sum of its buckets"},
	FractionalCount:    {"fractional-count", Off, Warning, "a count of a histogram is not a whole number, which OpenMetrics 2.0 advises"},
	UnitSuffixAdvised:  {"unit-suffix-advised", Warning, Warning, "the name of a family does not end in _ and its unit, before _total at most, which OpenMetrics 2.0 advises"},
	TotalSuffixAdvised: {"total-suffix-advised", Warning, Warning, "the name of a counter does not end in _total, which OpenMetrics 2.0 advises"},
	SuffixDiscouraged:  {"suffix-discouraged", Off, Warning, "the name of a family ends like a sample of a histogram, which OpenMetrics 2.0 advises against"},

	JSONSyntax:    {"json-syntax", Error, Error, "the input is not JSON, or a value in it is not what the schema demands there"},
	JSONMember:    {"json-member", Warning, Error, "a JSON object has a member that does not exist in the schema or does not fit the type; it is left out"},
	JSONDuplicate: {"json-duplicate", Warning, Error, "a JSON object has a member twice; the first is kept"},

	ProtobufSyntax: {"protobuf-syntax", Error, Error, "the bytes are not a protobuf message, or end within one"},
	ProtobufField:  {"protobuf-field", Warning, Error, "a field of a protobuf message has another type of encoding than the schema says, or a name that it does not have; it is skipped"},
	MissingValue:   {"missing-value", Error, Error, "a metric has no value of the type of its family; it is left out"},

	LineTooLong:     {"line-too-long", Error, Error, "a line is longer than the limit"},
	MessageTooLong:  {"message-too-long", Error, Error, "a protobuf message is longer than the limit"},
	TooManyLabels:   {"too-many-labels", Error, Error, "a series has more labels than the limit"},
	TooManyParts:    {"too-many-parts", Error, Error, "a line has more exemplars, or a composite value more buckets, than the limit"},
	TooManySamples:  {"too-many-samples", Error, Error, "a family has more samples than the limit; the rest of it is refused"},
	TooManyFamilies: {"too-many-families", Warning, Error, "there are more families than the limit; later ones are not checked for coming back"},
	TooManyErrors:   {"too-many-errors", Error, Error, "a family has more errors than are kept; the rest of them is only counted"},

	LossUnit:        {"loss-unit", Warning, Error, "the format has no units, or no place for this one"},
	LossType:        {"loss-type", Warning, Error, "the format does not have the type; the nearest is written"},
	LossCreated:     {"loss-created", Warning, Error, "the format has no creation times, or none for the type"},
	LossExemplar:    {"loss-exemplar", Warning, Error, "the format has no exemplars, or fewer, or none for the type"},
	LossNative:      {"loss-native", Warning, Error, "the format has no native histograms, or none with custom bounds; the classic buckets are written"},
	LossTimestamp:   {"loss-timestamp", Warning, Error, "a timestamp is finer than those of the format, or out of their range; it is rounded"},
	LossNoTimestamp: {"loss-no-timestamp", Warning, Error, "there is no time to write a sample with; it is left out"},
	LossNonFinite:   {"loss-non-finite", Warning, Error, "the format has neither NaN nor infinities; the samples are left out"},
	LossCount:       {"loss-count", Warning, Error, "a count is not a whole number that the format holds, or not that of the bucket +Inf; it is left out"},
	LossBoundText:   {"loss-bound-text", Off, Warning, "a bound or quantile is written in another way, but with the same number"},
	LossDuplicate:   {"loss-duplicate", Warning, Error, "a bound, a quantile or a point in time occurs twice, for which the format has no place; the first is kept"},
	LossLoose:       {"loss-loose", Warning, Error, "a sample that does not fit its family becomes a family of its own"},
	LossName:        {"loss-name", Warning, Error, "a name has characters that the format does not have, and is altered for good"},
	LossClash:       {"loss-clash", Warning, Error, "two families, two series, or two labels of a series, get the same name in the format"},
	LossUTF8:        {"loss-utf8", Warning, Error, "a string is not valid UTF-8; the bytes that are not are replaced"},
	LossSuffix:      {"loss-suffix", Warning, Error, "the format demands a suffix that the name lacks; it is added"},
	LossNameTaken:   {"loss-name-taken", Warning, Error, "the name is taken by a family before, or by one of its samples; what comes later is left out"},
	LossValue:       {"loss-value", Warning, Error, "a value is not one that the type may have in the format; it is left out"},
	LossIncomplete:  {"loss-incomplete", Warning, Error, "a histogram or summary lacks a number that the format demands; it, or its sum, is left out"},
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
