package convert

import "github.com/promfmt/promfmt/model"

// lineExtras is what few samples of OpenMetrics have: exemplars, a start timestamp or a composite value. Its slices are
// valid until the next line is read.
type lineExtras struct {
	exemplars []lineExemplar
	// start is the start timestamp, not Set if there is none. It stands at the columns of startAt, st@ included.
	start   model.Timestamp
	startAt span
	// composite is the composite value, nil if the value is a number.
	composite *compositeValue

	// labels are those of the exemplar that is being read, encodings is where they are kept when it has been read, and
	// value is where composite points to.
	labels    exemplarLabels
	encodings []byte
	value     compositeValue
	// begun counts the exemplars that have begun, labelled the labels of all of them, and full tells that either is more
	// than may be.
	begun, labelled int
	full            bool
}
