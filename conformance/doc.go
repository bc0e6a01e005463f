// Package conformance holds other parsers of expositions to what the corpus expects.
//
// A parser is a [Command]: a program that reads an exposition, ends with status 0 if it accepts it and with another one if it
// refuses it, and may print the families that it found, as JSON. [Run] has it read files of the corpus, and the [Report] says
// for each file whether the parser did what was expected of it.
package conformance
