package main

import "fmt"

// evidenceReport is the outcome of judging an evidence file (docs/protocol/evidence.md).
type evidenceReport struct {
	Verdict       string               `json:"verdict"`
	SHA256        string               `json:"sha256"`
	SizeBytes     int                  `json:"sizeBytes"`
	Failure       *reportFailure       `json:"failure,omitempty"`
	Kind          string               `json:"kind,omitempty"`
	Space         string               `json:"space,omitempty"`
	Accused       *reportAccused       `json:"accused,omitempty"`
	Found         *reportFound         `json:"found,omitempty"`
	Contradiction *reportContradiction `json:"contradiction,omitempty"`
	NotChecked    *int                 `json:"notChecked,omitempty"`
}

type reportAccused struct {
	Party       string `json:"party"`
	Role        string `json:"role"`
	Key         string `json:"key"`
	First       string `json:"first"`
	Fingerprint string `json:"fingerprint"`
	Pinned      bool   `json:"pinned"`
}

type reportFound struct {
	By string `json:"by"`
	At int64  `json:"at"`
}

type reportTree struct {
	Size int64  `json:"size"`
	Root string `json:"root"`
}

type reportPromised struct {
	Checkpoint int64  `json:"checkpoint"`
	Index      int64  `json:"index"`
	Act        string `json:"act"`
	Author     string `json:"author"`
	Type       string `json:"type"`
}

type reportContradiction struct {
	Kind         string          `json:"kind"`
	Checkpoints  []reportTree    `json:"checkpoints,omitempty"`
	RootInLarger string          `json:"rootInLarger,omitempty"`
	Promised     *reportPromised `json:"promised,omitempty"`
	Checkpoint   *reportTree     `json:"checkpoint,omitempty"`
	Index        *int64          `json:"index,omitempty"`
	Act          string          `json:"act,omitempty"`
	Rule         string          `json:"rule,omitempty"`
	Detail       string          `json:"detail,omitempty"`
	RefusedAt    *int64          `json:"refusedAt,omitempty"`
	Type         string          `json:"type,omitempty"`
	Part         string          `json:"part,omitempty"`
	OpensTo      string          `json:"opensTo,omitempty"`
	WentOnAt     *int64          `json:"wentOnAt,omitempty"`
	Author       string          `json:"author,omitempty"`
	HeldBy       []reportHolder  `json:"heldBy,omitempty"`
}

type reportHolder struct {
	Party string `json:"party"`
	At    int64  `json:"at"`
}

func (r *evidenceReport) holds() bool { return r.Verdict != "refused" }

func (r *evidenceReport) lines() []string {
	file := fmt.Sprintf("File: SHA-256 %s, %d bytes", r.SHA256, r.SizeBytes)
	if !r.holds() {
		return []string{
			"REFUSED: this file proves nothing against anybody.",
			file,
			fmt.Sprintf("Rule broken: %s (%s)", r.Failure.Rule, clean(r.Failure.Detail)),
		}
	}
	pinned := "not pinned by you"
	if r.Accused.Pinned {
		pinned = "as you pinned it"
	}
	verdict := fmt.Sprintf("PROVEN: %s signed statements that cannot all be true.", r.Accused.Party)
	if r.Verdict == "attested" {
		verdict = fmt.Sprintf("ATTESTED: %s went on without an act that members say they kept and carried.", r.Accused.Party)
	}
	out := []string{
		verdict,
		file,
		fmt.Sprintf("Space %s; accused as %s.", r.Space, r.Accused.Role),
	}
	out = append(out, r.Contradiction.lines(r.Accused.Party)...)
	if *r.NotChecked > 0 {
		out = append(out, fmt.Sprintf("Lines by ML-DSA-44 on its notes, not checked: %d. The verdict does not need them.", *r.NotChecked))
	}
	known := fmt.Sprintf("The key is the one that the register of %s names. Its fingerprint, %s:", r.Accused.Party, pinned)
	if r.Accused.Role == "witness" {
		known = "It is a witness from outside, known by its verifier key alone. Compare it with the policy of the space:"
	}
	not := "- which of two histories is the right one."
	if r.Kind == "sealed-otherwise" {
		not = "- what the author meant to say: neither text counts."
	}
	out = append(out,
		known,
		"  "+r.Accused.Fingerprint,
		fmt.Sprintf("Found by %s at %s (the finder's word).", r.Found.By, instant(r.Found.At)),
		"",
		"This does NOT prove:")
	if r.Verdict == "attested" {
		out = append(out,
			"- that the act reached it: no signature shows that a message arrived. Two keepers that do not belong together weigh more than one.",
			"- that it has no answer: ask it for its signed refusal of this act first.")
	}
	out = append(out,
		"- who held the key: a stolen key signs like its owner. The party answers for it.",
		"- why: a node restored from an old backup contradicts itself as a liar does.")
	if r.Verdict != "attested" {
		out = append(out, not)
	}
	if !r.Accused.Pinned {
		out = append(out, "- that the name belongs to the party you think of: compare the digits and use --pin.")
	}
	return out
}

func (c *reportContradiction) lines(party string) []string {
	switch c.Kind {
	case "two-histories":
		smaller, larger := c.Checkpoints[0], c.Checkpoints[1]
		out := []string{
			fmt.Sprintf("Two histories: it signed %d entries with root %s,", smaller.Size, smaller.Root),
			fmt.Sprintf("and %d entries whose first %d have root %s.", larger.Size, smaller.Size, c.RootInLarger),
		}
		if p := c.Promised; p != nil {
			out = append(out, fmt.Sprintf("It had given a receipt for act %s (%s of %s) at index %d.", p.Act, clean(p.Type), p.Author, p.Index))
		}
		return out
	case "inadmissible-entry":
		return []string{
			fmt.Sprintf("It signed %d entries, of which number %d breaks rule %s:", c.Checkpoint.Size, *c.Index, c.Rule),
			"  " + clean(c.Detail),
		}
	}
	if c.Kind == "sealed-otherwise" {
		return []string{
			fmt.Sprintf("It signed act %s (%s) with part %s,", c.Act, clean(c.Type), c.Part),
			fmt.Sprintf("and its sealed bytes open to something else, whose commitment is %s.", c.OpensTo),
		}
	}
	if c.Kind == "ignored-tender" {
		out := []string{fmt.Sprintf("Act %s of %s is not among the %d entries it signed, though the rules let it stand.", c.Act, c.Author, c.Checkpoint.Size)}
		for _, holder := range c.HeldBy {
			out = append(out, fmt.Sprintf("%s says under its key that it kept it since %s.", holder.Party, instant(holder.At)))
		}
		return append(out, fmt.Sprintf("It ordered entry %d at %s, more than an hour later.", *c.Index, instant(*c.WentOnAt)))
	}
	return []string{
		fmt.Sprintf("It refused act %s by rule %s (%s),", c.Act, clean(c.Rule), instant(*c.RefusedAt)),
		fmt.Sprintf("and signed a record in which this act stands at index %d. %s cannot have meant both.", *c.Index, party),
	}
}
