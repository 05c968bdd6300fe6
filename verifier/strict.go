package main

import (
	"crypto/ed25519"
	"encoding/hex"
)

// Strict Ed25519 (docs/protocol/formats.md): A and R canonically encoded and not of low
// order, s < L, then the cofactorless equation, which is the one Go's library checks.

// Order of the base point, least significant byte first.
var groupOrder = fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")

// y of the eight points whose order divides 8. A canonical encoding of one of them is y
// with either sign bit.
var lowOrder = map[string]bool{
	string(fromHex("0000000000000000000000000000000000000000000000000000000000000000")): true,
	string(fromHex("0100000000000000000000000000000000000000000000000000000000000000")): true,
	string(fromHex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")): true,
	string(fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")): true,
	string(fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")): true,
}

func fromHex(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return b
}

func verifyStrict(key, message, signature []byte) bool {
	if len(signature) != 64 || !isStrictPoint(key) || !isStrictPoint(signature[:32]) || !isBelowOrder(signature[32:]) {
		return false
	}
	return ed25519.Verify(ed25519.PublicKey(key), message, signature)
}

// isUsableKey: may signatures under this base64url key be believed at all?
func isUsableKey(text string) bool {
	key, ok := decodeBase64url(text)
	return ok && isStrictPoint(key)
}

func isStrictPoint(encoded []byte) bool {
	if len(encoded) != 32 {
		return false
	}
	y := append([]byte(nil), encoded...)
	y[31] &= 0x7f
	return isBelowPrime(y) && !lowOrder[string(y)]
}

// 2^255 - 19 is ed ff … ff 7f.
func isBelowPrime(y []byte) bool {
	if y[31] != 0x7f || y[0] < 0xed {
		return true
	}
	for _, b := range y[1:31] {
		if b != 0xff {
			return true
		}
	}
	return false
}

func isBelowOrder(s []byte) bool {
	for i := 31; i >= 0; i-- {
		if s[i] != groupOrder[i] {
			return s[i] < groupOrder[i]
		}
	}
	return false
}

// kidOf is the RFC 7638 thumbprint of a base64url key.
func kidOf(key string) string {
	return toBase64url(sha([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + key + `"}`)))
}
