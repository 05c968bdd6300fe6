package main

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

func (r *report) holds() bool { return r.Verdict == "accepted" }

// lines tell the outcome to a person at a terminal; the last ones say what is not proven.
func (r *report) lines() []string {
	if r.Verdict != "accepted" {
		return r.refusedLines()
	}
	out := []string{
		"ACCEPTED: every entry, signature and part in this dossier holds.",
		fmt.Sprintf("File: SHA-256 %s, %d bytes", r.SHA256, r.SizeBytes),
	}
	if r.Drill {
		out = append(out, "DRILL: spaces marked DRILL below were an exercise. Nothing in them happened.")
	}
	out = append(out, fmt.Sprintf("Made by %s at %s", clean(*r.Maker), instant(*r.Made)),
		"Purpose: "+clean(*r.Purpose), "For: "+clean(*r.Audience))
	for _, space := range r.Spaces {
		out = append(append(out, ""), space.lines()...)
	}
	for _, w := range r.Warnings {
		out = append(out, fmt.Sprintf("Note: entry %d of %s bears a time later than a cosignature over it; clocks differ.", w.Index, w.Space))
	}
	out = append(out, "", "Names are believed under these fingerprints:")
	for _, f := range r.Fingerprints {
		out = append(out, f.lines()...)
	}
	for _, party := range r.UnusedPins {
		out = append(out, "Pinned, but not in this dossier: "+clean(party))
	}
	out = append(out, "", "This does NOT prove:")
	for _, code := range r.NotProven {
		out = append(out, "- "+notProvenTexts[code])
	}
	return out
}

var notProvenTexts = map[string]string{
	"content-true":      "that what was said is true: only that it was said, by whom, in what order.",
	"which-human":       "which human acted: a party signs, and the office is its own word.",
	"nothing-elsewhere": "that nothing was said elsewhere: other spaces, calls and meetings are not here.",
	"finer-time":        "a time finer than the witnesses give: entries bear the host's clock, and only cosignatures say by when all of it existed.",
	"makers-words":      "the purpose, the audience and the reasons for withholding: the maker's words, unsigned.",
	"names-unpinned":    "that a name belongs to the party you think of, where its fingerprint is not pinned: compare the digits with the party and verify again with --pin.",
	"register-absent":   "that a key was the party's own, where its register is not included: there the opener's word stands.",
	"not-cosigned":      "that the host showed everybody the same log, where no other member has cosigned it.",
	"content-withheld":  "what withheld parts contain: the signed statements prove only that they exist and their size.",
}

func (r *report) refusedLines() []string {
	f := r.Failure
	out := []string{
		"REFUSED: do not rely on anything in this dossier.",
		fmt.Sprintf("File: SHA-256 %s, %d bytes", r.SHA256, r.SizeBytes),
	}
	add := func(label, text string) {
		if text != "" {
			out = append(out, label+clean(text))
		}
	}
	add("Space: ", f.Space)
	if f.Index != nil {
		out = append(out, fmt.Sprintf("Entry: %d", *f.Index))
	}
	add("Act: ", f.Act)
	add("Place: ", f.File)
	return append(out, fmt.Sprintf("Rule broken: %s (%s)", f.Rule, clean(f.Detail)))
}

func (s reportSpace) lines() []string {
	title := s.Title["en"]
	if s.Kind == "register" {
		title = "of " + s.Host
	}
	head := s.Kind + " " + clean(title)
	if s.Drill != nil {
		head = "DRILL " + head
	}
	var members []string
	for _, m := range s.Members {
		text := m.Party
		if m.Role != "member" {
			text += " (" + m.Role + ")"
		}
		if m.Until != nil {
			text += fmt.Sprintf(" (until entry %d)", *m.Until)
		}
		members = append(members, text)
	}
	out := []string{
		strings.TrimRight(head, " "),
		fmt.Sprintf("  space %s, %d entries, ordered by %s", s.Space, s.Size, s.Host),
		"  root " + s.Root,
		"  members: " + strings.Join(members, ", "),
	}
	for _, keys := range s.Keys {
		for _, span := range keys.Spans {
			entries := fmt.Sprintf("from %d on", span.From)
			if span.Until != nil {
				entries = fmt.Sprintf("%d to %d", span.From, *span.Until-1)
			}
			out = append(out, fmt.Sprintf("  key of %s: %s for entries %s", keys.Party, span.Kid, entries))
		}
	}
	if len(s.Cosigned) == 0 {
		out = append(out, "  cosigned by no member")
	}
	for _, line := range s.Cosigned {
		out = append(out, fmt.Sprintf("  cosigned by %s at %s", line.Party, instant(line.Time)))
	}
	out = append(out, s.levelLines()...)
	for _, a := range s.Acts {
		out = append(out, a.lines()...)
	}
	return out
}

func (a reportAct) lines() []string {
	var drawbacks []string
	if a.State == "withheld" {
		why := "withheld"
		if a.Why != nil {
			why = *a.Why
		}
		drawbacks = append(drawbacks, "proof without text: "+why)
	}
	if a.WithoutEffect != "" {
		drawbacks = append(drawbacks, "without effect: "+a.WithoutEffect)
	}
	head := fmt.Sprintf("  %4d  %s  %s (%s): %s  TLP:%s", a.Index, instant(a.Time), a.Author, a.Office, a.Type, a.TLP)
	if len(drawbacks) > 0 {
		head += "  [" + strings.Join(drawbacks, "; ") + "]"
	}
	out := append([]string{head, "        act " + a.Act}, a.carriedLines()...)
	if a.State != "selected" {
		return out
	}
	for _, p := range a.Parts {
		state := p.State
		if p.Why != nil {
			state += ": " + *p.Why
		}
		if p.By != nil {
			state += fmt.Sprintf(" by entry %d", *p.By)
		}
		out = append(out, fmt.Sprintf("        %s, %s, %d bytes: %s", p.Role, p.Media, p.Size, state))
	}
	return out
}

func (f reportFingerprint) lines() []string {
	pinned := "NOT pinned"
	if f.Pinned {
		pinned = "pinned by you"
	}
	register := "register not included"
	if f.Register == "included" {
		register = "register included"
	}
	return []string{"  " + f.Party + ": " + pinned + "; " + register, "    " + f.Fingerprint[:47], "    " + f.Fingerprint[48:]}
}

func instant(ms int64) string {
	// Beyond the year 9999 a date says less than the number.
	if ms > 253402300799999 {
		return fmt.Sprintf("%d ms", ms)
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05Z")
}

// clean keeps text from the file from steering the terminal it is printed on.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029 {
			return '?'
		}
		return r
	}, text)
}
