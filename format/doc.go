// Package format names the exposition formats that there are, and says how each is told apart and asked for.
//
// One table holds what belongs to a format: its name on the command line, its media types with their parameters, the
// extensions of its files, and how its first bytes look. Everything else reads that table:
//
//   - [Detect] tells the format of an input from its content type, else from its name, else from its bytes. It sniffs
//     at a few kilobytes and reads nothing: what is wrong with an input is for its reader to say.
//   - [Negotiate] picks what a server answers with from the Accept header of a request, by RFC 9110, section 12.5.1,
//     and with the preferences of github.com/prometheus/common/expfmt where the RFC leaves a choice.
//   - [AcceptHeader] is what a scraper sends, [Format.ContentType] what a response states.
//
// The schemes for names that not every reader takes are those of github.com/prometheus/common/model. Specifications:
// https://github.com/prometheus/docs, docs/instrumenting/exposition_formats.md and content_negotiation.md.
package format
