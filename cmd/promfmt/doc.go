// Command promfmt reads Prometheus exposition data, checks it and writes it in other formats.
//
//	promfmt convert [--from FMT] [--to FMT] [--strict] [-o OUT] [INPUT ...]
//	promfmt lint    [--from FMT] [--strict] [--format FORMAT] [INPUT ...]
//
// An INPUT is a file, "-" or nothing for standard input, or an http or https URL. The exit status is 0 if all is well,
// 1 if an input has errors, and 2 after wrong usage or trouble with a file or the network. "promfmt help COMMAND" says
// the rest.
package main
