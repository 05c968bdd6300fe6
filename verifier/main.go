// Command verifier is a second verifier of Chancery's dossiers, written from docs/protocol
// alone. It needs no network, no account and nothing but Go's standard library.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

const usage = `Usage:
  verifier verify <case.dossier.zip> [--pin <party>=<fingerprint>]… [--json]
  verifier evidence <evidence.json> [--pin <party>=<fingerprint>]… [--json]
  verifier time-stamp <file> --check <file.tsr> --authority <ca.pem> [--json]
  verifier judge    judges many files: frames on standard input, one JSON report a line

Exit code: 0 accepted or proven, 1 refused, 2 called wrongly.
`

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(words []string, in io.Reader, out, complaints io.Writer) int {
	command, rest := "", []string{}
	if len(words) > 0 {
		command, rest = words[0], words[1:]
	}
	var err error
	code := 2
	switch command {
	case "verify":
		code, err = runFile(rest, out, judgeDossier)
	case "evidence":
		code, err = runFile(rest, out, judgeEvidence)
	case "time-stamp":
		code, err = runTimeStamp(rest, out)
	case "judge":
		code, err = runJudge(in, out)
	default:
		fmt.Fprint(complaints, usage)
		return 2
	}
	if err != nil {
		fmt.Fprintln(complaints, "verifier:", err)
		return 2
	}
	return code
}

// call is what the words of a command line ask for.
type call struct {
	file string
	pins []pin
	json bool
}

func readCall(words []string) (call, error) {
	var c call
	for i := 0; i < len(words); i++ {
		word := words[i]
		switch {
		case word == "--json":
			c.json = true
		case word == "--pin" || strings.HasPrefix(word, "--pin="):
			given := strings.TrimPrefix(word, "--pin=")
			if word == "--pin" {
				if i++; i == len(words) {
					return c, fmt.Errorf("--pin needs party=fingerprint")
				}
				given = words[i]
			}
			for _, one := range strings.Split(given, ",") {
				p, err := readPin(one)
				if err != nil {
					return c, err
				}
				c.pins = append(c.pins, p)
			}
		case strings.HasPrefix(word, "-"):
			return c, fmt.Errorf("unknown option %s", word)
		case c.file != "":
			return c, fmt.Errorf("one file at a time; %s is the second", word)
		default:
			c.file = word
		}
	}
	if c.file == "" {
		return c, fmt.Errorf("name the file")
	}
	return c, nil
}

func readPin(text string) (pin, error) {
	party, digits, found := strings.Cut(text, "=")
	party = strings.TrimSpace(party)
	if !found || party == "" || digits == "" {
		return pin{}, fmt.Errorf(`a pin reads party=fingerprint, for example aurelia.example="12345 67890 …"`)
	}
	return pin{party, digits}, nil
}

// outcome of a judgement: data, words, and whether the file holds.
type outcome interface {
	lines() []string
	holds() bool
}

func judgeDossier(b []byte, pins []pin) outcome  { return verifyDossier(b, pins) }
func judgeEvidence(b []byte, pins []pin) outcome { return verifyEvidence(b, pins) }

func runFile(words []string, out io.Writer, judge func([]byte, []pin) outcome) (int, error) {
	c, err := readCall(words)
	if err != nil {
		return 2, err
	}
	b, err := os.ReadFile(c.file)
	if err != nil {
		return 2, err
	}
	r := judge(b, c.pins)
	if c.json {
		writeJSON(out, r)
	} else {
		for _, line := range r.lines() {
			fmt.Fprintln(out, line)
		}
	}
	if !r.holds() {
		return 1, nil
	}
	return 0, nil
}

func writeJSON(out io.Writer, v any) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
}
