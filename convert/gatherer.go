package convert

import (
	"errors"
	"iter"
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"

	"github.com/promfmt/promfmt/model"
)

// Gatherer is what prometheus.Gatherer of client_golang is, so that a registry of that library is one, and one of these
// can be handed to promhttp.
type Gatherer interface {
	// Gather gives families of unique names, sorted by name. There may be some beside an error.
	Gather() ([]*dto.MetricFamily, error)
}

// FromGatherer gathers whenever it is iterated over and yields the families, as FromDTO makes them. Errors come with a
// nil family: those of FromDTO after the family they are about, the one of the Gatherer itself at the end, after what
// it gathered in spite of it.
func FromGatherer(g Gatherer) iter.Seq2[*model.MetricFamily, error] {
	return func(yield func(*model.MetricFamily, error) bool) {
		gathered, failed := g.Gather()
		for _, d := range gathered {
			f, err := FromDTO(d)
			if f != nil && !yield(f, nil) {
				return
			}
			if err != nil && !yield(nil, err) {
				return
			}
		}
		if failed != nil {
			yield(nil, failed)
		}
	}
}

// ToGatherer makes a Gatherer of families, such as those that a custom collector makes or a file holds. They are
// iterated over for every Gather, which gives them as ToDTO makes them, sorted by name and with continuations merged
// into their families. Loose samples become untyped families behind the one they were in, which may have its name. The
// error joins all that were yielded, and those of ToDTO; what is without error is given beside it.
func ToGatherer(families iter.Seq2[*model.MetricFamily, error]) Gatherer { return gatherer(families) }

type gatherer iter.Seq2[*model.MetricFamily, error]

func (g gatherer) Gather() ([]*dto.MetricFamily, error) {
	families, err := Collect(iter.Seq2[*model.MetricFamily, error](g))
	errs := []error{err}
	var gathered []*dto.MetricFamily
	for _, f := range families {
		for _, part := range append([]*model.MetricFamily{f}, looseFamilies(f.Loose)...) {
			d, err := ToDTO(part)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			gathered = append(gathered, d)
		}
	}
	slices.SortStableFunc(gathered, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	return gathered, errors.Join(errs...)
}

// looseFamilies are the families that loose samples make, one for each run of a name.
func looseFamilies(samples []model.Sample) []*model.MetricFamily {
	var families []*model.MetricFamily
	for i, s := range samples {
		if i == 0 || s.Name != samples[i-1].Name {
			families = append(families, &model.MetricFamily{Name: s.Name})
		}
		f := families[len(families)-1]
		f.Metrics = append(f.Metrics, model.Metric{Labels: s.Labels, Value: s.Value, Timestamp: s.Timestamp})
	}
	return families
}
