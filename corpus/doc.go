// Package corpus holds the expositions that the tests of the project share: real pages and hand-written cases.
//
// The files stand in directories. [Pages] are what real programs gave when they were scraped; [Valid] is accepted without a
// diagnostic by default; [Invalid] gives at least one diagnostic, by default or when strict; [Regress] once made some parser
// crash or corrupt its result. [OpenMetricsValid] and [OpenMetricsInvalid], and the same of OpenMetrics 2.0, have small pages
// that keep or break one rule each when read strictly; RULES.md beside them is the table of rules.
//
// What has to be made of a file, findings and families, is its [Expectation] and stands beside it as JSON. Package
// conformance holds other parsers to it.
//
// PROVENANCE.md has a line for each file or for all of a directory, README.md says how to add one.
package corpus
