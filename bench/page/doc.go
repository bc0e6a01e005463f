// Package page makes Prometheus text expositions to measure with: valid pages of four shapes, of any size, and the same
// bytes for the same seed every time.
//
// A page is a row of families. Where it is to be longer than its shape has families, they are repeated under other
// names, so a long page has more families, not larger ones. Readers of every make accept the pages without a remark.
//
// Hostile pages are another matter: each is of one thing that is slow to read, and some of that is not even valid.
package page
