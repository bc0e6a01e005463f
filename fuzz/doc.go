// Package fuzz holds what is true of every input, as native fuzz targets.
//
// A target states one property and needs no expected result: it holds two ways to the same thing against each other,
// or what goes out against what comes back. All begin with the texts of the corpus that are short, and with a few that
// are made for them; the fuzzer goes on from there.
//
//   - FuzzReaders: the fast reader and the grammar make the same of a text, diagnostics included.
//   - FuzzChunks: it does not matter how the input is cut into reads.
//   - FuzzStrict: what has no error when strict has none by default, and means the same.
//   - FuzzTextRoundTrip: writing text never changes the series that Prometheus would ingest, and where no loss is
//     reported the families come back as they were.
//   - FuzzExpfmt: expfmt of prometheus/common accepts what we accept without a word, and we accept what it accepts.
//   - FuzzJSON: any JSON is read without harm, and what was read and written reads the same.
//   - FuzzProtobuf, FuzzOpenMetricsProtobuf and FuzzPrototext: the messages mean what expfmt's decoder and FromDTO make of
//     them, and any others do no harm.
//   - FuzzWriters: whatever can be read can be written in every format, and is well-formed there.
//
// Where a property has exceptions they are a table in the code, each with its reason, an example and a predicate, and a
// test fails when an example is no exception any more.
//
// "go test ./fuzz" runs the targets on their seeds alone. To look further:
//
//	go test ./fuzz -run '^$' -fuzz '^FuzzReaders$' -fuzztime 1m -fuzzminimizetime 10x
//
// Without the last flag the fuzzer may spend its minute on making a single input smaller. What it finds goes into
// corpus/regress, so that every other target begins with it as well.
package fuzz
