// Package corpus holds the expositions that the tests of the project share: real pages and hand-written cases.
//
// The files stand in four directories. [Pages] are what real programs gave when they were scraped; [Valid] is accepted
// without a diagnostic by default; [Invalid] gives at least one diagnostic, by default or when strict, and beside each
// X.txt stands X.golden with the diagnostics that reading it yields; [Regress] once made some parser crash or corrupt
// its result. PROVENANCE.md has a line for each file, README.md says how to add one.
package corpus
