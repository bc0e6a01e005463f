package convert

import (
	"iter"
	"math"
	"math/bits"
	"slices"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// compositeField is a field of composite values. The constants are in the order in which the fields stand.
type compositeField uint8

const (
	countField compositeField = iota
	gcountField
	sumField
	gsumField
	schemaField
	zeroThresholdField
	zeroCountField
	negativeSpansField
	negativeBucketsField
	positiveSpansField
	positiveBucketsField
	bucketField
	quantileField

	compositeFields
)

// fieldNames are the names of the fields.
var fieldNames = [compositeFields]string{
	"count", "gcount", "sum", "gsum", "schema", "zero_threshold", "zero_count",
	"negative_spans", "negative_buckets", "positive_spans", "positive_buckets", "bucket", "quantile",
}

// fieldSet is a set of fields, each the bit of its number.
type fieldSet uint16

func fieldsOf(fields ...compositeField) (set fieldSet) {
	for _, f := range fields {
		set |= 1 << f
	}
	return set
}

var (
	totalFields      = fieldsOf(countField, sumField)
	gaugeTotalFields = fieldsOf(gcountField, gsumField)
	nativeFields     = fieldsOf(schemaField, zeroThresholdField, zeroCountField)
	bucketFields     = nativeFields | fieldsOf(negativeSpansField, negativeBucketsField, positiveSpansField,
		positiveBucketsField, bucketField)

	// fieldsByType are the fields that values of families of a type may have.
	fieldsByType = [...]fieldSet{
		model.Histogram:      totalFields | bucketFields,
		model.GaugeHistogram: gaugeTotalFields | bucketFields,
		model.Summary:        totalFields | fieldsOf(quantileField),
		model.StateSet:       0, // the last of the types
	}
	// sides are those of the two sides of a native histogram.
	sides = [...]struct{ spans, buckets compositeField }{
		{negativeSpansField, negativeBucketsField}, {positiveSpansField, positiveBucketsField},
	}
)

// compositeValue is a composite value, which stands at those columns with its braces.
type compositeValue struct {
	span
	fields [compositeFields]fieldValue
	// set are the fields that are there.
	set fieldSet
	// latest is the one of them that should stand behind all others, and unordered tells that another does.
	latest    compositeField
	unordered bool
	// float tells that one of the counts of native buckets, or of all of them, is not a whole number of at least 0 that is
	// written without a point and an exponent.
	float bool
	// repeated tells that a field occurs twice. Then the line will be refused, and nothing more is to be found.
	repeated bool
}

// fieldValue is what a field holds. Its name stands at those columns; a field that is not there has the zero span.
type fieldValue struct {
	span
	// number is that of a field that holds one.
	number number
	// entries are those of a field that holds a list. The key is the bound of a bucket, the quantile, or the offset of a
	// span, and nothing in a list of plain numbers.
	entries []fieldEntry
	// full tells that there were more entries than may be.
	full bool
}

type fieldEntry struct{ key, value number }

// number is a number within a composite value, and where it stands.
type number struct {
	span
	value float64
}

// has reports whether there is such a field.
func (c *compositeValue) has(f compositeField) bool { return c.set&(1<<f) != 0 }

// kind is the type of family whose values have fields like these.
func (c *compositeValue) kind() model.Type {
	switch {
	case c.set&gaugeTotalFields != 0:
		return model.GaugeHistogram
	case c.has(quantileField):
		return model.Summary
	}
	return model.Histogram
}

// counts yields the counts of a histogram in the order of their fields, and the field of each.
func (c *compositeValue) counts() iter.Seq2[compositeField, number] {
	return func(yield func(compositeField, number) bool) {
		for f := range compositeFields {
			switch f {
			case countField, gcountField, zeroCountField:
				if c.has(f) && !yield(f, c.fields[f].number) {
					return
				}
			case negativeBucketsField, positiveBucketsField, bucketField:
				for _, entry := range c.fields[f].entries {
					if !yield(f, entry.value) {
						return
					}
				}
			}
		}
	}
}

// misplaced is the first field on the line that values of families of a type do not have.
func (c *compositeValue) misplaced(kind model.Type) (f compositeField, found bool) {
	for wrong := c.set &^ fieldsByType[kind]; wrong != 0; wrong &= wrong - 1 {
		i := compositeField(bits.TrailingZeros16(uint16(wrong)))
		if !found || c.fields[i].at < c.fields[f].at {
			f, found = i, true
		}
	}
	return f, found
}

// missing is the first field, in their order, that is missing, taken that the value is one of a family of that type.
func (c *compositeValue) missing(kind model.Type) (f compositeField, found bool) {
	wanted := fieldsByType[kind] &^ bucketFields
	native := c.set & bucketFields &^ fieldsOf(bucketField)
	switch {
	case native != 0:
		wanted |= nativeFields
	case kind != model.Summary:
		wanted |= fieldsOf(bucketField)
	}
	for _, side := range sides {
		if both := fieldsOf(side.spans, side.buckets); native&both != 0 {
			wanted |= both
		}
	}
	missing := wanted &^ c.set
	return compositeField(bits.TrailingZeros16(uint16(missing))), missing != 0
}

// beginComposite takes the brace of a composite value.
func (e *entry) beginComposite(brace int) {
	x := e.extra()
	c := &x.value
	for i := range c.fields {
		c.fields[i] = fieldValue{entries: c.fields[i].entries[:0]}
	}
	c.at, c.set, c.latest, c.unordered, c.float, c.repeated = brace, 0, 0, false, false, false
	x.composite = c
	e.value = 0
}

// addField takes the name of a field, which exists.
func (e *entry) addField(line []byte, at, end int) *fieldValue {
	c := e.more.composite
	field := compositeField(slices.Index(fieldNames[:], string(line[at:end])))
	f := &c.fields[field]
	if c.has(field) {
		if !c.repeated {
			e.find(diag.DuplicateField, at, end)
		}
		c.repeated = true
		return f
	}
	f.span = span{at, end}
	c.set |= 1 << field
	// What a gauge histogram calls otherwise stands in the same place.
	place := field
	if field <= gsumField {
		place = field &^ 1
	}
	if place < c.latest && !c.unordered && !c.repeated {
		c.unordered = true
		e.find(diag.FieldOrder, at, end)
	}
	c.latest = max(c.latest, place)
	return f
}

// addEntry takes an entry of a list. There is no key if that is the zero span.
func (e *entry) addEntry(line []byte, f *fieldValue, key, value span) {
	at := value.at
	if key.end > 0 {
		at = key.at
	}
	if exceeds(len(f.entries)+1, e.parts) {
		if !f.full && !e.more.composite.repeated {
			e.find(diag.TooManyParts, at, value.end)
		}
		f.full = true
		return
	}
	var entry fieldEntry
	if key.end > 0 {
		entry.key = e.number(line, key)
	}
	entry.value = e.number(line, value)
	f.entries = append(f.entries, entry)
}

// number reads a number of a composite value.
func (e *entry) number(line []byte, at span) number {
	value, ok := lexer.ParseFloat(at.of(line))
	if !ok && !e.more.composite.repeated {
		e.find(diag.Number, at.at, at.end)
	}
	return number{at, value}
}

// endComposite takes the end of a composite value, and looks at what can be said of it without knowing the type of its
// family: all but the bounds and counts themselves.
func (e *entry) endComposite(line []byte, end int) {
	c := e.more.composite
	c.end = end
	e.valueAt = c.span
	if c.repeated {
		return
	}
	kind := c.kind()
	if _, mixed := c.misplaced(kind); !mixed {
		if f, found := c.missing(kind); found {
			lacks := fieldNames[f]
			if c.set&^fieldsOf(countField, sumField) == 0 { // it may be of a summary as well
				lacks += " or " + fieldNames[quantileField]
			}
			e.findSaid(diag.MissingField, c.at, c.at+1, "the composite value lacks "+lacks)
		}
	}
	if schema := c.fields[schemaField].number; c.has(schemaField) {
		if n, ok := lexer.ParseInt(schema.of(line)); !ok || n < -4 || n > 8 {
			e.find(diag.NativeSchema, schema.at, schema.end)
		}
		for f, n := range c.counts() {
			whole := f == bucketField || lexer.NumberKind(n.of(line)) == lexer.Integer && isCount(n.value)
			c.float = c.float || !whole
		}
	}
	if zero := c.fields[zeroThresholdField].number; !(zero.value >= 0) || math.IsInf(zero.value, 0) {
		e.find(diag.ZeroThreshold, zero.at, zero.end)
	}
	for _, side := range sides {
		e.checkSpans(line, &c.fields[side.spans], &c.fields[side.buckets])
	}
	for _, bucket := range c.fields[bucketField].entries {
		if !math.IsInf(bucket.key.value, 0) {
			continue
		}
		if text := string(bucket.key.of(line)); text != "+Inf" && text != "-Inf" {
			e.find(diag.InfinityText, bucket.key.at, bucket.key.end)
		}
	}
}

// checkSpans looks at the spans of one side of a native histogram, and whether they have room for its buckets.
func (e *entry) checkSpans(line []byte, spans, buckets *fieldValue) {
	room, findings := uint64(0), len(e.findings)
	for i, s := range spans.entries {
		offset, ok := lexer.ParseInt(s.key.of(line))
		if !ok || offset != int64(int32(offset)) || i > 0 && offset < 0 {
			e.find(diag.SpanOffset, s.key.at, s.key.end)
		}
		length, ok := lexer.ParseInt(s.value.of(line))
		if !ok || length < 1 || length != int64(uint32(length)) {
			e.find(diag.SpanLength, s.value.at, s.value.end)
		}
		room += uint64(length)
	}
	if spans.end > 0 && buckets.end > 0 && len(e.findings) == findings && room != uint64(len(buckets.entries)) {
		e.find(diag.SpanTotal, buckets.at, buckets.end)
	}
}
