import type { PowerLine, RoleId, Verb } from './types.ts'

type Line = readonly [subject: string, verbs: readonly Verb[]]

/**
 * What each role may do in an office before the office changes its own table.
 * Reading within one's ceiling is everybody's and stands in no table.
 */
export const rolePresets: Readonly<Record<RoleId, readonly Line[]>> = {
  administrator: [['*', ['manage']]],
  analyst: [['incidents*', ['send', 'draft', 'manage']]],
  drafter: [['*', ['draft']]],
  releaser: [
    ['*', ['release', 'send']],
    ['spaces.open', ['manage']],
    ['spaces.drill', ['manage']],
    ['peers', ['manage']],
  ],
  'duty-officer': [
    ['channels.note-acknowledged', ['send']],
    ['channels.check-*', ['send']],
    ['calls.*', ['send']],
    ['assistance.request-spoken', ['draft', 'send']],
    ['channels.*', ['draft']],
    ['incidents.*', ['draft']],
  ],
  'desk-officer': [
    ['*', ['draft', 'release', 'send']],
    ['spaces.open', ['manage']],
    ['directory.relation', ['manage']],
  ],
  legal: [
    ['agreements.*', ['draft', 'release']],
    ['register.hold', ['release']],
    ['clearance.legal', ['release']],
  ],
  delegate: [['*', ['draft', 'send']]],
  secretary: [
    ['*', ['draft', 'send', 'release']],
    ['spaces.open', ['manage']],
    ['spaces.drill', ['manage']],
    ['directory*', ['manage']],
    ['peers', ['manage']],
  ],
  'head-of-office': [
    ['*', ['release', 'send']],
    ['delegations', ['manage']],
  ],
  'security-officer': [
    ['classification', ['manage']],
    ['spills', ['manage']],
  ],
}

export const roleIds = Object.keys(rolePresets) as RoleId[]

/** The powers table a new office begins with. */
export function presetPowers(office: string): PowerLine[] {
  return roleIds.flatMap((role) =>
    rolePresets[role].flatMap(([subject, verbs]) =>
      verbs.map((verb) => ({ office, role, subject, verb, secondPerson: false })),
    ),
  )
}
