package convert

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// characters reads a string, which is valid until the next token is read.
func (d *JSONDecoder) characters() ([]byte, error) {
	kind, err := d.tokens.take()
	switch {
	case err != nil:
		return nil, err
	case kind != jsonString:
		return nil, d.fault(diag.JSONSyntax, "expected a string, found %s", d.found())
	}
	text, ok := d.tokens.characters()
	if !ok {
		return nil, d.fault(diag.InvalidUTF8, "the string is not valid UTF-8")
	}
	return text, nil
}

// string reads a string.
func (d *JSONDecoder) string() (string, error) {
	text, err := d.characters()
	return string(text), err
}

func (d *JSONDecoder) bool() (bool, error) {
	kind, err := d.tokens.take()
	if err == nil && kind != jsonTrue && kind != jsonFalse {
		err = d.fault(diag.JSONSyntax, "expected true or false, found %s", d.found())
	}
	return kind == jsonTrue, err
}

// digits reads a number as the text that it is given in, as a number or a string. It is valid until the next token is read.
func (d *JSONDecoder) digits() ([]byte, error) {
	if d.tokens.peek() == jsonString {
		return d.characters()
	}
	kind, err := d.tokens.take()
	if err == nil && kind != jsonNumber {
		err = d.fault(diag.JSONSyntax, "expected a number, found %s", d.found())
	}
	return d.tokens.text(), err
}

func (d *JSONDecoder) float() (float64, error) {
	text, err := d.digits()
	if err != nil {
		return 0, err
	}
	return d.parseFloat(text)
}

// parseFloat is the number that a text of the token read last says.
func (d *JSONDecoder) parseFloat(text []byte) (float64, error) {
	value, ok := lexer.ParseFloat(text)
	if !ok {
		return 0, d.fault(diag.Number, "%s is not a number, or out of range", quote(string(text)))
	}
	return value, nil
}

// whole reads a whole number from least to most.
func (d *JSONDecoder) whole(least, most int64) (int64, error) {
	text, err := d.digits()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || n < least || n > most {
		return 0, d.fault(diag.Number, "%s is not a whole number from %d to %d", quote(string(text)), least, most)
	}
	return n, nil
}

// floats reads an array of numbers.
func (d *JSONDecoder) floats() (list []float64, err error) {
	err = d.array(func() error {
		value, err := d.float()
		if err == nil {
			err = d.countSample()
		}
		list = append(list, value)
		return err
	})
	return list, err
}

// timestamp reads a time in milliseconds.
func (d *JSONDecoder) timestamp() (model.Timestamp, error) {
	text, err := d.digits()
	if err != nil {
		return model.Timestamp{}, err
	}
	t, ok := parseMillis(string(text))
	if !ok {
		return model.Timestamp{}, d.fault(diag.Timestamp,
			"%s is not a number of milliseconds with up to six digits of a fraction, or out of range", quote(string(text)))
	}
	return t, nil
}

// parseMillis reads milliseconds as a decimal number that is exact to the nanosecond.
func parseMillis(text string) (t model.Timestamp, ok bool) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, hasFraction := strings.Cut(digits, ".")
	fraction = strings.TrimRight(fraction, "0")
	if whole == "" || hasFraction && strings.HasSuffix(digits, ".") || len(fraction) > 6 ||
		strings.Trim(whole+fraction, "0123456789") != "" {
		return t, false
	}
	whole = "000" + whole // so that there are seconds and milliseconds
	seconds, err := strconv.ParseUint(whole[:len(whole)-3], 10, 64)
	if err != nil {
		return t, false
	}
	nanos, err := strconv.ParseUint(whole[len(whole)-3:]+(fraction + "000000")[:6], 10, 64)
	t = model.Timestamp{Seconds: int64(seconds), Nanos: int32(nanos), Set: true}
	switch {
	case err != nil:
		return model.Timestamp{}, false
	case !negative:
		return t, seconds < 1<<63
	case nanos == 0:
		t.Seconds = -t.Seconds // which may be the least there is, 1<<63 below 0
		return t, seconds <= 1<<63
	}
	t.Seconds, t.Nanos = -t.Seconds-1, 1e9-t.Nanos
	return t, seconds < 1<<63
}

// labels reads an object from names to values.
func (d *JSONDecoder) labels() (model.Labels, error) {
	encoding := d.encoding[:0]
	names := d.names
	clear(names)
	err := d.object(func(name string) error {
		limit := d.options.limits.Labels
		switch {
		case name == "":
			return d.fault(diag.EmptyName, "the name of a label is empty")
		case name == "__name__":
			return d.fault(diag.NameLabel, "label __name__ beside a metric name")
		case names[name]:
			return d.fault(diag.DuplicateLabel, "label %s occurs twice", quote(name))
		case exceeds(len(names)+1, limit):
			return d.fault(diag.TooManyLabels, "the series has more than %d labels (limit Labels)", limit)
		}
		names[name] = true
		value, err := d.characters()
		encoding = model.AppendLabel(encoding, name, view(value))
		return err
	})
	d.encoding = encoding
	return model.LabelsFromEncoding(string(encoding)), err
}

// countSample counts a sample, or what takes as much memory as one, and refuses one that is too many for the family.
func (d *JSONDecoder) countSample() error {
	d.samples++
	if limit := d.options.limits.Samples; exceeds(d.samples, limit) {
		d.full = true
		return d.fault(diag.TooManySamples, "the family has more than %d samples (limit Samples); the rest is refused", limit)
	}
	return nil
}

// jsonRow is a member of the buckets or quantiles.
type jsonRow struct {
	text          string
	number, value float64
}

// readRows reads an object from numbers to numbers. What it gives is valid until it is called again.
//
// Programs that sort the members of objects leave them in the order of their texts, "10" before "2". In no other order but
// this one are rows put in the order of their numbers.
func (d *JSONDecoder) readRows() ([]jsonRow, error) {
	rows := d.rows[:0]
	var taken map[string]bool // nil as long as the numbers rise
	err := d.object(func(text string) error {
		number, err := d.parseFloat(viewBytes(text))
		if err != nil {
			return err
		}
		if n := len(rows); n > 0 && taken == nil && !(rows[n-1].number < number) {
			taken = make(map[string]bool, n+1)
			for _, row := range rows {
				taken[row.text] = true
			}
		}
		if taken[text] {
			d.report(diag.JSONDuplicate, d.here(), "member %s occurs twice; the first is kept", quote(text))
			return d.tokens.skip()
		}
		if taken != nil {
			taken[text] = true
		}
		value, err := d.float()
		rows = append(rows, jsonRow{text, number, value})
		if err == nil {
			err = d.countSample()
		}
		return err
	})
	d.rows = rows
	byText := func(a, b jsonRow) int { return strings.Compare(a.text, b.text) }
	if taken != nil && slices.IsSortedFunc(rows, byText) {
		slices.SortStableFunc(rows, func(a, b jsonRow) int { return cmp.Compare(a.number, b.number) })
	}
	return rows, err
}

// texts are those of rows, nil if all numbers are in the shortest form.
func (d *JSONDecoder) texts(rows []jsonRow) []string {
	for _, row := range rows {
		d.number = strconv.AppendFloat(d.number[:0], row.number, 'g', -1, 64)
		if string(d.number) == row.text {
			continue
		}
		texts := make([]string, len(rows))
		for i := range rows {
			texts[i] = rows[i].text
		}
		return texts
	}
	return nil
}
