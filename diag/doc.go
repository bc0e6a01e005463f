// Package diag describes what is wrong with an input: positions, severities, rules and diagnostics.
//
// Every finding of the project, from a syntax error to a duplicate series, is a [Diagnostic] and belongs to a [Rule].
// A rule has two severities, one by default and one when strict; reading an input never works differently in the two
// modes, it only weighs the same findings by another column of the one table in rules.go. A finding of severity error
// means that the input is not acceptable as it stands: a line that it is about is left out, while what it says of the
// input as a whole, such as line ends, or of the place of a family, leaves the text in. A finding of severity warning
// means that the text was understood and kept.
package diag
