package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"unicode/utf8"
)

// Sizes and counts that every implementation enforces alike (docs/protocol/formats.md, Limits).
const (
	maxSafe       = 1<<53 - 1
	maxStatement  = 16 * 1024
	maxPayload    = 21846
	maxLeaf       = 65535
	maxParts      = 64
	maxAfter      = 64
	maxRefs       = 64
	maxCaveats    = 16
	maxAudience   = 64
	maxMembers    = 512
	maxNoteLines  = 16
	maxNote       = 16 * 1024
	maxAttachment = 100 * 1024 * 1024
	saltLength    = 32
)

func sha(pieces ...[]byte) []byte {
	hash := sha256.New()
	for _, piece := range pieces {
		hash.Write(piece)
	}
	return hash.Sum(nil)
}

func toBase64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// decodeBase64url gives the bytes of strict unpadded base64url. Go's decoder skips line
// breaks and ignores unused bits, so the text is compared with what its bytes encode to.
func decodeBase64url(text string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	return b, err == nil && toBase64url(b) == text
}

func fromBase64url(text string) []byte {
	b, ok := decodeBase64url(text)
	if !ok {
		refuse("base64url", "%s", shorten(text))
	}
	return b
}

func isBase64urlOf(text string, length int) bool {
	b, ok := decodeBase64url(text)
	return ok && len(b) == length
}

func decodeBase64(text string) ([]byte, bool) {
	b, err := base64.StdEncoding.DecodeString(text)
	return b, err == nil && base64.StdEncoding.EncodeToString(b) == text
}

func requireUtf8(b []byte) string {
	if !utf8.Valid(b) {
		refuse("bytes-utf8", "%d bytes", len(b))
	}
	return string(b)
}

// openBlob gives the content of salt ‖ content under its commitment.
func openBlob(blob []byte, commitment string) []byte {
	if len(blob) < saltLength {
		refuse("blob-short", "%d bytes", len(blob))
	}
	if toBase64url(sha(blob)) != commitment {
		refuse("blob-commitment", "%s", commitment)
	}
	return blob[saltLength:]
}

var (
	idForm    = regexp.MustCompile(`^[0-9a-f]{32}$`)
	partyForm = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)
)

func isID(text string) bool    { return idForm.MatchString(text) }
func isParty(text string) bool { return len(text) <= 253 && partyForm.MatchString(text) }
func isHash(text string) bool  { return isBase64urlOf(text, 32) }

func same(a, b []byte) bool { return bytes.Equal(a, b) }

func shorten(text string) string {
	if len(text) > 80 {
		return text[:77] + "..."
	}
	return text
}
