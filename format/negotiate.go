package format

import (
	"cmp"
	"slices"

	prommodel "github.com/prometheus/common/model"
)

// Choice is what a server answers with.
type Choice struct {
	Format Format
	// Escaping is the scheme for names that was asked for. It is never prommodel.NoEscaping where the version of the
	// format that was asked for cannot have it.
	Escaping prommodel.EscapingScheme
	// ContentType states both, in the version that was asked for.
	ContentType string
}

// Negotiate picks among the formats that a server offers, those it likes best first, the one that suits an Accept header
// best. An empty header accepts everything.
//
// Of the elements of the header the closest to an offer decides how much that is wanted; a quality of 0 refuses it. What
// is wanted most is chosen; among equals, what an element names goes before what it has only wildcards for, then the
// order of the header decides, and then that of the offers. Where only wildcards speak for an offer, Text comes before
// the others, since who names no format may be a person or a program that knows just that. A text/plain without version
// is Text, and an application/openmetrics-text without version OpenMetrics as 0.0.1.
//
// If the header accepts none of the offers, acceptable is false and the choice is Text if that is offered, else the
// first offer: a server may give that, as the Go client library does, or answer 406. Without offers the Choice is zero.
func Negotiate(accept string, offers ...Format) (choice Choice, acceptable bool) {
	ranges := parseAccept(accept)
	if len(ranges) == 0 {
		ranges = []mediaRange{{kind: "*/*", quality: 1}}
	}
	var candidates []candidate
	for _, f := range offers {
		if !f.IsValid() {
			continue
		}
		for i := range formats[f].media {
			candidates = append(candidates, newCandidate(f, &formats[f].media[i], ranges))
		}
	}
	if len(candidates) == 0 {
		return Choice{}, false
	}
	best := slices.MinFunc(candidates, candidate.compare)
	return best.choice(), best.quality > 0
}

// candidate is a media type that is offered, and what a header says of it.
type candidate struct {
	format  Format
	media   *mediaType
	fit     int     // of the closest element
	place   int     // of that element in the header
	quality float64 // that it gives
	asked   string  // the escaping that it asks for
}

func newCandidate(f Format, m *mediaType, ranges []mediaRange) candidate {
	c := candidate{format: f, media: m}
	for place, r := range ranges {
		if fit := m.fit(r); fit > c.fit {
			c.fit, c.place, c.quality = fit, place, r.quality
			c.asked = r.parameters.get(prommodel.EscapingKey)
		}
	}
	return c
}

// compare orders candidates, the best first. Those that are refused are ordered as if only wildcards spoke for them.
func (c candidate) compare(other candidate) int {
	return cmp.Or(
		cmp.Compare(other.quality, c.quality),
		trueFirst(c.isNamed(), other.isNamed()),
		cmp.Compare(c.wantedAt(), other.wantedAt()),
		trueFirst(!c.isNamed() && c.format == Text, !other.isNamed() && other.format == Text),
	)
}

// isNamed reports whether the header names the type and accepts it.
func (c candidate) isNamed() bool { return c.quality > 0 && c.fit >= fitsExactly }

// wantedAt is the place of the element that speaks for c, the same for all that none speaks for.
func (c candidate) wantedAt() int {
	if c.quality == 0 {
		return 0
	}
	return c.place
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func (c candidate) choice() Choice {
	scheme := c.media.names.scheme(c.asked)
	return Choice{Format: c.format, Escaping: scheme, ContentType: c.media.contentType(scheme)}
}
