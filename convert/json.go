package convert

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// JSONDecoder reads families from JSON in the schema of prom2json, with what package writer adds to it: an array of
// objects, each of which is a family, or such objects one after the other, or several arrays. It follows the
// conventions of [Decoder].
//
// What package writer wrote as JSON comes back as it was, but for one order. Programs that sort the members of objects, as
// prom2json does, leave buckets and quantiles in the order of their texts; these are put in the order of their numbers. So
// are bounds that fell when they were written while their texts rose, which look the same. Numbers may be given as strings
// or as numbers, and null is as good as no member. What prom2json makes of a native histogram, a list of buckets with both
// bounds, is read as one again. Histograms and summaries are judged by the rules that hold for protobuf, so that one whose
// native buckets contradict themselves does not come back; native buckets may have bounds of their own here (schema -53).
// A metric that there is an error about is left out, and all others are kept; of JSON that is malformed or broken off, so
// is what comes before. Every member that is left out is reported.
//
// At most one family is in memory; a string or number may be as long as [Limits].LineBytes lets a line be. Memory is not
// reused: [Reuse] changes nothing.
type JSONDecoder struct {
	options  options
	reporter reporter
	tokens   *jsonTokens
	known    knownFamilies
	index    seriesIndex
	// family is one that is to be given out.
	family *model.MetricFamily
	// err is what ended the input.
	err error

	// samples is how many the family in progress has, and full tells that it may have no more of them.
	samples int
	full    bool
	// begun tells that something has been read.
	begun bool

	// Scratch.
	rows     []jsonRow
	number   []byte
	encoding []byte
	names    map[string]bool
}

// NewJSONDecoder returns a JSONDecoder that reads from r. It reads ahead.
func NewJSONDecoder(r io.Reader, opts ...Option) *JSONDecoder {
	d := &JSONDecoder{options: newOptions(opts), index: newSeriesIndex(), names: make(map[string]bool)}
	d.reporter = reporter{options: &d.options}
	d.tokens = newJSONTokens(r, d.options.limits.LineBytes)
	d.known.reset(d.options.limits.Families, blockBytes/4, false)
	return d
}

// Families yields what is left of the input: the families in order, each with a nil error, and between them the errors.
// After a *[diag.Diagnostic] the iteration goes on; any other error is of the reader and ends it.
func (d *JSONDecoder) Families() iter.Seq2[*model.MetricFamily, error] {
	return families(d.Next, func() error { return d.err })
}

// Next is the next family, or the next error: a *[diag.Diagnostic] after which Next may be called again, or else an
// error that ends the input, io.EOF if it is merely at its end.
func (d *JSONDecoder) Next() (*model.MetricFamily, error) {
	for {
		if err := d.reporter.nextError(); err != nil {
			return nil, err
		}
		if f := d.family; f != nil {
			d.family = nil
			return f, nil
		}
		if d.err != nil {
			return nil, d.err
		}
		if err := d.nextElement(); err != nil {
			d.end(err)
		}
	}
}

// nextElement reads what comes next on the way to a family, or a whole one. The error is the one that ended the input.
func (d *JSONDecoder) nextElement() error {
	if !d.begun {
		d.begun = true
		if d.tokens.skipByteOrderMark() {
			d.report(diag.ByteOrderMark, diag.Position{Line: 1, Column: 1}, "the input begins with a byte order mark")
		}
	}
	switch kind := d.tokens.peek(); {
	case kind == jsonNone:
		return d.tokens.err
	case kind == jsonObject:
		return d.readFamily()
	case kind == jsonArrayEnd, kind == jsonArray && d.tokens.depth == 0:
		_, err := d.tokens.take()
		return err
	}
	d.report(diag.JSONSyntax, d.here(), "expected a family, which is an object, found %s", d.found())
	return d.tokens.skip()
}

// end notes why there is nothing more, and reports it if that is the fault of the input.
func (d *JSONDecoder) end(err error) {
	d.err = io.EOF
	_, malformed := errors.AsType[*jsonError](err)
	switch {
	case malformed, err == errBrokenOff:
		d.report(diag.JSONSyntax, d.here(), "%s", err)
	case err == errTokenTooLong:
		d.report(diag.LineTooLong, d.here(), "a string or number is longer than %d bytes (limit LineBytes)", d.options.limits.LineBytes)
	default:
		d.err = err
	}
}

// here is the position of the token read last, or, if it is not there, of where the next should be.
func (d *JSONDecoder) here() diag.Position { return d.tokens.position(d.tokens.begin) }

// found says what the token read last is.
func (d *JSONDecoder) found() string {
	text := string(d.tokens.text())
	switch jsonKindOf(text[0]) {
	case jsonObject:
		return "an object"
	case jsonArray:
		return "an array"
	case jsonString:
		return "the string " + quote(text)
	}
	return clip(text)
}

// report reports something about the input, and whether it is an error.
func (d *JSONDecoder) report(rule diag.Rule, at diag.Position, format string, args ...any) (isError bool) {
	if !d.reporter.reports(rule) {
		return false
	}
	finding := d.diagnostic(rule, at, format, args...)
	d.reporter.deliver(finding)
	return finding.Severity == diag.Error
}

func (d *JSONDecoder) diagnostic(rule diag.Rule, at diag.Position, format string, args ...any) *diag.Diagnostic {
	at.File = d.options.file
	return &diag.Diagnostic{
		Pos: at, Severity: d.reporter.severity(rule), Rule: rule,
		Message: fmt.Sprintf(format, args...),
		Excerpt: d.tokens.excerpt(at.Offset - int64(d.tokens.mark)),
	}
}

// fault is an error about the token read last, by a rule that is an error always. It refuses the value in question and
// all that cannot be without it.
func (d *JSONDecoder) fault(rule diag.Rule, format string, args ...any) error {
	return d.diagnostic(rule, d.here(), format, args...)
}

// settle reports a fault in a value that began at a depth, and leaves out the rest of it. The error is the one that ended
// the input.
func (d *JSONDecoder) settle(err error, depth int) error {
	finding, ok := errors.AsType[*diag.Diagnostic](err)
	if !ok {
		return err
	}
	d.reporter.deliver(finding)
	return d.tokens.leave(depth)
}

// jsonMember is a member of an object, and what reads its value into a T. The object can do without an optional one
// that is faulty.
type jsonMember[T any] struct {
	key      string
	optional bool
	read     func(*JSONDecoder, *T) error
}

// readJSONObject reads the members of an object into a value. The bits of seen are those of the members that were there,
// by their places in the list.
func readJSONObject[T any](d *JSONDecoder, members []jsonMember[T], into *T) (seen uint32, err error) {
	err = d.object(func(key string) error {
		at := d.tokens.begin
		if kind := d.tokens.peek(); kind == jsonNull || kind == jsonNone {
			return d.tokens.skip()
		}
		i := slices.IndexFunc(members, func(m jsonMember[T]) bool { return m.key == key })
		switch {
		case i < 0:
			d.report(diag.JSONMember, d.tokens.position(at), "member %s is not known; it is left out", quote(key))
			return d.tokens.skip()
		case seen&(1<<i) != 0:
			d.report(diag.JSONDuplicate, d.tokens.position(at), "member %s occurs twice; the first is kept", quote(key))
			return d.tokens.skip()
		}
		depth := d.tokens.depth
		err := members[i].read(d, into)
		switch {
		case err == nil:
			seen |= 1 << i
		case members[i].optional && !d.full:
			err = d.settle(err, depth)
		}
		return err
	})
	return seen, err
}

// hasMember reports whether seen has the bit of a member.
func hasMember[T any](members []jsonMember[T], seen uint32, key string) bool {
	i := slices.IndexFunc(members, func(m jsonMember[T]) bool { return m.key == key })
	return seen&(1<<i) != 0
}

// object reads an object whose values are read by value.
func (d *JSONDecoder) object(value func(key string) error) error {
	if err := d.open(jsonObject, "an object"); err != nil {
		return err
	}
	for d.tokens.more() {
		key, err := d.characters()
		if err == nil {
			err = value(d.tokens.key(key))
		}
		if err != nil {
			return err
		}
	}
	_, err := d.tokens.take()
	return err
}

// array reads an array whose elements are read by element.
func (d *JSONDecoder) array(element func() error) error {
	if err := d.open(jsonArray, "an array"); err != nil {
		return err
	}
	for d.tokens.more() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := d.tokens.take()
	return err
}

// open reads the bracket that something begins with.
func (d *JSONDecoder) open(bracket jsonKind, what string) error {
	kind, err := d.tokens.take()
	if err == nil && kind != bracket {
		err = d.fault(diag.JSONSyntax, "expected %s, found %s", what, d.found())
	}
	return err
}
