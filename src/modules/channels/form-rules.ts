import type { noteForms, notePurposes } from './acts.ts'

export type NoteForm = (typeof noteForms)[number]
type Purpose = (typeof notePurposes)[number]

/** What a form of correspondence asks of its writer. */
export interface FormRules {
  /** Who speaks: the ministry of itself in the third person, or the one who signs. */
  person: 'third' | 'first' | 'either'
  courtesies: boolean
  /** A named person signs it. */
  signed: boolean
  /** It may ask for an answer by a time. */
  mayAsk: boolean
  /** What it can be for; everything if missing. */
  purposes?: readonly Purpose[]
}

/** Forms as the practice knows them (Satow, ch. 7). */
export const formRules: Record<NoteForm, FormRules> = {
  'note-verbale': { person: 'third', courtesies: true, signed: false, mayAsk: true },
  'first-person-note': { person: 'first', courtesies: true, signed: true, mayAsk: true },
  letter: { person: 'either', courtesies: true, signed: false, mayAsk: true },
  // Left behind after a talk: the arguments of what was said, without courtesies.
  'aide-memoire': { person: 'third', courtesies: false, signed: false, mayAsk: true },
  // A slip left behind: it helps the memory and asks for nothing.
  'bout-de-papier': { person: 'third', courtesies: false, signed: false, mayAsk: false },
  // Separate notes that say the same; none shows who got another.
  'circular-note': { person: 'third', courtesies: true, signed: false, mayAsk: false },
  // Between the contacts that its kind is for; it states what the kind asks for, without courtesies.
  request: {
    person: 'either',
    courtesies: false,
    signed: false,
    mayAsk: true,
    purposes: ['ask-help', 'request-information'],
  },
  notification: { person: 'third', courtesies: true, signed: false, mayAsk: false, purposes: ['inform'] },
}
