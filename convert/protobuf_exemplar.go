package convert

import (
	"strings"

	"github.com/promfmt/promfmt/diag"
	"github.com/promfmt/promfmt/model"
)

// exemplarRead is an exemplar that has been read.
type exemplarRead struct {
	model.Exemplar
	// leftOut tells that it is not one of its metric's.
	leftOut bool
}

// endExemplar takes what has been read of an exemplar, which c has read, and its time.
func (r *wireReader) endExemplar(e *exemplarRead, c *cursor, timestamp cursor) {
	if r.isRead(c) {
		e.Labels = r.keepLabels()
		e.leftOut = !r.judgeExemplarLabels(e.Labels)
	}
	e.Timestamp = r.readTimestamp(timestamp)
}

// setExemplar gives the one exemplar that it may have to a counter.
func (r *wireReader) setExemplar(m *model.Metric, e exemplarRead) {
	if e.leftOut {
		return
	}
	exemplars := r.rare().exemplars.take(1)
	exemplars[0] = e.Exemplar
	r.extra(m).Exemplars = exemplars
}

// addBucketExemplar gives an exemplar to the bucket of h that is being read.
func (r *wireReader) addBucketExemplar(h *model.HistogramValue, e exemplarRead) {
	if !e.leftOut {
		p := &r.histogram
		p.bucketExemplars = append(p.bucketExemplars, model.BucketExemplar{Bucket: len(h.Buckets), Exemplar: e.Exemplar})
	}
}

// judgeExemplarLabels judges the names of the labels of an exemplar, which are not ok if it is to be left out for one. As
// in text, what would refuse a metric only leaves out an exemplar, and no name is one that the metric has besides.
func (r *wireReader) judgeExemplarLabels(labels model.Labels) (ok bool) {
	at := r.labels.at
	var seen map[string]bool
	if r.labels.count > manyLabels {
		seen = make(map[string]bool, r.labels.count)
	}
	for label, rest, more := labels.Cut(); more; label, rest, more = rest.Cut() {
		name := label.Name
		twice := seen[name]
		if seen != nil {
			seen[name] = true
		} else {
			_, twice = rest.Get(name)
		}
		switch {
		case name == "":
			r.report(diag.Exemplar, at, "a label of the exemplar has no name")
			return false
		case twice:
			r.report(diag.Exemplar, at, "label %s of the exemplar occurs twice", quote(name))
			return false
		case strings.HasPrefix(name, "__"):
			r.report(r.reservedLabel(), at, reservedName, quote(name))
		}
	}
	return true
}
