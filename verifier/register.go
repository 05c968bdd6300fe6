package main

import "strings"

// Keys of a party, judged by position (docs/protocol/admission.md, Keys).

// open marks a key that nothing has ended.
const open = -1

type keySpan struct {
	kid, key    string
	from, until int64
}

// commitments of a register to keys it has not shown: SHA-256 of raw keys.
type commitments struct {
	next     string
	recovery []string
}

type registerKeys struct {
	spans []keySpan
	commitments
}

func isActKey(k actKey) bool { return isUsableKey(k.key) && kidOf(k.key) == k.kid }

func keyCommitment(key string) string { return toBase64url(sha(fromBase64url(key))) }

// keyAt is the key by which an act with this key id is judged at this index.
func keyAt(spans []keySpan, kid string, index int64) string {
	known := false
	for _, span := range spans {
		if span.kid != kid {
			continue
		}
		known = true
		if span.from <= index && (span.until == open || index < span.until) {
			return span.key
		}
	}
	if known {
		refuse("key-ended", "%s", kid)
	}
	refuse("unknown-key", "%s", kid)
	return ""
}

// committedKey is the key that a key event shows in its own body, if it was committed to before.
func committedKey(typ string, body *value, c commitments) (actKey, bool) {
	var shown actKey
	var allowed []string
	switch typ {
	case "register.rotated":
		rotated := readRotated(body)
		if rotated == nil {
			return shown, false
		}
		shown, allowed = rotated.act, []string{c.next}
	case "register.revoked":
		revoked := readRevoked(body)
		if revoked == nil || revoked.by == nil {
			return shown, false
		}
		shown, allowed = *revoked.by, append([]string{c.next}, c.recovery...)
	case "register.recovered":
		recovered := readRecovered(body)
		if recovered == nil {
			return shown, false
		}
		shown, allowed = recovered.by, c.recovery
	default:
		return shown, false
	}
	return shown, isActKey(shown) && contains(allowed, keyCommitment(shown.key))
}

// after gives the keys after an event signed by signer at index; false when it has no effect.
func (r registerKeys) after(typ string, body *value, signer string, index int64) (registerKeys, bool) {
	_, committed := committedKey(typ, body, r.commitments)
	switch typ {
	case "register.rotated":
		rotated := readRotated(body)
		if rotated == nil || rotated.act.kid != signer || !committed {
			return r, false
		}
		spans := append(ended(r.spans, index, ""), keySpan{rotated.act.kid, rotated.act.key, index, open})
		return registerKeys{spans, commitments{rotated.next, r.recovery}}, true
	case "register.revoked":
		revoked := readRevoked(body)
		if revoked == nil || !hasOpen(r.spans, revoked.kid) {
			return r, false
		}
		return registerKeys{ended(r.spans, index, revoked.kid), r.commitments}, true
	case "register.recovered":
		recovered := readRecovered(body)
		if recovered == nil || recovered.by.kid != signer || !isActKey(recovered.act) || !committed {
			return r, false
		}
		recovery := recovered.recovery
		if !recovered.renewed {
			for _, hash := range r.recovery {
				if hash != keyCommitment(recovered.by.key) {
					recovery = append(recovery, hash)
				}
			}
		}
		spans := append(ended(r.spans, index, ""), keySpan{recovered.act.kid, recovered.act.key, index, open})
		return registerKeys{spans, commitments{recovered.next, recovery}}, true
	}
	return r, false
}

// ended gives the spans with every open one, or only those of kid, ended at index.
func ended(spans []keySpan, index int64, kid string) []keySpan {
	out := append([]keySpan(nil), spans...)
	for i := range out {
		if out[i].until == open && (kid == "" || out[i].kid == kid) {
			out[i].until = index
		}
	}
	return out
}

func hasOpen(spans []keySpan, kid string) bool {
	for _, span := range spans {
		if span.kid == kid && span.until == open {
			return true
		}
	}
	return false
}

func hasKid(spans []keySpan, kid string) bool {
	for _, span := range spans {
		if span.kid == kid {
			return true
		}
	}
	return false
}

// readChain proves the act keys of a register and its newest cosigner key from its first leaf hash alone.
func readChain(party, first string, chain *keysChangedBody) ([]keySpan, string) {
	if chain.entries[0].index != 0 || toBase64url(leafHash(fromBase64url(chain.entries[0].leaf))) != first {
		refuse("register-chain", "not founded by the first entry this space knows")
	}
	read := readRegisterEvents(party, chain.entries)
	log := readCheckpoint(chain.checkpoint, party+"/spaces/"+read.register, read.founded.host)
	for _, entry := range chain.entries {
		if !includes(leafHash(fromBase64url(entry.leaf)), entry.index, log.size, entry.path, log.root) {
			refuse("register-chain", "entry %d is not in the checkpoint", entry.index)
		}
	}
	cosigner := read.founded.cosigner
	for _, event := range read.events {
		if rotated := readRotated(event.body); event.act.typ == "register.rotated" && rotated != nil && rotated.cosigner != "" {
			cosigner = rotated.cosigner
		}
	}
	return read.keys.spans, cosigner
}

func foundedKeys(founded *foundedBody) registerKeys {
	return registerKeys{[]keySpan{{founded.act.kid, founded.act.key, 0, open}}, commitments{founded.next, founded.recovery}}
}

// registerEvents is what a register says of its keys.
type registerEvents struct {
	founded  *foundedBody
	register string
	keys     registerKeys
	events   []chainEvent
}

type chainEvent struct {
	act  *act
	body *value
}

// readRegisterEvents follows founding and key events, each signed by a key committed to
// before. That the register holds them, and holds no newer ones, is not shown.
func readRegisterEvents(party string, entries []registerEntry) registerEvents {
	var out registerEvents
	for _, entry := range entries {
		a, body := readChainEntry(fromBase64url(entry.leaf), entry.body)
		out.events = append(out.events, chainEvent{a, body})
	}
	first := out.events[0]
	out.founded = readFounded(first.body)
	if first.act.typ != "register.founded" || out.founded == nil || !isActKey(out.founded.act) {
		refuse("register-chain", "entry 0 founds no register")
	}
	if out.founded.party != party || first.act.author != party {
		refuse("register-chain", "entry 0 does not found this party")
	}
	requireSigned(first.act, out.founded.act.key)
	out.register = first.act.space
	out.keys = foundedKeys(out.founded)
	out.events = out.events[1:]
	last := int64(0)
	for i, event := range out.events {
		index := entries[i+1].index
		// An event that changed nothing where it stands must not take effect by being shown elsewhere.
		if index <= last {
			refuse("register-chain", "entry %d is out of its order", index)
		}
		out.keys = followEvent(out.keys, index, event, party, out.register)
		last = index
	}
	return out
}

func followEvent(before registerKeys, index int64, event chainEvent, party, register string) registerKeys {
	a := event.act
	if a.author != party || a.space != register {
		refuse("register-chain", "entry %d is of another register", index)
	}
	key, found := "", false
	for _, span := range before.spans {
		if span.kid == a.kid && span.until == open {
			key, found = span.key, true
			break
		}
	}
	if !found {
		committed, ok := committedKey(a.typ, event.body, before.commitments)
		if !ok || committed.kid != a.kid {
			refuse("register-chain", "entry %d: key not committed to", index)
		}
		key = committed.key
	}
	requireSigned(a, key)
	after, ok := before.after(a.typ, event.body, a.kid, index)
	if !ok {
		refuse("register-chain", "entry %d changes no key", index)
	}
	return after
}

func readChainEntry(leaf []byte, blob string) (*act, *value) {
	_, event := readLeaf(leaf)
	part := event.body()
	if part == nil {
		refuse("register-chain", "an entry without body")
	}
	return event, parseCanonical(openBlob(fromBase64url(blob), part.hash))
}

func requireSigned(a *act, key string) {
	if !a.verify(key) {
		refuse("signature", "%s", a.hash)
	}
}

// requireFirstEntry: first is entry 0 of the party's register by the checkpoint that comes along.
func requireFirstEntry(s snapshot) {
	log := peekCheckpoint(s.checkpoint)
	prefix := s.party + "/spaces/"
	own := strings.HasPrefix(log.origin, prefix) && isID(log.origin[len(prefix):])
	if !own || !includes(fromBase64url(s.first), 0, log.size, s.proof, log.root) {
		refuse("member-register", "first entry of %s is not in the checkpoint of %s", s.party, log.origin)
	}
}
