//go:build interop

package interop

import (
	"bytes"
	"iter"
	"testing"

	prommodel "github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/convert"
	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
	"github.com/promfmt/promfmt/model"
	"github.com/promfmt/promfmt/writer"
)

// page is a page of families, to be written in every format.
type page struct {
	name     string // that of a file of the corpus, or "hand-made"
	families []*model.MetricFamily
}

// corpusPages are the files of the corpus as they are read by default, the parts of each family put together. What is
// wrong with a file has been said and is not in the families.
func corpusPages(t *testing.T) []page {
	t.Helper()
	var pages []page
	for _, files := range []iter.Seq[corpus.File]{
		corpus.All(), corpus.Files(corpus.OpenMetricsValid), corpus.Files(corpus.OpenMetrics2Valid),
	} {
		for file := range files {
			f, err := format.Parse(file.Format)
			require.NoError(t, err)
			pages = append(pages, page{file.Name, read(t, f, file.Data)})
		}
	}
	return pages
}

// read are the families of an exposition.
func read(t *testing.T, f format.Format, data []byte) []*model.MetricFamily {
	t.Helper()
	reader, err := convert.NewReader(bytes.NewReader(data), f)
	require.NoError(t, err)
	families, _ := convert.Collect(reader.Families()) // what is wrong with a page is known
	return families
}

// readStrictly are the families of an exposition, and what there is to find fault with in it.
func readStrictly(t *testing.T, f format.Format, data []byte) ([]*model.MetricFamily, error) {
	t.Helper()
	reader, err := convert.NewReader(bytes.NewReader(data), f, convert.Strict())
	require.NoError(t, err)
	return convert.Collect(reader.Families())
}

// exposition is a page in a format.
type exposition struct {
	page   page
	format format.Format
	scheme prommodel.EscapingScheme // for the names
	body   []byte
	losses map[string][]writer.Loss // by the name of the family
}

// name is the format and the page, such as "text/pages/pushgateway.txt".
func (e *exposition) name() string {
	name := e.format.String() + "/" + e.page.name
	if e.scheme == prommodel.NoEscaping {
		return "utf-8/" + name
	}
	return name
}

func (e *exposition) contentType() string { return e.format.ContentType(e.scheme) }

// expose writes a page in a format.
func expose(t *testing.T, p page, f format.Format, scheme prommodel.EscapingScheme, opts ...writer.Option) *exposition {
	t.Helper()
	e := &exposition{page: p, format: f, scheme: scheme, losses: make(map[string][]writer.Loss)}
	var buffer bytes.Buffer
	encoder, err := writer.New(&buffer, f, append(opts, writer.Escaping(scheme), writer.OnLoss(func(l writer.Loss) {
		e.losses[l.Family] = append(e.losses[l.Family], l)
	}))...)
	require.NoError(t, err)
	for _, family := range p.families {
		require.NoError(t, encoder.Encode(family))
	}
	require.NoError(t, encoder.Close())
	e.body = buffer.Bytes()
	return e
}
