package main

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// receipt proves one entry: a C2SP tlog-proof (docs/protocol/log.md, Receipt).
type receipt struct {
	index      int64
	path       [][]byte
	checkpoint string
}

var indexForm = regexp.MustCompile(`^index (0|[1-9][0-9]{0,15})$`)

// readReceipt reads `.tlog-proof` text; nothing in it is believed yet.
func readReceipt(text string) *receipt {
	malformed := func() { refuse("receipt-shape", "%q", shorten(text)) }
	head, note, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || utf8.RuneCountInString(text) > 2*maxNote || lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 || len(lines) > 65 {
		malformed()
	}
	match := indexForm.FindStringSubmatch(lines[1])
	if match == nil {
		malformed()
	}
	index, err := strconv.ParseInt(match[1], 10, 64)
	if err != nil || index > maxSafe {
		malformed()
	}
	r := &receipt{index: index, checkpoint: note}
	for _, line := range lines[2:] {
		hash, ok := decodeBase64(line)
		if !ok || len(hash) != 32 {
			malformed()
		}
		r.path = append(r.path, hash)
	}
	splitNote(note)
	return r
}

// verify checks that the receipt proves the entry under this host, and gives its checkpoint.
func (r *receipt) verify(entry []byte, host hostBody) checkpoint {
	signed := readCheckpoint(r.checkpoint, host.origin, host.key)
	if !includes(leafHash(entry), r.index, signed.size, r.path, signed.root) {
		refuse("receipt-proof", "index %d of %d", r.index, signed.size)
	}
	return signed
}
