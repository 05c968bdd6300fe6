package main

import "fmt"

// place says where a rule was broken, as far as it is known. index is -1 when unknown.
type place struct {
	space string
	index int
	act   string
	file  string
}

// refusal is a broken rule of docs/protocol/admission.md and its place. It travels by panic
// between refuse and the nearest recover in this package, never beyond.
type refusal struct {
	rule   string
	detail string
	at     place
}

func (r *refusal) Error() string { return r.rule + ": " + r.detail }

func nowhere() place { return place{index: -1} }

func inFile(file string) place {
	at := nowhere()
	at.file = file
	return at
}

// refuse ends the judgement with the first rule that fails.
func refuse(rule, format string, facts ...any) {
	panic(&refusal{rule: rule, detail: fmt.Sprintf(format, facts...), at: nowhere()})
}

// refuseAt is refuse where the place is known at once.
func refuseAt(at place, rule, format string, facts ...any) {
	panic(&refusal{rule: rule, detail: fmt.Sprintf(format, facts...), at: at})
}

// within adds a place to whatever do refuses; what was said nearer the fault stands.
func within(at place, do func()) {
	defer func() {
		if caught := recover(); caught != nil {
			r, ok := caught.(*refusal)
			if !ok {
				panic(caught)
			}
			if r.at.space == "" {
				r.at.space = at.space
			}
			if r.at.index < 0 {
				r.at.index = at.index
			}
			if r.at.act == "" {
				r.at.act = at.act
			}
			if r.at.file == "" {
				r.at.file = at.file
			}
			panic(r)
		}
	}()
	do()
}

// try gives what do refused, or nil.
func try(do func()) (refused *refusal) {
	defer func() {
		if caught := recover(); caught != nil {
			r, ok := caught.(*refusal)
			if !ok {
				panic(caught)
			}
			refused = r
		}
	}()
	do()
	return nil
}
