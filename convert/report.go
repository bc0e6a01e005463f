package convert

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/grammar"
)

// messages say what a finding of a rule is about; the verb, if there is one, stands for the text in question.
var messages = map[diag.Rule]string{
	diag.LabelName:          "label name %s needs quotes",
	diag.EmptyName:          "a name is empty",
	diag.MissingName:        "the sample has no metric name",
	diag.SecondName:         "the sample has a second metric name, %s",
	diag.NameLabel:          "label __name__ beside a metric name",
	diag.DuplicateLabel:     "label %s occurs twice",
	diag.ReservedLabel:      "label name %s is reserved for internal use",
	diag.LabelEscape:        "%s is no escape in a quoted string",
	diag.HelpEscape:         "%s is no escape in a help text",
	diag.InvalidUTF8:        "the line is not valid UTF-8",
	diag.CommentUTF8:        "the comment is not valid UTF-8",
	diag.Number:             "number %s is out of range",
	diag.Timestamp:          "timestamp %s is out of range",
	diag.TrailingSpace:      "blanks at the end of the line",
	diag.StrayComma:         "comma before the first label",
	diag.CommentSpace:       "no blank between # and the keyword",
	diag.MetadataSpace:      "more blanks than one between words, or blanks at the end",
	diag.IncompleteMetadata: "%s lacks what should follow it",
	diag.TooManyLabels:      "the series has more than %d labels (limit Labels)",

	diag.BlankLine:       "the line is blank",
	diag.CommentLine:     "a line that begins with # is HELP, TYPE, UNIT or EOF",
	diag.Spacing:         "there is one space between the parts of a line and none elsewhere",
	diag.TrailingComma:   "comma behind the last label",
	diag.NamePosition:    "metric name %s is not the first thing in the braces",
	diag.UnderscoreLabel: "label name %s begins with underscores, and such are reserved",
	diag.UndefinedEscape: "%s is no escape",

	diag.TypeUntyped:    "type %s is called unknown in OpenMetrics",
	diag.TypeCase:       "type %s is not written in lower case",
	diag.UnknownType:    "unknown type %s; expected counter, gauge, histogram, gaugehistogram, summary, info, stateset or unknown",
	diag.UnitCharacters: "unit %s holds a character that a metric name cannot have",

	diag.ExemplarLength:      "the labels of an exemplar have more than 128 characters",
	diag.ExemplarTimestamp:   "timestamp %s of an exemplar is not a number of seconds that fits 64 bits",
	diag.ExemplarNoTimestamp: "the exemplar has no timestamp",
	diag.StartAfterTimestamp: "the start timestamp is later than the timestamp",
	diag.TooManyParts:        "more than %d exemplars, labels of them, or entries of a list (limit Parts)",

	diag.FieldOrder:     "field %s stands too late",
	diag.DuplicateField: "field %s occurs twice",
	diag.InfinityText:   "bound %s is written +Inf or -Inf",
	diag.NativeSchema:   "schema %s is not a whole number from -4 to 8",
	diag.ZeroThreshold:  "zero threshold %s is not a finite number of at least 0",
	diag.SpanOffset:     "offset %s is not a whole number, or is negative behind the first span",
	diag.SpanLength:     "length %s is not a whole number of at least 1",
	diag.SpanTotal:      "the spans have room for more or fewer buckets than there are in %s",
}

// hash begins all lines that are no samples.
var hash = []byte{'#'}

// reporter makes diagnostics of findings. It knows the line that is being read.
type reporter struct {
	options *options
	line    []byte // without its end
	number  int    // of the line
	// offset and nextOffset are those of the line and of the next one.
	offset, nextOffset int64
	// indent is how many bytes of the line come before what the readers see of it: a byte order mark.
	indent int
	// silent has nothing reported; broken then tells that there was something.
	silent, broken bool
	// refusedAt is the number of the latest line that was refused and may have been a sample, 0 if there was none.
	refusedAt int
	// errors are those that have not been given out yet, untold is how many there are besides that were not kept, and
	// firstUntold the first of these.
	errors      []error
	untold      int
	firstUntold *diag.Diagnostic
}

// advance goes on to the next line, which takes size bytes with its end.
func (r *reporter) advance(line []byte, size int) {
	r.line, r.indent = line, 0
	r.number++
	r.offset = r.nextOffset
	r.nextOffset += int64(size)
}

// skip goes on behind some lines of that many bytes, about which nothing is reported.
func (r *reporter) skip(lines, size int) {
	r.number += lines
	r.offset = r.nextOffset
	r.nextOffset += int64(size)
}

// severity is how much a rule weighs. What nothing can be made of is an error always.
func (r *reporter) severity(rule diag.Rule) diag.Severity {
	if rule.Default() == diag.Error {
		return diag.Error
	}
	return r.options.severities[rule]
}

// reports tells whether something is to be reported. Where nothing is, it is to come to light all the same: what nobody is to
// hear of may still have a part in what is made of the lines behind it.
func (r *reporter) reports(rule diag.Rule) bool { return r.silent || r.isHeard(rule) }

// isHeard tells whether anybody is to hear of a finding.
func (r *reporter) isHeard(rule diag.Rule) bool {
	severity := r.severity(rule)
	return severity == diag.Error || severity == diag.Warning && r.options.onDiagnostic != nil
}

// report reports something about the columns from at to end, and whether that is to be refused.
func (r *reporter) report(rule diag.Rule, at, end int, format string, args ...any) (refused bool) {
	if !r.reports(rule) {
		return false
	}
	if r.silent {
		r.broken = true
		return true
	}
	d := r.diagnostic(rule, at)
	d.Message = fmt.Sprintf(format, args...)
	if end > at {
		d.Found = clip(r.text(at, end))
	}
	r.deliver(d)
	return d.Severity == diag.Error
}

// judge reports the findings about a line, and whether one of them refuses it.
func (r *reporter) judge(findings []finding) (refused bool) {
	slices.SortStableFunc(findings, func(a, b finding) int { return cmp.Compare(a.at, b.at) })
	for _, f := range findings {
		if f.rule == diag.Exemplar && f.message == "" {
			if r.judgeExemplar(f.at) {
				return true
			}
			continue
		}
		if r.isHeard(f.rule) && r.report(f.rule, f.at, f.end, "%s", r.message(f)) {
			return true
		}
	}
	return false
}

// message is what is said of a finding.
func (r *reporter) message(f finding) string {
	message := cmp.Or(f.message, messages[f.rule])
	switch {
	case f.rule == diag.TooManyLabels:
		return fmt.Sprintf(message, r.options.limits.Labels)
	case f.rule == diag.TooManyParts:
		return fmt.Sprintf(message, r.options.limits.Parts)
	case strings.Contains(message, "%s"):
		return fmt.Sprintf(message, quote(r.text(f.at, f.end)))
	}
	return message
}

// judgeExemplar reports an exemplar that is not well-formed, and whether that refuses its line; at is the column of the
// first token that does not fit.
func (r *reporter) judgeExemplar(at int) (refused bool) {
	if !r.isHeard(diag.Exemplar) {
		return false
	}
	r.reject(at)
	return r.severity(diag.Exemplar) == diag.Error
}

// reject reports that the line is not well-formed; at is the column of the first token that does not fit.
func (r *reporter) reject(at int) {
	if r.silent {
		r.broken = true
		return
	}
	problem := grammar.Of(r.options.dialect).Explain(r.line[r.indent:], at)
	d := r.diagnostic(problem.Rule, at)
	d.Message, d.Found, d.Expected, d.Hint = problem.Message, problem.Found, problem.Expected, problem.Hint
	r.deliver(d)
}

// text is what stands at some columns of the line.
func (r *reporter) text(at, end int) string { return string(r.line[r.indent+at : r.indent+end]) }

func (r *reporter) diagnostic(rule diag.Rule, at int) *diag.Diagnostic {
	at += r.indent
	return &diag.Diagnostic{
		Pos: diag.Position{
			File:   r.options.file,
			Line:   r.number,
			Column: at + 1,
			Offset: r.offset + int64(at),
		},
		Severity: r.severity(rule),
		Rule:     rule,
		Excerpt:  diag.NewExcerpt(r.line, at+1),
	}
}

// mostErrors is how many errors are kept until they are given out. In formats of which a family is read in one go, an
// input of nothing but errors would else take many times its size.
const mostErrors = 1000

func (r *reporter) deliver(d *diag.Diagnostic) {
	if d.Severity != diag.Error {
		r.options.onDiagnostic(d)
		return
	}
	if !bytes.HasPrefix(r.line, hash) {
		r.refusedAt = r.number
	}
	switch {
	case len(r.errors) < mostErrors:
		r.errors = append(r.errors, d)
	case r.untold == 0:
		r.firstUntold = d
		fallthrough
	default:
		r.untold++
	}
}

// nextError takes the next error to be given out; nil if there is none.
func (r *reporter) nextError() error {
	if len(r.errors) > 0 {
		err := r.errors[0]
		r.errors[0] = nil
		if len(r.errors) > 1 {
			r.errors = r.errors[1:]
		} else {
			r.errors = r.errors[:0] // with room for the next one
		}
		return err
	}
	if r.untold == 0 {
		return nil
	}
	d := r.firstUntold
	d.Rule, d.Found, d.Expected, d.Hint = diag.TooManyErrors, "", "", ""
	d.Message = fmt.Sprintf("%d more errors, the first of which is here (limit %d)", r.untold, mostErrors)
	r.untold, r.firstUntold = 0, nil
	return d
}

// clipAt is how much of a text is shown in a message.
const clipAt = 60

// quote puts text into quotes for a message, unless it stands in quotes already, and leaves out most of it if it is long.
func quote(text string) string {
	if _, err := strconv.Unquote(text); err == nil && len(text) <= clipAt && text[0] == '"' {
		return text
	}
	return strconv.Quote(clip(text))
}

func clip(text string) string {
	if len(text) <= clipAt {
		return text
	}
	return strings.ToValidUTF8(text[:clipAt], "") + "…"
}
