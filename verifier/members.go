package main

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// pin is a fingerprint the reader compared with the party.
type pin struct{ party, digits string }

// snapshotsOf gives what the acts of a log say of members' keys.
func snapshotsOf(log *replay) []placedSnapshot {
	var out []placedSnapshot
	for index, e := range log.entries {
		if log.state.kind == "register" || e.withoutEffect != "" {
			continue
		}
		var brought []snapshot
		switch e.act.typ {
		case "space.opened":
			brought = readOpened(log.bodyOf(e.act)).members
		case "space.member-admitted":
			brought = []snapshot{*readAdmitted(log.bodyOf(e.act))}
		}
		for _, s := range brought {
			out = append(out, placedSnapshot{index, e.act.hash, s})
		}
	}
	return out
}

// judgeMembers joins what spaces say of their members with the registers that are here, and
// with the reader's pins.
func (d *dossier) judgeMembers() []reportFingerprint {
	registers := map[string]*judgedSpace{}
	for _, space := range d.spaces {
		if space.report.Kind == "register" {
			registers[space.first] = space
		}
	}
	known := map[string]reportFingerprint{}
	for _, space := range d.spaces {
		for _, m := range space.members {
			register := registers[m.snapshot.first]
			at := nowhere()
			at.space, at.index, at.act = space.report.Space, m.index, m.act
			within(at, func() { requireRegister(m.snapshot, register) })
			d.believe(known, m.snapshot.party, m.snapshot.first, register != nil)
		}
	}
	for _, space := range d.spaces {
		if space.report.Kind == "register" {
			d.believe(known, space.report.Host, space.first, true)
		}
	}
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	sort.Strings(names)
	out := []reportFingerprint{}
	for _, name := range names {
		out = append(out, known[name])
	}
	return out
}

func (d *dossier) believe(known map[string]reportFingerprint, party, first string, included bool) {
	digits := fingerprintOf(first)
	f := reportFingerprint{Party: party, First: first, Fingerprint: digits, Register: "absent"}
	if included {
		f.Register = "included"
	}
	for _, p := range d.pins {
		if p.party == party {
			if readFingerprint(p.digits) != digits {
				refuse("dossier-pin", "%s: %s", party, digits)
			}
			f.Pinned = true
		}
	}
	known[party+" "+first] = f
}

// requireRegister: the register is the party's, reaches the snapshot's checkpoint, agrees
// with it, and held the key that was brought.
func requireRegister(s snapshot, register *judgedSpace) {
	if register == nil {
		return
	}
	state, roots := register.log.state, register.log.tree.roots
	host := state.hostAt(state.size)
	claimed := readCheckpoint(s.checkpoint, host.origin, host.key)
	if state.host.party != s.party || claimed.size >= int64(len(roots)) || roots[claimed.size] != toBase64url(claimed.root) {
		refuse("member-register", "%s: its register shows another history at %d", s.party, claimed.size)
	}
	if keyAt(state.member(s.party).keys, s.act.kid, claimed.size-1) != s.act.key {
		refuse("member-register", "%s: another key", s.party)
	}
}

// fingerprintOf prints a first leaf hash as 16 groups of five digits, each two bytes.
func fingerprintOf(first string) string {
	b := fromBase64url(first)
	var groups []string
	for i := 0; i < 32; i += 2 {
		groups = append(groups, fmt.Sprintf("%05d", int(b[i])<<8|int(b[i+1])))
	}
	return strings.Join(groups, " ")
}

var digitsForm = regexp.MustCompile(`^[0-9]{80}$`)

// readFingerprint gives digits as somebody typed them in the printed grouping, or "".
func readFingerprint(typed string) string {
	digits := strings.Map(func(r rune) rune {
		if r == '-' || isSpace(r) {
			return -1
		}
		return r
	}, typed)
	if !digitsForm.MatchString(digits) {
		return ""
	}
	var groups []string
	for i := 0; i < 80; i += 5 {
		if number, err := strconv.Atoi(digits[i : i+5]); err != nil || number > 0xffff {
			return ""
		}
		groups = append(groups, digits[i:i+5])
	}
	return strings.Join(groups, " ")
}
