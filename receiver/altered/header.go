package altered

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/textproto"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/receiver/signature"
)

const keepHost = "Let the proxy pass the Host header as it came: in nginx `proxy_set_header Host $host;` ($http_host if the URL has a port), in Apache `ProxyPreserveHost On`."

// orSecret is for causes that are only possible: a wrong secret has the same effect.
const orSecret = " If it was not changed, the webhook has another secret at UP42 than here."

func covers(d Delivery, component string) bool { return slices.Contains(d.Components, component) }

// otherHost finds a signed host that was changed: a proxy tells the one that it got.
func otherHost(d Delivery) Cause {
	if !covers(d, "host") {
		return Cause{}
	}
	name, was := originalHost(d)
	if was == "" || strings.EqualFold(was, d.Host) {
		return Cause{}
	}
	return Cause{
		fmt.Sprintf("The signature covers the Host header, and the Host header was changed on the way: it is %s, and %s says that it was %s.", d.Host, name, was),
		keepHost,
	}
}

// originalHost returns the host that a proxy got, and the header that says so.
func originalHost(d Delivery) (header, host string) {
	for _, name := range []string{"X-Forwarded-Host", "X-Original-Host", "X-Host"} {
		if first, _, _ := strings.Cut(d.Header.Get(name), ","); strings.TrimSpace(first) != "" {
			return name, strings.TrimSpace(first)
		}
	}
	for pair := range strings.FieldsFuncSeq(d.Header.Get("Forwarded"), func(r rune) bool { return r == ';' || r == ',' }) {
		if key, value, _ := strings.Cut(strings.TrimSpace(pair), "="); strings.EqualFold(key, "host") {
			return "Forwarded", strings.Trim(value, `"`)
		}
	}
	return "", ""
}

// upstreamHost finds a signed host that UP42 can't have asked for.
func upstreamHost(d Delivery) Cause {
	host := d.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if !covers(d, "host") || err != nil && strings.Contains(host, ".") && !strings.HasSuffix(host, ".internal") && !strings.HasSuffix(host, ".local") {
		return Cause{}
	}
	return Cause{
		fmt.Sprintf("The signature covers the Host header, which is %s here. If UP42 delivers to another name, the Host header was changed on the way.", d.Host),
		keepHost + orSecret,
	}
}

// rewriters are headers that programs in between often rewrite.
var rewriters = []string{
	"accept", "accept-encoding", "cache-control", "connection", "content-length", "content-type", "expect", "forwarded", "te", "upgrade", "user-agent", "via",
	"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "x-request-id",
}

func oftenRewritten(d Delivery) Cause {
	for _, c := range d.Components {
		if slices.Contains(rewriters, c) {
			return Cause{
				fmt.Sprintf("The signature covers %s, which proxies and tunnels often rewrite.", c),
				"Compare " + c + " with the one that UP42 sent, and let the proxy pass it unchanged." + orSecret,
			}
		}
	}
	return Cause{}
}

// renamed finds a signed header that has another name now.
func renamed(d Delivery) Cause {
	suffix := "-" + textproto.CanonicalMIMEHeaderKey(d.Faulty)
	for _, name := range slices.Sorted(maps.Keys(d.Header)) {
		if d.Faulty != "" && strings.HasPrefix(name, "X-") && strings.HasSuffix(name, suffix) {
			return Cause{
				fmt.Sprintf("The signature covers %s, which is missing: something in between renamed it to %s.", d.Faulty, name),
				"Let the proxy or gateway pass the header under its own name.",
			}
		}
	}
	return Cause{}
}

// unchunked finds a length that was lost because something sent the body in chunks.
func unchunked(d Delivery) Cause {
	if d.Faulty != "content-length" {
		return Cause{}
	}
	return Cause{
		"The signature covers content-length, and something in between sent the body in chunks, without its length.",
		"Let the proxy send a length: in nginx `proxy_request_buffering on;`.",
	}
}

func dropped(d Delivery) Cause {
	if d.Faulty == "" {
		return Cause{}
	}
	return Cause{
		fmt.Sprintf("The signature covers %s, which is missing: something in between dropped it.", d.Faulty),
		"Let the proxy or tunnel pass all headers.",
	}
}

func added(d Delivery) Cause {
	if d.Faulty == "" {
		return Cause{}
	}
	return Cause{
		fmt.Sprintf("The request has %s more than once: something in between added one of its own.", d.Faulty),
		"Let the proxy pass the sender's " + d.Faulty + ", and add none.",
	}
}

// joined finds lines of a signed header that were made one.
func joined(d Delivery) Cause {
	value := d.Header.Get(d.Faulty)
	switch {
	case d.Faulty == "":
		return Cause{}
	case d.Faulty == "date" && strings.Count(value, ":") >= 4:
		return Cause{
			"Two Date headers were joined into one: something in between added one of its own.",
			"Let the proxy pass the sender's Date, and add none.",
		}
	case strings.TrimSpace(value) == "":
		return Cause{"The value of " + d.Faulty + " is empty: something in between removed it.", "Let the proxy pass the header unchanged."}
	case strings.ContainsFunc(value, func(r rune) bool { return r > '~' }):
		return Cause{"The value of " + d.Faulty + " has characters beyond ASCII: something in between rewrote it.", "Let the proxy pass the header unchanged."}
	default:
		return Cause{}
	}
}

func folded(d Delivery) Cause {
	if d.Plain {
		return Cause{}
	}
	return Cause{
		"A header line is not as a sender of today writes it: it continues on a second line, or ends without a carriage return, or was merged with another one.",
		"Let the proxy pass each header on one line that ends in CR LF.",
	}
}

// halfSigned finds a signature of which only a part came.
func halfSigned(d Delivery) Cause {
	_, input := d.Header["Signature-Input"]
	_, value := d.Header["Signature"]
	if input == value {
		if c := renamed(Delivery{Header: d.Header, Faulty: "signature"}); !input && !c.IsZero() {
			return Cause{"The signature has another name: something in between renamed the header Signature.", c.Todo}
		}
		return Cause{}
	}
	came, lost := "Signature", "Signature-Input"
	if input {
		came, lost = lost, came
	}
	return Cause{
		fmt.Sprintf("The request has %s, but no %s: something in between dropped it.", came, lost),
		"Let the proxy or tunnel pass all headers.",
	}
}

// requoted finds a signature whose characters were written in another way.
func requoted(d Delivery) Cause {
	input, value := d.Header.Get("Signature-Input"), strings.TrimPrefix(d.Header.Get("Signature"), signature.Label+"=")
	problem := ""
	switch {
	case strings.Contains(input, `\"`):
		problem = "The quotation marks in Signature-Input have backslashes before them"
	case strings.Contains(input, "(") && !strings.Contains(input, `"`):
		problem = "The quotation marks in Signature-Input are missing"
	case strings.Contains(strings.TrimSpace(value), " "):
		problem = "The value of Signature has spaces in the place of plus signs"
	case strings.Contains(value, "%"), strings.Contains(input, "%22"):
		problem = "The signature is written as a part of a URL, with percent signs"
	case len(d.Header["Signature"]) > 1, strings.Count(value, signature.Label+"=") > 0:
		problem = "The signature is there twice"
	default:
		return Cause{}
	}
	return Cause{problem + ": something in between rewrote it.", "Let the proxy or tunnel pass each header unchanged."}
}
