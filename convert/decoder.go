package convert

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"unicode/utf8"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// Decoder reads families from an exposition in one of the Prometheus text formats, 0.0.4 or 1.0.0, or with the options
// [OpenMetrics] and [OpenMetrics2] in one of those formats.
type Decoder struct {
	options   options
	reporter  reporter
	source    source
	workers   *workers   // nil if there are none
	assembler *assembler // nil as long as there is no input
	read      func(line []byte, e *entry) (failedAt int)

	// block is what is left of the current block of lines, and valid tells whether it is UTF-8, once that has been judged.
	block         []byte
	valid, judged bool
	// given tells that families have been given out whose memory has not been taken back since.
	given bool
	// waiting tells that the entry belongs to the family after the one given out last.
	waiting bool
	// behindEnd tells that text behind the EOF line of OpenMetrics has been reported.
	behindEnd bool
	// oddEnd is the end of the line that was read last, if that is no line feed and nothing has been said about it yet.
	oddEnd []byte
	// unfinished tells that the line that was read last does not end in a line feed.
	unfinished bool
	// pages is what is remembered from input to input.
	pages memoryOfPages
	// err is what ended the input.
	err error
}

// NewDecoder returns a Decoder that reads from r. It reads ahead.
func NewDecoder(r io.Reader, opts ...Option) *Decoder {
	d := newDecoder(opts)
	d.Reset(r)
	return d
}

// NewBytesDecoder returns a Decoder over a whole exposition. It only reads data, and families do not refer to it. Data must
// not be changed until the iteration has come to its end, or Reset or ResetBytes has returned: where the iteration is given
// up before, [Workers] may still be reading.
func NewBytesDecoder(data []byte, opts ...Option) *Decoder {
	d := newDecoder(opts)
	d.ResetBytes(data)
	return d
}

// NewStringDecoder is NewBytesDecoder for a string. Names and help texts of families may be substrings of text.
func NewStringDecoder(text string, opts ...Option) *Decoder {
	d := newDecoder(opts)
	d.reset(source{buffer: viewBytes(text), immutable: true})
	return d
}

func newDecoder(opts []Option) *Decoder { return newDecoderWith(newOptions(opts)) }

func newDecoderWith(o options) *Decoder {
	if o.unpredicted {
		o.remembered = 0
	}
	d := &Decoder{options: o}
	dialect := &dialects[d.options.dialect]
	d.read = dialect.read
	if d.options.grammar {
		d.read = dialect.readTree
	}
	d.workers = newWorkers(&d.options)
	return d
}

// Reset makes d begin anew with another input and the same options. It keeps its memory, so that with [Reuse] one
// Decoder reads one page after the other without allocating. It waits for [Workers] that are reading the input before.
func (d *Decoder) Reset(r io.Reader) {
	buffer := d.source.buffer
	if d.source.reader == nil {
		buffer = nil
	}
	d.reset(source{reader: r, buffer: buffer})
}

// ResetBytes is Reset for a whole exposition, as NewBytesDecoder takes it. Data must not be changed for as long as there.
func (d *Decoder) ResetBytes(data []byte) {
	d.reset(source{buffer: data})
}

func (d *Decoder) reset(s source) {
	d.reporter = reporter{options: &d.options}
	d.behindEnd, d.unfinished, d.oddEnd = false, false, nil
	// Of a reader it is not known how much there is.
	input := blockBytes / 4
	if s.reader == nil {
		input = min(len(s.buffer), blockBytes)
	}
	if d.assembler == nil {
		d.assembler = takeAssembler(&d.options)
		d.takeExperience()
	}
	if s.reader != nil && s.buffer == nil {
		s.buffer, d.assembler.buffer = d.assembler.buffer, nil
	}
	s.limit, s.block = d.options.limits.LineBytes, d.options.blockBytes
	d.source = s
	d.assembler.reset(&d.reporter, input, s.immutable)
	d.workers.reset()
	d.block, d.given, d.waiting, d.err = nil, false, false, nil
	d.pages.begin(d.options.remembered)
	d.assembler.entry.carriage = false
}

// Families yields what is left of the input: the families in order, each with a nil error, and between them the errors.
// After a *[diag.Diagnostic] the iteration goes on behind the text that it is about; any other error is of the reader and
// ends it.
func (d *Decoder) Families() iter.Seq2[*model.MetricFamily, error] {
	return families(d.Next, func() error { return d.err })
}

// Next is the next family, or the next error: a *[diag.Diagnostic] after which Next may be called again, or else an
// error that ends the input, io.EOF if it is merely at its end.
func (d *Decoder) Next() (*model.MetricFamily, error) {
	if a := d.assembler; a != nil && !a.ahead.isEmpty() {
		return a.ahead.pop(), nil
	}
	if d.given && !d.assembler.inProgress {
		d.given = false
		if d.options.reuse {
			d.assembler.resetMemory()
		}
		d.workers.recycle()
	}
	if d.waiting {
		d.waiting = false
		d.assembler.add(&d.assembler.entry)
	}
	for {
		if err := d.reporter.nextError(); err != nil {
			return nil, err
		}
		if d.oddEnd != nil {
			d.reportLineEnd()
			continue
		}
		if len(d.block) > 0 {
			ahead := &d.assembler.ahead
			if d.mayMatchPage() && (!d.replay() || !ahead.isEmpty()) {
				if !ahead.isEmpty() {
					return d.give(ahead.pop()), nil
				}
				continue
			}
			if len(d.block) == 0 {
				continue // all of it was as the page has it, and the family goes on
			}
			if d.nextLine() {
				ahead.push(d.assembler.finish())
				d.missPage()
			}
			if !ahead.isEmpty() {
				return d.give(ahead.pop()), nil
			}
			continue
		}
		if d.workers.haveSections() {
			if family := d.adopt(); family != nil {
				return d.give(family), nil
			}
			continue
		}
		if d.err == nil {
			d.nextBlock()
			continue
		}
		if d.assembler != nil {
			if family := d.assembler.finish(); family != nil {
				return d.give(family), nil
			}
			if d.missesEnd() {
				continue
			}
			d.endOfPage()
			if d.options.sharesMemory() {
				if s := &d.source; s.reader != nil && len(s.buffer) <= 2*blockBytes {
					d.assembler.buffer, s.buffer = s.buffer, nil
				}
				d.leaveExperience()
				d.assembler.release()
				d.assembler = nil
				d.workers.release()
			}
		}
		return nil, d.err
	}
}

// give notes that the caller holds a family.
func (d *Decoder) give(family *model.MetricFamily) *model.MetricFamily {
	d.given = true
	return family
}

// nextBlock fetches more lines, or notes why there are none.
func (d *Decoder) nextBlock() {
	d.assembler.prediction.keep()
	if d.pages.page != nil && d.source.isLongerThan(d.options.remembered) {
		d.outgrowPage()
	}
	if d.isLarge() {
		d.nextPiece()
		return
	}
	var offset int64
	d.block, offset, d.err = d.source.next()
	d.source.want = 0
	d.judged = false
	d.reporter.nextOffset = offset
	if d.pages.learning && d.source.reader != nil {
		d.pages.gather(d.block, offset, d.options.remembered)
	}
}

// queue holds families that have been finished one after the other, with nothing to be said between them.
type queue struct {
	families   [32]*model.MetricFamily
	begin, end int
}

func (q *queue) isEmpty() bool { return q.begin == q.end }

// room is for how many more there is room.
func (q *queue) room() int { return len(q.families) - q.end }

// hasRoom reports whether there is room for two more.
func (q *queue) hasRoom() bool { return q.room() > 1 }

func (q *queue) push(family *model.MetricFamily) {
	q.families[q.end] = family
	q.end++
}

// pop takes the first one out.
func (q *queue) pop() *model.MetricFamily {
	family := q.families[q.begin]
	q.families[q.begin] = nil
	if q.begin++; q.begin == q.end {
		q.begin, q.end = 0, 0
	}
	return family
}

var (
	byteOrderMark = []byte("\xef\xbb\xbf")
	lineFeed      = []byte{'\n'}
)

// nextLine reads the next line of the block, or several, and has them added to the family in progress, up to a line
// before which that one must be finished. It reports whether there is one.
func (d *Decoder) nextLine() (complete bool) {
	if !d.judged {
		d.valid, d.judged = utf8.Valid(d.block), true
	}
	if d.valid && !d.options.unpredicted && !d.assembler.om.isOver() {
		if read, complete := d.predictLines(); read {
			return complete
		}
	}
	content, next := lexer.LineEnd(d.block, 0)
	line, lineEnd := d.block[:content], d.block[content:next]
	size := len(bytes.TrimSuffix(d.block[:next], lineFeed))
	r := &d.reporter
	r.advance(line, next)
	if d.assembler.om.isOver() && d.refusesRest() {
		d.block = d.block[next:]
		return false
	}
	if limit := d.options.limits.LineBytes; exceeds(size, limit) {
		r.line = d.block[:limit] // how much more there is depends on the reader
		d.block = d.block[next:]
		r.report(diag.LineTooLong, limit, limit, "the line is longer than %d bytes (limit LineBytes)", limit)
		return false
	}
	d.block = d.block[next:]
	if r.offset == 0 && bytes.HasPrefix(line, byteOrderMark) {
		r.report(diag.ByteOrderMark, 0, 0, "the input begins with a byte order mark")
		r.indent = len(byteOrderMark)
		line = line[r.indent:]
	}
	if !bytes.Equal(lineEnd, lineFeed) {
		d.oddEnd = lineEnd
	}

	e := &d.assembler.entry
	if failedAt := d.read(line, e); failedAt != accepted {
		r.reject(failedAt)
		return false
	}
	if !d.valid {
		e.checkUTF8(line)
	}
	if len(e.findings) > 0 && r.judge(e.findings) {
		d.assembler.refuse(e)
		return false
	}
	d.waiting = d.assembler.accepts(e) && !d.assembler.add(e)
	return d.waiting
}

// reportLineEnd reports a line that ends in something else than a line feed, once all else that there is to be said about
// it has been said.
func (d *Decoder) reportLineEnd() {
	r := &d.reporter
	at := len(r.line) - r.indent
	if e := &d.assembler.entry; !e.carriage && bytes.HasPrefix(d.oddEnd, []byte{'\r'}) {
		e.carriage = true
		if r.isHeard(diag.CarriageReturn) { // which is nothing to a worker
			r.report(diag.CarriageReturn, at, at, "the line ends in CR LF")
		}
	}
	d.unfinished = !bytes.HasSuffix(d.oddEnd, lineFeed)
	if d.unfinished && d.options.dialect == lexer.PrometheusText && r.isHeard(diag.NoFinalNewline) {
		r.report(diag.NoFinalNewline, at, at, "the last line does not end in a line feed")
	}
	d.oddEnd = nil
}

// Collect gathers families and puts the parts of those that came in several together: they become one, in the place of
// the first part. The error joins all errors; the families are what is good besides them. A pair of neither is passed over.
//
// What it is given it does not change: a family of several parts is a new one, which may share memory with them, and one
// that came as a whole is given back as it is. Families that are read with [Reuse] are gone with the next and cannot be
// collected.
func Collect(families iter.Seq2[*model.MetricFamily, error]) ([]*model.MetricFamily, error) {
	var list []*model.MetricFamily
	var errs []error
	byName := make(map[string]whole)
	for family, err := range families {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if family == nil {
			continue
		}
		if first, known := byName[family.Name]; known && family.Continued {
			first.merge(family)
			byName[family.Name] = first
			list[first.at] = first.MetricFamily
			continue
		}
		byName[family.Name] = whole{MetricFamily: family, at: len(list)}
		list = append(list, family)
	}
	return list, errors.Join(errs...)
}
