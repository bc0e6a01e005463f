package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// isURL tells a URL that is scraped from the name of a file.
func isURL(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// displayName is the name of an INPUT as messages give it: without the password of a URL, and in one line that does nothing
// to a terminal.
func displayName(name string) string {
	if isURL(name) {
		if u, err := url.Parse(name); err == nil {
			return u.Redacted()
		}
		// Nobody knows what of it is the password.
		if at := strings.LastIndexByte(name, '@'); at >= 0 {
			scheme, _, _ := strings.Cut(name, "://")
			name = scheme + "://xxxxx" + name[at:]
		}
	}
	if strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return name
	}
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}

// errSilent is why a request ended that waited longer than its timeout.
type errSilent time.Duration

func (e errSilent) Error() string {
	return fmt.Sprintf("the server kept silent for %v", time.Duration(e))
}

// openURL scrapes a URL with that Accept header. The server may keep silent for timeout, before it answers and in the middle of it; how long
// the whole takes does not matter, since whoever reads our output may be slow.
func openURL(name, accept string, timeout time.Duration) (*source, error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	body := &scrape{accept: accept, cancel: cancel, timeout: timeout}
	response, err := body.get(ctx, name)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	if err := refusal(response, body); err != nil {
		_ = body.Close()
		return nil, fmt.Errorf("%s: %w", displayName(name), err)
	}
	src := &source{ReadCloser: body, size: response.ContentLength, contentType: response.Header.Get("Content-Type")}
	src.layers = 1
	if contentEncoding(response) != "" {
		src.layers = 2 // what is compressed for the way may be a compressed file
	}
	return src, nil
}

// refusal is the error that an answer stands for, nil if it is a page to be read.
func refusal(response *http.Response, body io.Reader) error {
	encoding := contentEncoding(response)
	readable := slices.Contains([]string{"", "gzip", "x-gzip", "zstd"}, encoding)
	switch {
	case response.StatusCode != http.StatusOK && readable:
		return errors.New(response.Status + firstLine(body))
	case response.StatusCode != http.StatusOK:
		return errors.New(response.Status)
	case !readable:
		return fmt.Errorf("the content encoding %q cannot be read", encoding)
	}
	return nil
}

// contentEncoding is how a body is compressed; empty if it is not.
func contentEncoding(response *http.Response) string {
	encoding := strings.ToLower(response.Header.Get("Content-Encoding"))
	if encoding == "identity" {
		return ""
	}
	return encoding
}

// scrape is a request and the body of its answer.
type scrape struct {
	accept  string
	body    io.ReadCloser
	cancel  context.CancelCauseFunc
	timeout time.Duration
}

// get sends the request.
func (s *scrape) get(ctx context.Context, name string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	if err != nil { // which may quote the password
		return nil, usageError{fmt.Errorf("%s is not a valid URL", displayName(name))}
	}
	request.Header.Set("Accept", s.accept)
	request.Header.Set("Accept-Encoding", "zstd, gzip")
	request.Header.Set("User-Agent", "promfmt/"+version())
	defer s.patience()()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	s.body = response.Body
	return response, nil
}

func (s *scrape) Read(p []byte) (int, error) {
	defer s.patience()()
	return s.body.Read(p)
}

// patience cancels the request if what it returns is not called before the timeout.
func (s *scrape) patience() func() bool {
	if s.timeout <= 0 {
		return func() bool { return true }
	}
	return time.AfterFunc(s.timeout, func() { s.cancel(errSilent(s.timeout)) }).Stop
}

func (s *scrape) Close() error {
	defer s.cancel(nil)
	return s.body.Close()
}

// firstLine is the first line of a body that explains an error, as the end of a message; empty if there is none.
func firstLine(body io.Reader) string {
	const longest = 200
	text, _, err := decompress(body)
	if err != nil {
		return ""
	}
	defer func() { _ = text.Close() }()
	line, _ := bufio.NewReader(io.LimitReader(text, longest)).ReadString('\n')
	line = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(line, ""))
	if line = strings.TrimSpace(line); line == "" {
		return ""
	}
	return ": " + line
}
