package writer

import "io"

// flushSize is how much an encoder gathers before it writes it out, and keptSize is the largest buffer that it keeps.
const (
	flushSize = 64 << 10
	keptSize  = 4 << 20
)

// output is where a body writes: a buffer before a writer, and what is known of the family at hand.
type output struct {
	w   io.Writer
	buf []byte
	// hold keeps the whole of a family in buf until its end, so that it can be taken back.
	hold bool
	// err is the first error of w. After it nothing is written any more.
	err error
	// families counts those written.
	families int
	used     usage
	losses   []Loss
}

// drain writes b out if it is large and may go, and gives back what to append to. Bodies call it wherever lines or
// metrics meet; their b is the output's buf while they are at work.
func (o *output) drain(b []byte) []byte {
	if len(b) < flushSize || o.hold {
		return b
	}
	return o.write(b)
}

// write writes b out and gives it back empty.
func (o *output) write(b []byte) []byte {
	if o.err == nil && len(b) > 0 {
		n, err := o.w.Write(b)
		if err == nil && n < len(b) {
			err = io.ErrShortWrite
		}
		o.err = err
	}
	if cap(b) > keptSize {
		return nil
	}
	return b[:0]
}
