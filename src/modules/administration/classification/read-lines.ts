import type { Classification, ClassLevel, Equivalence, ReleaseGroup } from '../../../core/markings/index.ts'
import { partyName } from '../../../core/module/fields.ts'
import { InvalidInput } from '../../../core/http/index.ts'
import { languages } from '../../../text/index.ts'

/** A list typed or pasted, one thing to a line, its fields divided by semicolons. */
const most = 500

function linesOf(field: string, typed: string): { cells: string[]; line: number }[] {
  const lines = typed.replaceAll('\r\n', '\n').split('\n')
  const used = lines.flatMap((text, at) =>
    text.trim() === '' || text.startsWith('#')
      ? []
      : [{ cells: text.split(';').map((cell) => cell.trim()), line: at + 1 }],
  )
  if (used.length > most) throw InvalidInput.at(field, 'administration.classification.invalid.too-many', { most })
  return used
}

/** Capitals, figures, blanks and hyphens, so that the marking `<party>/<level>` is one for every reader. */
const levelId = /^[A-Z][A-Z0-9 -]{0,29}$/

function wrong(field: string, line: number, what: string): InvalidInput {
  return InvalidInput.at(field, `administration.classification.invalid.${what}`, { line })
}

/** The order the hint names; further languages follow. */
const inOrder = (): string[] => [...new Set(['en', 'fr', 'ar', ...languages()])]

function namesFrom(cells: readonly string[]): Record<string, string> {
  return Object.fromEntries(inOrder().flatMap((language, at) => (cells[at] ? [[language, cells[at]]] : [])))
}

/** Lowest first: `RESTRICTED; Restricted; Diffusion restreinte; …`, names in the order of the languages. */
export function readLadder(typed: string, party: string): ClassLevel[] {
  const levels = linesOf('ladder', typed).map(({ cells: [id = '', ...names], line }) => {
    if (!levelId.test(id)) throw wrong('ladder', line, 'level')
    if (`${party}/${id}`.length > 64) throw wrong('ladder', line, 'too-long')
    return { id, names: namesFrom(names), line }
  })
  const twice = levels.find(({ id }, at) => levels.findIndex((one) => one.id === id) !== at)
  if (twice) throw wrong('ladder', twice.line, 'twice')
  return levels.map(({ id, names }) => ({ id, names }))
}

/** `borovia.example; SECRET; CONFIDENTIAL; Exchange of notes of 3 May 2024`. Each has its source; none is guessed. */
export function readEquivalences(typed: string, { ladder }: Classification, party: string): Equivalence[] {
  return linesOf('equivalences', typed).map(({ cells, line }) => {
    const [of = '', theirs = '', ours = '', ...rest] = cells
    const source = rest.join('; ')
    if (!partyName.safeParse(of).success || of === party) throw wrong('equivalences', line, 'party')
    if (!levelId.test(theirs)) throw wrong('equivalences', line, 'level')
    if (!ladder.some(({ id }) => id === ours)) throw wrong('equivalences', line, 'not-ours')
    if (source === '' || source.length > 300) throw wrong('equivalences', line, 'no-source')
    return { party: of, theirs, ours, source }
  })
}

/** `MOSC; Meridian Organisation; …; aurelia.example borovia.example`: names, then the parties. */
export function readGroups(typed: string): ReleaseGroup[] {
  return linesOf('groups', typed).map(({ cells, line }) => {
    const [id = '', ...rest] = cells
    const parties = (rest.at(-1) ?? '').split(/[\s,]+/).filter(Boolean)
    if (!levelId.test(id)) throw wrong('groups', line, 'group')
    if (rest.length < 2 || parties.length === 0 || !parties.every((one) => partyName.safeParse(one).success))
      throw wrong('groups', line, 'group-parties')
    return { id, names: namesFrom(rest.slice(0, -1)), parties: [...new Set(parties)].sort() }
  })
}

const namesLine = (names: Record<string, string>) => inOrder().map((language) => names[language] ?? '')

/** The lists as they are typed again. */
export const linesFrom = ({ ladder, equivalences, groups }: Classification) => ({
  ladder: ladder.map(({ id, names }) => [id, ...namesLine(names)].join('; ')).join('\n'),
  equivalences: equivalences.map((one) => [one.party, one.theirs, one.ours, one.source].join('; ')).join('\n'),
  groups: groups.map(({ id, names, parties }) => [id, ...namesLine(names), parties.join(' ')].join('; ')).join('\n'),
})
