package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

const (
	page       = "# TYPE up gauge\nup 1\n"
	pageIsText = "text/plain; version=0.0.4; charset=utf-8"

	pageAsProtobuf = "\x13\n\x02up\x18\x01\"\x0b\x12\t\t\x00\x00\x00\x00\x00\x00\xf0?"
)

// answer is what the test server says on a path.
type answer struct {
	status      int // 200 if it is 0
	contentType string
	encoding    string
	body        string
}

// answers are those that are fixed.
var answers = map[string]answer{
	"/metrics":       {contentType: pageIsText, body: page},
	"/gzip":          {contentType: pageIsText, encoding: "gzip", body: compressed("gzip", page)},
	"/zstd":          {contentType: pageIsText, encoding: "zstd", body: compressed("zstd", page)},
	"/identity":      {contentType: pageIsText, encoding: "identity", body: page},
	"/deflate":       {contentType: pageIsText, encoding: "deflate", body: "?"},
	"/archive.gz":    {contentType: "application/gzip", body: compressed("gzip", page)},
	"/twice.gz":      {encoding: "gzip", body: compressed("gzip", compressed("gzip", page))},
	"/bad":           {contentType: pageIsText, body: page + "down !\n"},
	"/nameless":      {body: page},
	"/nameless.json": {body: page},
	"/array":         {contentType: "application/octet-stream", body: "[]\n"},
	"/openmetrics":   {contentType: "application/openmetrics-text; version=1.0.0", body: page + "# EOF\n"},
	"/protobuf":      {contentType: "application/vnd.google.protobuf; encoding=delimited", body: pageAsProtobuf},
	"/json.prom":     {contentType: "application/json", body: "[]\n"},
	"/":              {contentType: "text/html", body: "<html>"},
	"/busy":          {status: 503, contentType: "text/plain", body: "too many\x07 scrapes\nat once\n"},
	"/busy.gz":       {status: 503, encoding: "gzip", body: compressed("gzip", "too many scrapes\n")},
	"/lost":          {status: 404},
}

func (a answer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = nil // not guessed
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	if a.encoding != "" {
		w.Header().Set("Content-Encoding", a.encoding)
	}
	w.WriteHeader(max(a.status, http.StatusOK))
	_, _ = io.WriteString(w, a.body)
}

// newServer starts the server that the scripts know as $URL.
func newServer() *httptest.Server {
	mux := http.NewServeMux()
	for path, answer := range answers {
		if path == "/" {
			path = "/{$}"
		}
		mux.Handle(path, answer)
	}
	// The request itself, as a metric.
	mux.HandleFunc("/request", func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		_, _ = fmt.Fprintf(w, "request{accept=%q,encoding=%q,agent=%q,user=%q,password=%q} 1\n",
			r.Header.Get("Accept"), r.Header.Get("Accept-Encoding"), r.UserAgent(), user, password)
	})
	mux.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(page)+1))
		_, _ = io.WriteString(w, page)
	})
	mux.HandleFunc("/silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/stalling", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, page)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	// Longer in all than any script is patient, but never silent for so long.
	mux.HandleFunc("/slow", func(w http.ResponseWriter, _ *http.Request) {
		for i := range 12 {
			_, _ = fmt.Fprintf(w, "slow{line=\"%d\"} 1\n", i)
			w.(http.Flusher).Flush()
			time.Sleep(100 * time.Millisecond)
		}
	})
	return httptest.NewServer(mux)
}
