package convert

import (
	"bytes"
	"runtime"
	"slices"
	"sync"

	"github.com/promfmt/promfmt/lexer"
	"github.com/promfmt/promfmt/model"
)

// A large input is cut into pieces at line ends, where a family begins if that is near, and workers read the pieces at the
// same time, each as if the input began with its piece. That can't tell what came before: whether a family is known
// already, or which one the first lines belong to. So a worker reports nothing. It cuts its piece into sections, a family
// each, and stops where there is anything to be said. The decoder then takes the sections over one after the other where
// what came before makes no difference to them, which is nearly always so, and reads the lines of all others again itself.
// What comes out is the same as without workers.

const (
	// pieceBytes is about how much text is in a piece of what is read, and half as much as in one of bytes: enough that a
	// piece costs little, and little enough that it and its families stay in a processor's cache.
	pieceBytes = 512 << 10
	// largeInput is from how much text on workers are put on.
	largeInput = 1 << 20
)

// section is the lines of a family in a piece, with the comments between them.
type section struct {
	// family is nil if the lines are to be read again. Its Line counts from the beginning of the piece.
	family      *model.MetricFamily
	size, lines int
	samples     int
	// current is the metric that the latest sample of a histogram or summary belongs to, negative if there is none. It need
	// not be the last one.
	current int
	// bySample tells that the first line of the family is a sample.
	bySample bool
	// series are the hashes of the metrics. Only the first section of a piece has them, since others are whole families,
	// and the last one, whose are in the index of the worker, and no section that mostly is a whole family too. If they are
	// unchecked, one may occur twice.
	series    seriesHashes
	unchecked bool
}

// piece is a part of the input at work.
type piece struct {
	// text is in buffer, unless the decoder was given the whole input.
	text, buffer []byte
	offset       int64
	immutable    bool
	// endsAtHead tells that a comment is behind it, with which mostly another family begins.
	endsAtHead bool
	// worker reads the text and owns the memory of the sections. It is there once somebody has begun to read.
	worker   *Decoder
	sections []section
	hashes   []uint64
	done     chan struct{}
}

// workers are what a Decoder has others do.
type workers struct {
	count int
	// slots has as many rosters as pieces may be read at the same time, each of which takes one and gives it back. They are
	// nil as long as none has been taken, and none are made before there are pieces.
	slots chan *rosters
	// waiting are the pieces that nobody reads yet. They are read in the order of the input.
	waiting chan *piece
	idle    *idleWorkers
	// queue are the pieces at work, in the order of the input, and current is the one of which sections are taken over.
	queue   []*piece
	current *piece
	next    int // of the sections of current
	// base is how many lines came before current.
	base int
	// spent are pieces of which families may still be in use, and blank those that may be used again.
	spent, blank []*piece
	// err is what ended the input.
	err error
}

// idleWorkers are decoders that are of no piece. The one that was in use last is taken first, since its memory is likely to be
// in a cache still; so there are no more of them than there have been pieces that were read and not given out.
type idleWorkers struct {
	sync.Mutex
	options options
	list    []*Decoder
}

func (i *idleWorkers) take() *Decoder {
	i.Lock()
	defer i.Unlock()
	n := len(i.list) - 1
	if n < 0 {
		return &Decoder{options: i.options, read: readLine}
	}
	d := i.list[n]
	i.list = i.list[:n]
	return d
}

func (i *idleWorkers) put(d *Decoder) {
	i.Lock()
	i.list = append(i.list, d)
	i.Unlock()
}

// newWorkers are as many workers as o asks for, nil if there is nothing to be gained by them.
func newWorkers(o *options) *workers {
	count := o.workers
	if count <= 0 {
		count = runtime.GOMAXPROCS(0)
	}
	if count == 1 || o.unpredicted || o.dialect != lexer.PrometheusText {
		return nil
	}
	return &workers{count: count}
}

// reset waits for the pieces at work, since others write to them and read the input, which may be the caller's bytes.
func (w *workers) reset() {
	if w == nil {
		return
	}
	w.recycle()
	if w.current != nil {
		w.lay(w.current)
	}
	for _, p := range w.queue {
		<-p.done
		w.lay(p)
	}
	*w = workers{count: w.count, slots: w.slots, waiting: w.waiting, idle: w.idle, blank: w.blank}
}

// begin makes ready for pieces that are read with those options.
func (w *workers) begin(o options) {
	if w.slots != nil {
		return
	}
	o.remembered = 0
	w.idle = &idleWorkers{options: o}
	w.slots, w.waiting = make(chan *rosters, w.count), make(chan *piece, w.count+3)
	for range w.count {
		w.slots <- nil
	}
}

// recycle takes back the pieces of which no family is in use any more.
func (w *workers) recycle() {
	if w == nil {
		return
	}
	for _, p := range w.spent {
		w.lay(p)
	}
	w.spent = w.spent[:0]
}

// lay puts a piece aside for another text, without the families that it had.
func (w *workers) lay(p *piece) {
	clear(p.sections)
	p.text, p.sections = nil, p.sections[:0]
	w.idle.put(p.worker)
	p.worker = nil
	w.blank = append(w.blank, p)
}

// release gives the memory of the workers up for others to use, at the end of an input whose families own theirs.
func (w *workers) release() {
	if w == nil || w.idle == nil {
		return
	}
	w.recycle()
	for _, d := range w.idle.list { // all of them, since nothing is left to be read and so nobody else takes one
		d.assembler.release()
	}
	w.idle.list, w.blank = nil, nil
	for range len(w.slots) {
		if r := <-w.slots; r != nil {
			usedRosters.Put(r)
		}
		w.slots <- nil
	}
}

// haveSections reports whether there are sections to be taken over.
func (w *workers) haveSections() bool {
	return w != nil && w.current != nil && w.next < len(w.current.sections)
}

// isLarge reports whether workers are to read what comes next.
func (d *Decoder) isLarge() bool {
	s := &d.source
	if d.workers == nil || d.pages.page != nil || d.pages.learning && s.reader != nil {
		return false
	}
	if s.reader == nil {
		return len(s.buffer) >= d.options.largeInput
	}
	return s.offset >= int64(d.options.largeInput)
}

// nextPiece waits for the next piece, or notes why there is none. Meanwhile others are at work.
func (d *Decoder) nextPiece() {
	w := d.workers
	w.begin(d.options)
	if w.current != nil {
		w.spent = append(w.spent, w.current)
		w.current = nil
	}
	for len(w.queue) < cap(w.waiting) && w.err == nil {
		w.cut(d)
	}
	if len(w.queue) == 0 {
		d.err = w.err
		return
	}
	w.current, w.next = w.queue[0], 0
	w.queue = append(w.queue[:0], w.queue[1:]...)
	<-w.current.done
	w.base = d.reporter.number
	d.reporter.nextOffset = w.current.offset
}

// take is a blank piece, or a new one.
func (w *workers) take() *piece {
	if n := len(w.blank); n > 0 {
		p := w.blank[n-1]
		w.blank = w.blank[:n-1]
		return p
	}
	return &piece{done: make(chan struct{}, 1)}
}

// work reads a piece as soon as there is a slot. It knows nothing of the decoder, which goes on meanwhile.
func work(slots chan *rosters, waiting chan *piece, idle *idleWorkers) {
	r := <-slots
	if r == nil {
		r = takeRosters()
	}
	p := <-waiting
	p.worker = idle.take()
	p.read(r)
	slots <- r
	p.done <- struct{}{}
}

// read cuts the piece into sections, with rosters that were of use for another piece.
func (p *piece) read(shared *rosters) {
	d := p.worker
	d.reset(source{buffer: p.text, offset: p.offset, immutable: p.immutable})
	a, r := d.assembler, &d.reporter
	own := a.rosters
	a.rosters = shared
	defer func() { a.rosters = own }()
	// Where the first line is a sample, it mostly goes on with a family, whose series are looked up all together then.
	r.silent, a.lasting, a.unchecked = true, true, !p.beginsWithHead()
	begin, lines := d.resume(p), 0
	if begin > 0 {
		a.unchecked = false
		p.sections = append(p.sections, section{size: begin})
		lines = bytes.Count(p.text[:begin], lineFeed)
		r.number = lines
		d.source.begin, d.source.offset = begin, p.offset+int64(begin)
	}
	for !r.broken {
		if len(d.block) == 0 {
			if d.err != nil {
				break
			}
			d.nextBlock()
			continue
		}
		complete := d.nextLine()
		if d.oddEnd != nil {
			d.reportLineEnd()
		}
		if !complete || r.broken {
			continue
		}
		end, number := int(r.nextOffset-p.offset), r.number
		if d.waiting {
			end, number = int(r.offset-p.offset), r.number-1
		}
		p.close(section{size: end - begin, lines: number - lines}, false)
		begin, lines = end, number
		if d.waiting {
			d.waiting = false
			a.add(&a.entry)
		}
	}
	if r.broken {
		p.sections = append(p.sections, section{size: len(p.text) - begin})
		return
	}
	p.close(section{size: len(p.text) - begin, lines: r.number - lines}, true)
}

// beginsWithHead reports whether the first line is a comment, with which mostly a family begins.
func (p *piece) beginsWithHead() bool { return bytes.HasPrefix(p.text, hash) }

// close ends a section with the family in progress.
func (p *piece) close(s section, last bool) {
	a := p.worker.assembler
	s.samples, s.bySample, s.unchecked = a.samples, a.bySample, a.unchecked && len(a.metrics) > 1
	s.current = a.points.current
	if s.unchecked {
		a.index.hashOnly(a.metrics)
	}
	a.unchecked = false
	first := len(p.sections) == 0 || len(p.sections) == 1 && p.sections[0].family == nil
	if a.inProgress && (first && !p.beginsWithHead() || last && !p.endsAtHead) {
		a.index.takeIn(a.metrics)
		s.series = a.index.seriesHashes
		if !last {
			p.hashes = append(p.hashes[:0], s.series.hashes...)
			s.series.hashes, s.series.repeats = p.hashes, slices.Clone(s.series.repeats)
		}
	}
	s.family = a.finish()
	p.sections = append(p.sections, s)
}

// resume begins with the histogram or summary that the first lines of the piece seem to be a part of, and gives where in
// the piece that can be done: behind the first _count, with which a metric mostly ends. It is 0 if that can't be done, and
// the first lines are those of a simple family or of one that begins there.
func (d *Decoder) resume(p *piece) (begin int) {
	line := p.text
	if n := bytes.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	name, isPart := cutPart(line[:lexer.NameEnd(line, 0)])
	kind := model.Unknown
	switch {
	case isPart:
		kind = model.Histogram
	case bytes.Contains(line, []byte(`quantile="`)):
		kind = model.Summary
	}
	if kind == model.Unknown || len(name) == 0 {
		return 0
	}
	last := append(append([]byte("\n"), name...), "_count"...)
	if !bytes.HasPrefix(p.text, last[1:]) {
		if begin = bytes.Index(p.text, last) + 1; begin == 0 {
			return 0
		}
	}
	n := bytes.IndexByte(p.text[begin:], '\n')
	begin += n + 1
	rest, ok := bytes.CutPrefix(p.text[begin:], name)
	if n < 0 || !ok {
		return 0
	}
	if bytes.HasPrefix(rest, []byte{'{'}) {
		kind = model.Summary
	}
	e := &d.assembler.entry
	e.reset()
	e.kind, e.name, e.typ = typeLine, name, kind
	d.assembler.add(e)
	return begin
}

// adopt takes over the next section of the current piece, or has its lines read again, and gives a family that is finished
// thereby, if any.
func (d *Decoder) adopt() *model.MetricFamily {
	w, a := d.workers, d.assembler
	s := &w.current.sections[w.next]
	switch {
	case s.family == nil || len(s.family.Loose) > 0:
		d.readAgain(s)
		return nil
	case a.inProgress && a.continues(s):
		if !a.extend(s) {
			d.readAgain(s)
			return nil
		}
	case a.inProgress && a.mayContinue(s):
		d.readAgain(s)
		return nil
	case a.inProgress:
		return a.finish()
	case !a.isUnheardOf(s):
		d.readAgain(s)
		return nil
	default:
		s.family.Line += w.base
		a.takeOver(s)
		if w.next < len(w.current.sections)-1 {
			d.pass(s)
			return a.finish()
		}
		a.index, w.current.worker.assembler.index = w.current.worker.assembler.index, a.index
	}
	d.pass(s)
	return nil
}

// pass goes on behind a section.
func (d *Decoder) pass(s *section) {
	d.reporter.skip(s.lines, s.size)
	d.workers.next++
}

// readAgain makes the lines of a section the block of lines.
func (d *Decoder) readAgain(s *section) {
	p := d.workers.current
	begin := int(d.reporter.nextOffset - p.offset)
	d.block = p.text[begin : begin+s.size]
	d.judged = false
	d.workers.next++
}

// continues reports whether a section goes on with the family in progress for sure.
func (a *assembler) continues(s *section) bool {
	f, added := a.family, s.family
	if !s.bySample {
		// A worker resumes a histogram or summary without its HELP line and counts on this.
		return f.Type.IsComplex() && added.Name == f.Name && added.Type == f.Type && added.Line == 0
	}
	return !f.Type.IsComplex() && added.Name == f.SampleName() && added.Suffix == ""
}

// mayContinue reports whether a section may go on with the family in progress. If a worker has resumed it, it may begin with
// samples of any family that is called like a part of its own.
func (a *assembler) mayContinue(s *section) bool {
	f, added := a.family, s.family
	if added.Name == f.Name || added.Line == 0 {
		return true
	}
	role, _ := a.roles.of(viewBytes(added.Name), f.Name, f.Type)
	return s.bySample && role != 0
}

// extend adds the metrics of a section to the family in progress, unless there is something to be said about that.
func (a *assembler) extend(s *section) bool {
	n, added, current := len(a.metrics), s.family.Metrics, a.points.current
	if len(s.series.hashes) != len(added) {
		return false
	}
	if exceeds(a.samples+s.samples, a.options.limits.Samples) || a.hasFamilyOfPart(a.family) {
		return false
	}
	if current >= 0 && len(added) > 0 && a.metrics[current].Labels == added[0].Labels {
		return false
	}
	a.leavePoint()
	if n+len(added) > cap(a.metrics) {
		a.spillMetrics(len(added))
	}
	a.metrics = append(a.metrics, added...)
	if !a.index.join(a.metrics, n, s.series) {
		a.metrics = a.metrics[:n]
		return false
	}
	a.prediction.previous = nil
	a.samples += s.samples
	if s.current >= 0 {
		current = n + s.current
	}
	a.goOnWith(current)
	return true
}

// isUnheardOf reports whether the family of a section has nothing to do with any that is known. It leaves the hash of its
// name for takeOver.
func (a *assembler) isUnheardOf(s *section) bool {
	f := s.family
	name := viewBytes(f.Name)
	if s.unchecked || f.Line == 0 || a.known.mustTellLimit() {
		return false
	}
	if s.bySample {
		place, _, hash := a.placeOfSample(name)
		a.hash = hash
		return place < 0
	}
	a.hash = a.known.hash(name)
	if a.known.find(name, a.hash) >= 0 {
		return false
	}
	return !a.hasFamilyOfPart(f)
}

// hasFamilyOfPart reports whether there is a family that is called like a part of f, which is to be said where the first
// such sample stands.
func (a *assembler) hasFamilyOfPart(f *model.MetricFamily) bool {
	if !f.Type.IsComplex() {
		return false
	}
	for _, r := range textRoles[f.Type] {
		if r.suffix != "" {
			sample := append(append(a.entry.unescaped[:0], f.Name...), r.suffix...)
			if a.known.find(sample, a.known.hash(sample)) >= 0 {
				return true
			}
		}
	}
	return false
}

// takeOver makes the family of a section the one in progress.
func (a *assembler) takeOver(s *section) {
	f := s.family
	a.start(a.hash, -1)
	a.family, a.metrics, a.samples, a.bySample = f, f.Metrics, s.samples, s.bySample
	a.prediction.expect(lexer.NameEnd(viewBytes(f.Name), 0) < len(f.Name))
	a.goOnWith(s.current)
}

// goOnWith makes a metric the one that further buckets or quantiles belong to, none if its index is negative.
func (a *assembler) goOnWith(current int) {
	a.points.enter(current, false)
	a.prediction.forgetBound()
}
