package convert

import (
	"io"

	"github.com/promfmt/promfmt/diag"
)

// isOver reports whether there has been an EOF line.
func (om *openMetrics) isOver() bool { return om != nil && om.ended }

// refusesRest reports, once, that there is a line behind the EOF line, and whether it is not to be read.
func (d *Decoder) refusesRest() bool {
	if !d.behindEnd {
		d.behindEnd = true
		if limit := d.options.limits.LineBytes; exceeds(len(d.reporter.line), limit) {
			d.reporter.line = d.reporter.line[:limit] // how much more there is depends on the reader
		}
		d.reporter.report(diag.TextAfterEOF, 0, 0, "text behind the line # EOF")
	}
	return d.reporter.severity(diag.TextAfterEOF) == diag.Error
}

// missesEnd reports, once, that an input of OpenMetrics that has been read has no EOF line, and whether that is an error.
func (d *Decoder) missesEnd() bool {
	om := d.assembler.om
	if om == nil || om.ended || d.err != io.EOF {
		return false
	}
	om.ended = true
	r := &d.reporter
	if d.unfinished {
		return r.report(diag.MissingEOF, len(r.line), len(r.line), "the line # EOF is missing")
	}
	r.advance(nil, 0)
	return r.report(diag.MissingEOF, 0, 0, "the line # EOF is missing")
}
