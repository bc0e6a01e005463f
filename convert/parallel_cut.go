package convert

import (
	"bytes"

	"github.com/promfmt/promfmt/lexer"
)

// cut has the next piece read, or notes why there is none.
func (w *workers) cut(d *Decoder) {
	s := &d.source
	s.want = d.options.pieceBytes
	if s.reader == nil {
		// Where no buffer is to be filled pieces are larger, so that fewer families are in two. The last ones are smaller, so
		// that no worker is left to do much alone.
		s.want = min(2*s.want, max((len(s.buffer)-s.begin)/w.count, s.want/4))
	}
	text, offset, err := s.next()
	if err != nil {
		w.err = err
		return
	}
	p := w.take()
	head := lastHead(text)
	if p.endsAtHead = head > 0 && s.hasMore(); p.endsAtHead {
		s.giveBack(len(text)-head, s.want)
		text = text[:head]
	}
	p.text, p.offset, p.immutable = text, offset, s.immutable
	if s.reader != nil {
		p.buffer = s.swap(p.buffer)
	}
	w.queue = append(w.queue, p)
	w.waiting <- p
	go work(w.slots, w.waiting, w.idle)
}

// lastHead is where the comments begin with which the family of the last line does, unless that is in the first half of the
// text. It is 0 if there are none. A piece that ends there needs no putting together with the next. The lines of a family mostly
// stand together, so there is no need to look at all of them.
func lastHead(text []byte) int {
	behind := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
	name := familyAt(text, behind)
	half := len(text) / 2
	before := bytes.LastIndexByte(text[:half], '\n') + 1
	if before >= behind || len(name) == 0 || bytes.Equal(familyAt(text, before), name) {
		return 0
	}
	// The line at before is not of the family, that at behind is, and none begins between last and that.
	for last := behind; before+1 < last; {
		middle := before + (last-before)/2
		line := middle + bytes.IndexByte(text[middle:last], '\n') + 1
		switch {
		case line == middle, line == behind:
			last = middle
		case bytes.Equal(familyAt(text, line), name):
			behind, last = line, middle
		default:
			before = line
		}
	}
	for behind >= half {
		comment := bytes.LastIndexByte(text[:behind-1], '\n') + 1
		if text[comment] != '#' {
			break
		}
		behind = comment
	}
	if behind < half || text[behind] != '#' {
		return 0
	}
	return behind
}

// familyAt is mostly the name of the family that the line at i is of, nil if it is a comment of other words.
func familyAt(text []byte, i int) []byte {
	if text[i] == '#' {
		i += min(keyword, len(text)-i)
		return text[i:lexer.NameEnd(text, i)]
	}
	name, _ := cutPart(text[i:lexer.NameEnd(text, i)])
	return name
}

// cutPart is the name of a sample without the suffix of a part of a histogram or summary, if it has one.
func cutPart(name []byte) (family []byte, isPart bool) {
	switch suffix := sampleSuffix(name); suffix {
	case "_bucket", "_sum", "_count":
		return name[:len(name)-len(suffix)], true
	}
	return name, false
}
