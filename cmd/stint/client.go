package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stint-city/stint/engine/lang"
)

// client asks a running server.
type client struct {
	tag           lang.Tag
	server, token string
	json          bool
}

// clientFlags adds the flags that every command has which asks a server.
func (a *app) clientFlags(c *cobra.Command) *client {
	k := &client{tag: a.tag}
	server := os.Getenv("STINT_SERVER")
	if server == "" {
		server = "http://127.0.0.1:8480"
	}
	c.Flags().StringVar(&k.server, "server", server, a.tag.Word("client.flag-server"))
	c.Flags().StringVar(&k.token, "token", "", a.tag.Word("client.flag-token"))
	c.Flags().BoolVar(&k.json, "json", false, a.tag.Word("help.flag-json"))
	return k
}

// problem is what a server answers where it doesn't do what it was asked.
type problem struct {
	Type   string     `json:"type"`
	Title  string     `json:"title"`
	Status int        `json:"status"`
	Detail string     `json:"detail"`
	Rule   string     `json:"rule"`
	Errors []struct { // one by one
		Where string `json:"where"`
		What  string `json:"what"`
	} `json:"errors"`

	tag lang.Tag // asked for
}

// The kinds of a server's problem, for exit codes.
var (
	errDenied = errors.New("refused")              // by a rule: exitBreach
	errAsked  = errors.New("asked for nonsense")   // exitInput
	errServer = errors.New("the server can't now") // exitFailed
)

// Error returns the sentence of the server, in the language that was asked for.
func (p *problem) Error() string {
	text := p.Title
	if p.Detail != "" {
		text = p.tag.Text(lang.M("client.problem", "title", p.Title, "detail", p.Detail))
	}
	for _, e := range p.Errors {
		if !strings.Contains(text, e.What) {
			text += "; " + e.Where + ": " + e.What
		}
	}
	return text
}

// Unwrap returns the kind of problem.
func (p *problem) Unwrap() error {
	switch {
	case p.Status >= http.StatusInternalServerError || p.Status == http.StatusTooManyRequests:
		return errServer
	case p.Rule != "" || p.Status == http.StatusConflict:
		return errDenied
	}
	return errAsked
}

// mostAnswer bounds an answer, bytes.
const mostAnswer = 256 << 20

// call asks the server and reads its answer into out, which may be nil. key is the idempotency key,
// "" for calls that need none.
func (k *client) call(
	ctx context.Context, method, path, key string, in, out any,
) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	request, err := k.request(ctx, method, path, key, in)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		var cause *url.Error
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return lang.E(err, "client.no-answer", "server", k.server)
	}
	defer func() { _ = answer.Body.Close() }() // read only
	data, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if err != nil {
		return lang.E(err, "client.no-answer", "server", k.server)
	}
	if answer.StatusCode >= http.StatusBadRequest {
		p := &problem{Title: answer.Status, Status: answer.StatusCode, tag: k.tag}
		_ = json.Unmarshal(data, p) // what is no problem+json has its status at least
		return p
	}
	if out == nil || len(data) == 0 {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return fmt.Errorf("read the answer of %s: %w", k.server, err)
	}
	return nil
}

// request makes a request with its headers.
func (k *client) request(
	ctx context.Context, method, path, key string, in any,
) (*http.Request, error) {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("encode the request: %w", err)
		}
		body = bytes.NewReader(data)
	}
	at, err := url.Parse(k.server)
	if err != nil || (at.Scheme != "http" && at.Scheme != "https") || at.Host == "" {
		return nil, usage(lang.E(nil, "client.server", "got", k.server))
	}
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(k.server, "/")+path, body)
	if err != nil {
		return nil, usage(lang.E(nil, "client.server", "got", k.server))
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", string(k.tag))
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	token := k.token
	if token == "" {
		token = os.Getenv("STINT_TOKEN")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, nil
}
