package main

import "sort"

// A host that went on without an act that members kept and carried (docs/protocol/tender.md).

const ignoredGrace = 60 * 60 * 1000

type tenderReceipt struct {
	space, act, by string
	at             int64
	seenSize       int64
	seenRoot       string
}

// judgeTender: the whole record of the accused, in which the act is missing although it could stand there.
func (e *evidence) judgeTender() *reportContradiction {
	if e.role != "host" {
		refuse("evidence-statement", "only hosts order acts")
	}
	signed := e.signedBy(e.notes[0])
	var leaves [][]byte
	for _, text := range e.entries {
		leaves = append(leaves, fromBase64url(text))
	}
	var log *replay
	bodyOf := e.bodyReader()
	if broken := try(func() { log = replayLog(leaves, bodyOf) }); broken != nil {
		refuse("evidence-no-contradiction", "entry %d: %s", broken.at.index, broken.rule)
	}
	if log.state.space != e.space {
		refuse("wrong-space", "%s", log.state.space)
	}
	if log.state.size != signed.size || log.tree.roots[log.state.size] != toBase64url(signed.root) {
		refuse("evidence-proof", "%d entries are not the %d that were signed", log.state.size, signed.size)
	}
	if log.state.host.party != e.party || log.state.host.key != e.key {
		refuse("evidence-statement", "%s orders the space", log.state.host.party)
	}
	a := readEnvelope(e.tendered)
	if e.hasAnswer {
		if said := readRefusal(e.refusal, e.key); said != nil && said.act == a.hash && said.space == e.space {
			refuse("not-ignored", "the host answered: %s", said.rule)
		}
	}
	out := e.judgeIgnored(log, a)
	tree := treeOf(signed)
	out.Checkpoint = &tree
	return out
}

func (e *evidence) judgeIgnored(log *replay, a *act) *reportContradiction {
	if log.acts[a.hash] {
		refuse("not-ignored", "it is on the record")
	}
	holders := e.holders(log, a)
	if len(holders) == 0 {
		refuse("tender-shape", "no member besides author and host vouches for it")
	}
	first := holders[0]
	since := first.seenSize
	if last := log.state.hosts[len(log.state.hosts)-1].from; last > since {
		since = last
	}
	wentOn := int64(-1)
	for index, one := range log.entries {
		if int64(index) >= since && one.time > first.at+ignoredGrace {
			wentOn = int64(index)
			break
		}
	}
	if wentOn < 0 {
		refuse("not-ignored", "the host ordered nothing after the grace")
	}
	if refused := try(func() { log.admit(&entry{act: a, time: log.state.time}, nil) }); refused != nil {
		refuse("not-ignored", "it could not stand: %s", refused.rule)
	}
	out := &reportContradiction{Kind: e.kind, Index: &wentOn, WentOnAt: &log.entries[wentOn].time, Act: a.hash, Author: a.author}
	for _, holder := range holders {
		out.HeldBy = append(out.HeldBy, reportHolder{holder.by, holder.at})
	}
	return out
}

// holders gives the earliest receipt of each present member besides author and host, earliest first.
func (e *evidence) holders(log *replay, a *act) []tenderReceipt {
	var out []tenderReceipt
	for _, parts := range e.receipts {
		receipt := readTenderReceipt(parts, log.state)
		if receipt == nil || receipt.act != a.hash || receipt.space != log.state.space {
			continue
		}
		if !log.state.member(receipt.by).belongsAt(log.state.size) {
			continue
		}
		if receipt.seenSize > log.state.size || log.tree.roots[receipt.seenSize] != receipt.seenRoot {
			continue
		}
		known := false
		for i := range out {
			if out[i].by == receipt.by {
				known = true
				if out[i].at > receipt.at {
					out[i] = *receipt
				}
			}
		}
		if !known {
			out = append(out, *receipt)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].at < out[j].at })
	var others []tenderReceipt
	for _, one := range out {
		if one.by != a.author && one.by != log.state.host.party {
			others = append(others, one)
		}
	}
	return others
}

// readTenderReceipt reads what a member signed when it kept an act; nil when no key of it signed this.
func readTenderReceipt(parts [3]string, state *spaceState) (out *tenderReceipt) {
	payload, protected, signature := parts[0], parts[1], parts[2]
	refused := try(func() {
		var s shape
		get := s.object(parseCanonical(fromBase64url(payload)), []string{"v", "space", "act", "by", "at", "seen"}, nil)
		s.whole(get("v"), 1, 1)
		read := &tenderReceipt{space: s.id(get("space")), act: s.hash(get("act")), by: s.party(get("by")), at: s.whole(get("at"), 0, maxSafe)}
		seen := s.object(get("seen"), []string{"size", "root"}, nil)
		read.seenSize, read.seenRoot = s.whole(seen("size"), 0, maxSafe), s.hash(seen("root"))
		if !s.fits() {
			refuse("tender-shape", "receipt")
		}
		member := state.member(read.by)
		if member == nil {
			refuse("tender-shape", "no member")
		}
		for _, span := range member.keys {
			header := `{"alg":"Ed25519","kid":"` + span.kid + `","typ":"chancery-tender+json"}`
			if protected != toBase64url([]byte(header)) {
				continue
			}
			key, ok := decodeBase64url(span.key)
			if ok && verifyStrict(key, []byte(protected+"."+payload), fromBase64url(signature)) {
				out = read
			}
			return
		}
	})
	if refused != nil {
		return nil
	}
	return out
}
