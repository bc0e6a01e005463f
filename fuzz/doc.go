// Package fuzz holds what is true of every input, as native fuzz targets.
//
// A target states one property and needs no expected result: it holds two ways to the same thing against each other,
// or what goes out against what comes back. All begin with the texts of the corpus that are short, and with a few that
// are made for them; the fuzzer goes on from there.
//
//   - FuzzReaders: the fast reader and the grammar make the same of a text, diagnostics and their words included.
//   - FuzzChunks: it does not matter how the input is cut into reads.
//   - FuzzStrict: what is accepted when strict is accepted by default, as the same families.
//   - FuzzTextRoundTrip: what is written as text reads back as it was, up to the losses that are reported, and the
//     series that Prometheus would ingest stay the same.
//   - FuzzExpfmt: expfmt of prometheus/common refuses what we refuse and accepts what we accept, but for a list of
//     known differences, each with its reason and an example.
//   - FuzzWriters: whatever can be read can be written in every format, and is well-formed there.
//
// "go test ./fuzz" runs them on their seeds alone. "go test ./fuzz -fuzz FuzzReaders -fuzztime 1m" looks further; what it
// finds goes into corpus/regress, so that every other target begins with it as well.
package fuzz
