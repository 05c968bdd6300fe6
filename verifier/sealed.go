package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

// Evidence that sealed bytes open to something else than their author signed (docs/protocol/evidence.md).

type sealedEvidence struct {
	envelope                 *value
	part, contentKey, sealed string
}

const (
	sealedMagic  = "CHS1"
	wrappedBytes = 12 + 32 + 16
	sealedChunk  = 1024 * 1024
	tagBytes     = 16
)

// sealedSizeOf gives the length of a sealed blob with so much content.
func sealedSizeOf(content int64) int64 {
	blob := content + saltLength
	chunks := (blob + sealedChunk - 1) / sealedChunk
	return int64(len(sealedMagic)) + wrappedBytes + blob + tagBytes*chunks
}

func (s *shape) sealedEvidence(get func(string) *value) sealedEvidence {
	envelope := s.object(get("envelope"), []string{"payload", "protected", "signature"}, nil)
	s.form(envelope("payload"), charactersOf(maxStatement), alphabetForm)
	s.form(envelope("protected"), charactersOf(1000), alphabetForm)
	s.form(envelope("signature"), charactersOf(64), alphabetForm)
	return sealedEvidence{
		envelope:   get("envelope"),
		part:       s.hash(get("part")),
		contentKey: s.form(get("contentKey"), charactersOf(32), alphabetForm),
		sealed:     s.form(get("sealed"), charactersOf(int(sealedSizeOf(maxAttachment))), alphabetForm),
	}
}

func (e *evidence) judgeSealed() *reportContradiction {
	given := e.sealedEvidence
	a := readEnvelope(given.envelope)
	if a.space != e.space {
		refuse("wrong-space", "%s", a.space)
	}
	if a.author != e.party || !a.verify(e.key) {
		refuse("evidence-statement", "%s did not sign this act", e.party)
	}
	var signed *part
	for i := range a.parts {
		if a.parts[i].hash == given.part && a.parts[i].sealed {
			signed = &a.parts[i]
		}
	}
	if signed == nil {
		refuse("evidence-statement", "%s is no sealed part of it", given.part)
	}
	key := fromBase64url(given.contentKey)
	blob, opened := openSealed(fromBase64url(given.sealed), *signed, key)
	if !opened {
		refuse("evidence-proof", "the sealed bytes do not open under this key")
	}
	opensTo := toBase64url(sha(blob))
	if opensTo == given.part {
		refuse("evidence-no-contradiction", "it opens to what was signed")
	}
	return &reportContradiction{Kind: e.kind, Act: a.hash, Type: a.typ, Part: given.part, OpensTo: opensTo}
}

// openSealed opens all chunks of a part's sealed bytes under its one-use key.
func openSealed(b []byte, p part, key []byte) (blob []byte, opened bool) {
	length := int64(len(b))
	if length != p.sealedSize || toBase64url(sha(b)) != p.sealedHash || length != sealedSizeOf(p.size) || string(b[:len(sealedMagic)]) != sealedMagic {
		refuse("sealed-shape", "not the bytes of %s", p.hash)
	}
	if len(key) != 32 {
		return nil, false
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, false
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, false
	}
	rest := b[len(sealedMagic)+wrappedBytes:]
	for number := uint64(0); len(rest) > 0; number++ {
		chunk := rest
		if len(chunk) > sealedChunk+tagBytes {
			chunk = rest[:sealedChunk+tagBytes]
		}
		rest = rest[len(chunk):]
		// Its number in eleven bytes, then 1 for the last chunk and 0 for the others.
		nonce := make([]byte, 12)
		binary.BigEndian.PutUint64(nonce[3:], number)
		if len(rest) == 0 {
			nonce[11] = 1
		}
		plain, err := gcm.Open(nil, nonce, chunk, nil)
		if err != nil {
			return nil, false
		}
		blob = append(blob, plain...)
	}
	return blob, true
}

// fingerprint by which the accused is known; of a witness from outside its verifier key.
func (e *evidence) fingerprint(first string) string {
	if e.role != "witness" {
		return fingerprintOf(first)
	}
	raw := fromBase64url(e.key)
	typed := append([]byte{cosignatureLine}, raw...)
	return e.party + "+" + hex.EncodeToString(keyHashOf(e.party, raw, cosignatureLine)) + "+" + base64.StdEncoding.EncodeToString(typed)
}
