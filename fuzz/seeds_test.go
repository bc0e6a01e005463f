package fuzz

import (
	"slices"
	"testing"

	"github.com/promfmt/promfmt/corpus"
	"github.com/promfmt/promfmt/format"
)

// fuzzTexts runs a property of texts on the seeds, on recipes of texts, on a few texts more, and on what the fuzzer makes
// of them.
func fuzzTexts(f *testing.F, property func(t *testing.T, text []byte), more ...string) {
	f.Helper()
	for _, input := range slices.Concat(seeds(), Recipes()) {
		f.Add(input)
	}
	for _, text := range more {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, input []byte) { property(t, exposition(t, input, format.Text)) })
}

// exposition is what an input stands for. If the test fails it is told, since the input alone may be a recipe.
func exposition(t *testing.T, input []byte, f format.Format) []byte {
	t.Helper()
	made := Exposition(input, f)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the exposition: %q", made)
		}
	})
	return made
}

// longestSeed is how long a text of the corpus may be to be a seed: the fuzzer makes more of short ones.
const longestSeed = 4 << 10

// seeds are the texts that every target begins with.
func seeds() [][]byte {
	var texts [][]byte
	for file := range corpus.All() {
		if file.Format != corpus.Protobuf && len(file.Data) <= longestSeed {
			texts = append(texts, file.Data)
		}
	}
	for _, text := range handwritten {
		texts = append(texts, []byte(text))
	}
	return texts
}

// handwritten are texts that have much in few bytes.
var handwritten = []string{
	// All types, each with what belongs to it and what does not.
	"# HELP c text\n# TYPE c counter\nc_total{l=\"x\"} 1\nc_total{l=\"y\"} 2 1000\nc 3\nc_created 4\n",
	"# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\nh 4\nh_bucket 5\nh_bucket{le=\"x\"} 6\n",
	"# TYPE s summary\ns{quantile=\"0.5\"} 1\ns{quantile=\"0.50\"} 2\ns_sum NaN\ns_count -1\ns 4\ns{quantile=\"\"} 5\n",
	"# TYPE g gaugehistogram\ng_bucket{le=\"+Inf\"} -1\ng_gsum -1\ng_gcount -1\n# TYPE i info\ni_info{v=\"1\"} 1\ni 1\n",
	"# TYPE e stateset\ne{e=\"on\",l=\"x\"} 1\ne{e=\"off\",l=\"x\"} 0\ne{l=\"x\"} 1\ne{e=\"on\"} 2\n",

	// Lines that look alike, so that there is something to predict, and then break off.
	"h_bucket{a=\"1\",le=\"1\"} 1\nh_bucket{a=\"1\",le=\"2\"} 2\n# TYPE h histogram\nh_bucket{a=\"2\",le=\"1\"} 1\nh_bucket{a=\"2\",le=\"2\"} 2\n",
	"# TYPE h histogram\nh_bucket{a=\"1\",le=\"1\"} 1\nh_bucket{a=\"1\",le=\"2\"} 2\nh_bucket{a=\"2\",le=\"1\"} 1\nh_bucket{a=\"2\",le=\"2\"} 2\nh_bucket{le=\"1\",a=\"3\"} 1\nh_bucket{a=\"3\",le=\"1\"} 2\n",
	"a{l=\"1\",m=\"2\"} 1\na{l=\"2\",m=\"2\"} 2\na{l=\"3\",m=\"2\",} 3\na{l=\"4\" ,m=\"2\"} 4\na{l=\"5\",\"m\"=\"2\"} 5\na{m=\"2\",l=\"1\"} 6\n",
	"a 1\na 1 2\na 1  2\na\t1\na 1 \na 1 2 \n a 1\na  1\n",

	// Families that come back, and metadata in odd places.
	"# TYPE a counter\n# TYPE b gauge\na 1\nb 2\n# HELP a text\na{l=\"x\"} 3\n# TYPE a counter\n",
	"# TYPE a histogram\na_sum 1\nb 1\na_count 2\n# TYPE a_count gauge\na_count 3\na_bucket{le=\"1\"} 1\n",
	"a_sum 1\n# TYPE a summary\na_sum 2\nb 1\na_sum 3\na_count 4\n",

	// Bounds where there are none.
	"# TYPE a summary\na_sum{quantile=\"0\"} 1\n# TYPE b histogram\nb_sum{le=\"x\"} 1\nb_count{le=\"y\",l=\"1\"} 2\n",

	// Quoted names.
	"# TYPE \"m.x\" histogram\n{\"m.x_bucket\",le=\"1\"} 1\n{le=\"2\",\"m.x_bucket\"} 2\n{\"m.x_sum\"} 3\n{\"m.x_count\",\"l.x\"=\"\\\"\\n\\\\\"} 4\n",
	"{\"a\"} 1\na 2\n{\"a\",\"l\"=\"x\"} 3\na{l=\"x\"} 4\n",

	// Line ends, and a line of 40 bytes, which is the limit of a mode, with a CR more.
	"\ufeff# HELP a text\r\r\na 1\r\n\r\n#\r\na 2\r",
	"# HELP a text\\\\\\n\\x\\\na 1",
	"a{l=\"0123456789\",m=\"0123456789\"} 12345678\r\na{l=\"0123456789\",m=\"0123456789\"} 123456789\n",

	// Numbers.
	"a{l=\"1\"} 1e308\na{l=\"2\"} 1e-400\na{l=\"3\"} 0.1e1\na{l=\"4\"} -0\na{l=\"5\"} 9007199254740993\na{l=\"6\"} infinity 9223372036854775807\na{l=\"7\"} nan -9223372036854775808\n",

	// Bad lines between good ones.
	"a 1\nb{ 2\nc} 3\nd{l=\"\xff\"} 4\n# HELP e \xff\n# \xff\nf 0x1\n\x00\ng 1 2.5\nh{l=\"x\",l=\"y\"} 1\na 2\n",
}
