package main

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Witness policies (docs/protocol/witnessing.md, Policy): texts of C2SP tlog-policy.

type policyWitness struct {
	name, keyName, key string
	kind               byte
}

type policyGroup struct {
	name      string
	threshold int
	members   []string
}

type policy struct {
	logs      int
	witnesses []policyWitness
	groups    []policyGroup
	quorum    string
	keys      map[string]bool
	grouped   map[string]bool
}

const (
	maxPolicy     = 256 * 1024
	maxPolicyList = 512
	mlDsa44Line   = 0x06
	mlDsa44Key    = 1312
)

const spacesAndPlus = `\x09-\x0d\x20+\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`

var nameForm = regexp.MustCompile(`^[^` + spacesAndPlus + `]+$`)

var vkeyForm = regexp.MustCompile(`^([^` + spacesAndPlus + `]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$`)

// parsePolicy reads a policy; nil when it says nothing definite.
func parsePolicy(text string) *policy {
	if len(text) > maxPolicy {
		return nil
	}
	p := &policy{keys: map[string]bool{}, grouped: map[string]bool{}}
	for _, line := range strings.Split(text, "\n") {
		if !p.line(line) {
			return nil
		}
	}
	if p.quorum == "" {
		return nil
	}
	return p
}

func (p *policy) line(line string) bool {
	for i := 0; i < len(line); i++ {
		if line[i] < 0x20 && line[i] != '\t' || line[i] == 0x7f {
			return false
		}
	}
	words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return true
	}
	rest := words[1:]
	switch words[0] {
	case "log":
		return p.log(rest)
	case "witness":
		return p.witness(rest)
	case "group":
		return p.group(rest)
	case "quorum":
		if len(rest) != 1 || p.quorum != "" || rest[0] != "none" && !p.defined(rest[0]) {
			return false
		}
		p.quorum = rest[0]
		return true
	}
	return false
}

func (p *policy) log(words []string) bool {
	if len(words) < 1 || len(words) > 2 {
		return false
	}
	_, key, kind, ok := readVkey(words[0])
	if !ok || kind != checkpointLine || p.keys["log "+key] {
		return false
	}
	p.keys["log "+key] = true
	p.logs++
	return p.logs <= maxPolicyList
}

func (p *policy) witness(words []string) bool {
	if len(words) < 2 || len(words) > 3 || words[0] == "none" || p.defined(words[0]) {
		return false
	}
	keyName, key, kind, ok := readVkey(words[1])
	if !ok || kind == checkpointLine || p.keys[key] {
		return false
	}
	p.keys[key] = true
	p.witnesses = append(p.witnesses, policyWitness{words[0], keyName, key, kind})
	return len(p.witnesses) <= maxPolicyList
}

var countForm = regexp.MustCompile(`^[1-9][0-9]{0,3}$`)

func (p *policy) group(words []string) bool {
	if len(words) < 3 || words[0] == "none" || p.defined(words[0]) {
		return false
	}
	name, count, members := words[0], words[1], words[2:]
	for _, member := range members {
		if !p.defined(member) || p.grouped[member] {
			return false
		}
		p.grouped[member] = true
	}
	threshold := 0
	switch {
	case count == "any":
		threshold = 1
	case count == "all":
		threshold = len(members)
	case countForm.MatchString(count):
		threshold, _ = strconv.Atoi(count)
	}
	if threshold < 1 || threshold > len(members) {
		return false
	}
	p.groups = append(p.groups, policyGroup{name, threshold, members})
	return len(p.groups) <= maxPolicyList
}

func (p *policy) defined(name string) bool {
	for _, w := range p.witnesses {
		if w.name == name {
			return true
		}
	}
	for _, g := range p.groups {
		if g.name == name {
			return true
		}
	}
	return false
}

// met tells whether these witnesses, by their names in the policy, make its quorum.
func (p *policy) met(signed map[string]bool) bool {
	holds := map[string]bool{}
	for _, w := range p.witnesses {
		holds[w.name] = signed[w.name]
	}
	for _, g := range p.groups {
		count := 0
		for _, member := range g.members {
			if holds[member] {
				count++
			}
		}
		holds[g.name] = count >= g.threshold
	}
	return p.quorum == "none" || holds[p.quorum]
}

// isKeyName tells whether C2SP lets a key be called so: no spaces, no plus.
func isKeyName(text string) bool {
	return nameForm.MatchString(text) && utf8.RuneCountInString(text) <= 300
}

// readVkey reads `<name>+<id>+<key>`; the id has to be that of name and key.
func readVkey(text string) (name, key string, kind byte, ok bool) {
	match := vkeyForm.FindStringSubmatch(text)
	if match == nil || !isKeyName(match[1]) || len(match[3]) > 2000 {
		return
	}
	b, fine := decodeBase64(match[3])
	if !fine || len(b) < 2 {
		return
	}
	name, kind, key = match[1], b[0], toBase64url(b[1:])
	switch kind {
	case checkpointLine, cosignatureLine:
		ok = isUsableKey(key)
	case mlDsa44Line:
		ok = len(b) == mlDsa44Key+1
	}
	return name, key, kind, ok && hex.EncodeToString(keyHashOf(name, b[1:], kind)) == match[2]
}
