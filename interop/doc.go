// Package interop holds that other programs and we understand each other: Prometheus and promtool, the Python client, the
// Pushgateway, node_exporter and carbon, as Debian packages them. They run on the loopback interface, for as long as a test
// lasts.
//
// The tests are behind the build tag interop, so that go test ./... needs none of the programs. "make interop" installs
// those that are missing and runs the tests; one that is missing after all makes its tests fail.
//
// The parsers of the Python client and promtool are also held to the corpus as it is, as anybody's parser can be by "promfmt
// conformance"; corpus/CONFORMANCE.md has the results.
//
// What one of the programs makes of an exposition and we do not is a known difference: a row of a table, with its reason,
// and a test fails when it is no difference any more. The rows are for the versions of Debian 12.
package interop
