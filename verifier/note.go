package main

import (
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// C2SP signed notes: checkpoints and cosignatures (docs/protocol/log.md).

type noteLine struct {
	name    string
	keyHash []byte
	rest    []byte
	text    string
}

type checkpoint struct {
	origin string
	size   int64
	root   []byte
}

const (
	checkpointLine  = 0x01
	cosignatureLine = 0x04
)

var (
	lineForm = regexp.MustCompile(`^— ([^ +\n]+) ([A-Za-z0-9+/=]+)$`)
	bodyForm = regexp.MustCompile(`^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n$`)
)

// splitNote gives the signed text with its last newline, and the signature lines.
func splitNote(note string) (body string, lines []noteLine) {
	if utf8.RuneCountInString(note) > maxNote {
		refuse("note-shape", "too long")
	}
	for i := 0; i < len(note); i++ {
		if note[i] < 0x20 && note[i] != '\n' || note[i] == 0x7f {
			refuse("note-shape", "control characters")
		}
	}
	at := strings.LastIndex(note, "\n\n")
	if at < 0 || !strings.HasSuffix(note, "\n") || !utf8.ValidString(note) {
		refuse("note-shape", "no signature block")
	}
	// A note that ends in its empty line has one signature line without characters.
	block := ""
	if at+2 < len(note) {
		block = note[at+2 : len(note)-1]
	}
	texts := strings.Split(block, "\n")
	if len(texts) > maxNoteLines {
		refuse("note-shape", "%d lines", len(texts))
	}
	for _, text := range texts {
		lines = append(lines, readLine(text))
	}
	return note[:at+1], lines
}

func readLine(text string) noteLine {
	match := lineForm.FindStringSubmatch(text)
	if match == nil {
		refuse("note-shape", "malformed signature line")
	}
	b, ok := decodeBase64(match[2])
	if !ok || len(b) < 5 {
		refuse("note-shape", "malformed signature line")
	}
	return noteLine{name: match[1], keyHash: b[:4], rest: b[4:], text: text}
}

func readBody(body string) checkpoint {
	match := bodyForm.FindStringSubmatch(body)
	if match == nil || strings.ContainsAny(match[1], " +") {
		refuse("checkpoint-shape", "not origin, size and root")
	}
	size, err := strconv.ParseInt(match[2], 10, 64)
	root, ok := decodeBase64(match[3])
	if err != nil || size > maxSafe || !ok || len(root) != 32 {
		refuse("checkpoint-shape", "not origin, size and root")
	}
	return checkpoint{origin: match[1], size: size, root: root}
}

// peekCheckpoint reads what a checkpoint says, whoever signed it.
func peekCheckpoint(note string) checkpoint {
	body, _ := splitNote(note)
	return readBody(body)
}

// readCheckpoint reads a checkpoint of this origin signed by this key. Other lines are not judged.
func readCheckpoint(note, origin, key string) checkpoint {
	body, lines := splitNote(note)
	found := readBody(body)
	if found.origin != origin {
		refuse("checkpoint-origin", "%s, not %s", found.origin, origin)
	}
	raw := fromBase64url(key)
	keyHash := keyHashOf(origin, raw, checkpointLine)
	var own []noteLine
	for _, line := range lines {
		if line.name == origin && same(line.keyHash, keyHash) {
			own = append(own, line)
		}
	}
	if len(own) != 1 || !verifyStrict(raw, []byte(body), own[0].rest) {
		refuse("checkpoint-signature", "%d lines of %s", len(own), origin)
	}
	return found
}

// cosignatureTime gives the seconds of a valid cosignature of this party over the signed text.
func cosignatureTime(body string, line noteLine, party, key string) (int64, bool) {
	raw, ok := decodeBase64url(key)
	if !ok || line.name != party || len(line.rest) != 72 || !same(line.keyHash, keyHashOf(party, raw, cosignatureLine)) {
		return 0, false
	}
	seconds := binary.BigEndian.Uint64(line.rest)
	if seconds > maxSafe {
		return 0, false
	}
	message := "cosignature/v1\ntime " + strconv.FormatUint(seconds, 10) + "\n" + body
	return int64(seconds), verifyStrict(raw, []byte(message), line.rest[8:])
}

// countMlDsa44 gives how many lines are as long as those by ML-DSA-44.
func countMlDsa44(lines []noteLine) int {
	count := 0
	for _, line := range lines {
		if len(line.rest) == 8+2420 {
			count++
		}
	}
	return count
}

func keyHashOf(name string, key []byte, kind byte) []byte {
	return sha([]byte(name+"\n"), []byte{kind}, key)[:4]
}
