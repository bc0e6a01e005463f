package convert

import "unsafe"

// The two functions here are the only unsafe code of the project. Each gives another type to the same bytes, and holds
// as long as nobody writes to them while the result may still be used.

// view is b as a string. Arenas keep the rule because they only append; a reused arena writes to the same bytes again
// only after the strings have expired.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// viewBytes is s as bytes, which must only be read.
func viewBytes(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
