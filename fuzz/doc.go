// Package fuzz makes expositions of bytes, for fuzz targets, and has those targets that are about the project as a whole.
//
// [Families] and [OddFamilies] build metric families, valid and nearly so, as bytes decide; [Mutate] changes a text at its
// tokens and lines. [Exposition] lets a target take either beside plain text:
//
//	f.Fuzz(func(t *testing.T, input []byte) { check(t, fuzz.Exposition(input, format.Text)) })
//
// The same bytes always make the same, as long as neither the corpus nor this package changes.
//
// A target states one property and needs no expected result: it holds two ways to the same thing against each other,
// or what goes out against what comes back. README.md has a table of all targets of the repository with their oracles,
// and says how they are run.
//
// Where a property has exceptions they are a table in the code, each with its reason, an example and a predicate, and a
// test fails when an example is no exception any more.
package fuzz
