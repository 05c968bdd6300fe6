/**
 * Writes docs/protocol/acts.md from the act definitions of the modules and the governance acts of the protocol:
 * `node --import ./tools/tsx-hook.ts tools/make-acts-table.ts`. A guard fails when page and code differ.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modules } from '../src/app/modules.ts'
import { lapsedAct } from '../src/core/clocks/index.ts'
import type { ActDefinition } from '../src/core/module/types.ts'
import type { GovernanceType } from '../src/protocol/index.ts'

type Row = Pick<ActDefinition, 'who' | 'requires' | 'effect' | 'clock'> & {
  type: string
  where: string
  release: string
}

export const actsPage = join(import.meta.dirname, '..', 'docs/protocol/acts.md')

const releases: Record<ActDefinition['release'], string> = {
  direct: 'at once',
  'one-person': 'one person, after review and hold',
  'two-person': 'drafted by one, released by another',
}

const anySpace = 'any but register'
const noPage = 'no page signs it yet'

/** What the log itself projects. Who may, and when it takes effect, is judged by every replica (admission.md). */
const governance: Record<GovernanceType, Omit<Row, 'type'>> = {
  'space.opened': {
    where: anySpace,
    who: 'a member, as entry 0; the host, if it is another party, puts it on record',
    requires:
      'every member is a pinned peer of the opener and of the host; a host that is no member orders sealed spaces only',
    effect: 'the space exists: kind, title, purpose, members with their keys, terms, drill; none of it can be edited',
    release: 'at once, by who may open spaces',
  },
  'space.member-admitted': {
    where: anySpace,
    who: 'in a case or channel of two both members, of more the opener; elsewhere the host or, where there is one, a chair',
    requires: 'the snapshot of the register holds; not a member already',
    effect: 'a member from this entry on',
    release: noPage,
  },
  'space.member-left': {
    where: anySpace,
    who: 'the party itself, or who may admit outside cases and channels',
    requires: 'a member, and not the party that orders the space',
    effect: 'no member from this entry on; its earlier acts stay',
    release: noPage,
  },
  'space.keys-changed': {
    where: anySpace,
    who: 'any member',
    requires: 'a chain of register entries from the member’s first leaf to its newest key',
    effect: 'the member’s keys in this space are those of its register, from this entry on',
    release: noPage,
  },
  'space.host-changed': {
    where: anySpace,
    who: 'the present host, or more than half of the members with the same body',
    requires: 'the new host has posted the same body',
    effect: 'the same tree goes on under the new host’s origin and key',
    release: releases['two-person'],
  },
  'space.tender-recorded': {
    where: anySpace,
    who: 'a member other than the author of the tendered act',
    requires: 'the act is on the record',
    effect: 'this member vouches that it held the act at that time',
    release: 'at once, by the node that held it',
  },
  'space.payload-erased': {
    where: anySpace,
    who: 'the author of the act whose parts it names',
    requires: 'the act stands earlier; parts of it that are no body',
    effect: 'the parts are destroyed wherever this version runs; commitment and proof stay',
    release: 'at once, by who may release erasures',
  },
  'space.erasure-confirmed': {
    where: anySpace,
    who: 'any member, by its node',
    requires: 'an erasure that took effect earlier',
    effect: 'this member says that salt, content and wrapped keys of the erased parts are gone from its database',
    release: 'by the node itself, once they are gone',
  },
  'space.history-granted': {
    where: 'a sealed space',
    who: 'any member that can read what it hands on',
    requires: 'the recipient is a member',
    effect: 'the recipient’s node opens what was sealed before it came, from an entry on, and projects the space anew',
    release: 'at once, by who may release history',
  },
  'space.closed': {
    where: anySpace,
    who: 'the host’s party, a chair or the opener',
    requires: 'not closed yet',
    effect: 'later acts of modules are without effect',
    release: noPage,
  },
  'drill.clock-set': {
    where: 'a space opened as a drill',
    who: 'the host’s party or a chair',
    requires: 'nothing',
    effect: 'from this leaf time on scenario time is the instant given, running at the rate given',
    release: 'at once, by who may direct drills',
  },
  'clock.lapsed': {
    where: anySpace,
    who: lapsedAct.who,
    requires: lapsedAct.requires,
    effect: lapsedAct.effect,
    clock: lapsedAct.clock,
    release: 'at once, by who may sign it',
  },
  'register.founded': {
    where: 'register',
    who: 'the party whose register it is, as entry 0',
    requires: 'nothing',
    effect: 'names, keys, and hashes of the keys to come',
    release: 'by set-up or `chancery init`',
  },
  'register.rotated': {
    where: 'register',
    who: 'the party, with the key it had announced',
    requires: 'the hash of that key was committed to before',
    effect: 'a new act key; the old one ends',
    release: noPage,
  },
  'register.revoked': {
    where: 'register',
    who: 'the party, with a valid, the announced or a recovery key',
    requires: 'the key it names is valid',
    effect: 'that key ends from this entry on',
    release: noPage,
  },
  'register.recovered': {
    where: 'register',
    who: 'the party, with a recovery key, which is spent by it',
    requires: 'the hash of that key was committed to before',
    effect: 'a new act key; all older act keys end',
    release: noPage,
  },
  'register.anchored': {
    where: 'register',
    who: 'the party',
    requires: 'nothing',
    effect: 'shows that an act of ours existed although its host has not put it on the record',
    release: 'at once, by the node, while the host is silent',
  },
}

function rowOf({ type, kinds, who, requires, effect, clock, release, restsOn }: ActDefinition): Row {
  const rests = restsOn ? `; what it names is ${levels[restsOn.level]} first${waivers[restsOn.without]}` : ''
  return { type, where: kinds.join(', '), who, requires, effect, clock, release: `${releases[release]}${rests}` }
}

const levels = { witnessed: 'witnessed', 'confirmed-by-all': 'confirmed by all' }
const waivers = { never: '', 'by-word': ', unless a person goes on without' }

function tableOf(rows: Row[]): string[] {
  const cells = (row: Row) => [
    `\`${row.type}\``,
    row.where,
    row.who,
    row.requires,
    row.effect,
    row.clock ?? '–',
    row.release,
  ]
  const line = (texts: string[]) => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`
  const head = ['Type', 'In', 'Who', 'Required state', 'Effect', 'Clock', 'Release']
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(cells(row)))]
}

/** The page as it should stand. */
export function actsTable(): string {
  const known = Object.entries(governance).map(([type, row]) => ({ type, ...row }))
  const parts = modules().flatMap(({ name, acts = [] }) => {
    const own = acts.filter(({ type }) => !Object.hasOwn(governance, type))
    return own.length === 0 ? [] : [`## ${name}`, '', ...tableOf(own.map(rowOf)), '']
  })
  return [
    '# Acts',
    '',
    '<!-- Generated by tools/make-acts-table.ts; change the definitions, not this page. -->',
    '',
    'Everything a party can sign, by the module that owns it. An act whose required state is missing stays on the record',
    '*without effect*, with its reason. An act of a type a node does not know is kept, proved and shown as unknown.',
    '“In” names the kinds of space. How an act is released at home is the author’s own rule; other parties cannot see it.',
    '',
    '## The log itself',
    '',
    'Membership, keys, clocks of drills and registers. Replicas of every version judge these alike ([admission](admission.md)).',
    '',
    ...tableOf(known),
    '',
    ...parts,
  ]
    .join('\n')
    .replace(/\n+$/, '\n')
}

if (import.meta.main) writeFileSync(actsPage, actsTable())
