package convert

import (
	"bytes"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/promfmt/promfmt/corpus"
)

// openMetricsOptions are the options that read the pages of each format.
var openMetricsOptions = map[string]Option{corpus.OpenMetrics: OpenMetrics(), corpus.OpenMetrics2: OpenMetrics2()}

// eachOpenMetrics runs a subtest for each page of OpenMetrics in some directories.
func eachOpenMetrics(t *testing.T, dirs []string, test func(t *testing.T, file corpus.File, format Option)) {
	t.Helper()
	for _, dir := range dirs {
		for file := range corpus.Files(dir) {
			t.Run(file.Name, func(t *testing.T) {
				t.Parallel()
				test(t, file, openMetricsOptions[file.Format])
			})
		}
	}
}

var (
	validOpenMetrics   = []string{corpus.OpenMetricsValid, corpus.OpenMetrics2Valid}
	invalidOpenMetrics = []string{corpus.OpenMetricsInvalid, corpus.OpenMetrics2Invalid}
	allOpenMetrics     = append(append([]string{}, validOpenMetrics...), invalidOpenMetrics...)
)

// TestOpenMetricsPagesThatKeepTheRules holds that every sample belongs to a metric in a page that is as the specification
// has it.
func TestOpenMetricsPagesThatKeepTheRules(t *testing.T) {
	t.Parallel()
	eachOpenMetrics(t, validOpenMetrics, func(t *testing.T, file corpus.File, format Option) {
		for family, err := range NewBytesDecoder(file.Data, format).Families() {
			require.NoError(t, err)
			require.Empty(t, family.Loose, family.Name)
		}
	})
}

// TestOpenMetricsReadersAgree holds that an exposition is the same however it is read.
func TestOpenMetricsReadersAgree(t *testing.T) {
	t.Parallel()
	eachOpenMetrics(t, allOpenMetrics, func(t *testing.T, file corpus.File, format Option) {
		for name, opts := range map[string][]Option{"by default": {format}, "strict": {format, Strict()}} {
			holdOpenMetricsReaders(t, name, file.Data, opts...)
		}
	})
}

// TestTextsReadAsOpenMetricsAgree does the same with texts of the other format, where there is more to find fault with.
func TestTextsReadAsOpenMetricsAgree(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{corpus.Valid, corpus.Invalid, corpus.Regress} {
		for file := range corpus.Files(dir) {
			t.Run(file.Name, func(t *testing.T) {
				t.Parallel()
				holdOpenMetricsReaders(t, "1.0", file.Data, OpenMetrics())
				holdOpenMetricsReaders(t, "2.0, strict", file.Data, OpenMetrics2(), Strict())
			})
		}
	}
}

func holdOpenMetricsReaders(t *testing.T, name string, data []byte, opts ...Option) {
	t.Helper()
	want := transcribe(t, ofBytes(data), opts...)
	and := func(more ...Option) []Option { return append(append([]Option{}, opts...), more...) }
	sameTranscript(t, name+", line by line", want, transcribe(t, ofBytes(data), and(withoutPrediction)...))
	sameTranscript(t, name+", by the grammar", want, transcribe(t, ofBytes(data), and(UseGrammar())...))
	sameTranscript(t, name+", a byte at a time", want,
		transcribe(t, ofReader(iotest.OneByteReader(bytes.NewReader(data))), opts...))
	var reused []string
	for family, err := range NewBytesDecoder(data, and(Reuse())...).Families() {
		if err == nil {
			reused = append(reused, describeWhole(family)...)
		}
	}
	var kept []string
	for _, family := range want.Families {
		kept = append(kept, describeWhole(family)...)
	}
	if diff := cmp.Diff(kept, reused); diff != "" {
		t.Errorf("%s, reused (-kept +reused):\n%s", name, diff)
	}
}
