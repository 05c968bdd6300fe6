import { InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import { getOpenIncident } from '../incidents/index.ts'
import { readLineGrounds } from './grounds/read-line-grounds.ts'
import { asRestedOn, insertResting, restedOn } from './line-rows.ts'
import type { Line, Wording } from './read-lines.ts'
import { settleRequests } from './second-person/requests.ts'
import { clearanceOf, clearedAs, wordingIn } from './standing.ts'
import { changing, getStandingLine } from './write-lines.ts'
import './tables.ts'

/** Whoever wrote the words, in the original or in this language. */
export const handsIn = (line: Line, said: Wording): string[] => [line.wording.by, said.by]

/**
 * A second person clears a line in one language, as it stood before them.
 *
 * @throws Refusal `lines.own-words`, `lines.changed-meanwhile`, `lines.behind`, `lines.flagged`
 */
export async function clearLine(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { line: id, language, seen }: { line: string; language: string; seen: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await changing(services, viewer, incident, 'line-cleared', async (tx) => {
    const line = await getStandingLine({ ...services, db: tx }, viewer, incident.id, id)
    const said = wordingIn(line, language)
    if (!said || clearedAs(line, said) !== seen) throw new Refusal('lines.changed-meanwhile')
    if (said.renders !== undefined && said.renders !== line.wording.id) throw new Refusal('lines.behind')
    if (handsIn(line, said).includes(viewer.person.id)) throw new Refusal('lines.own-words')
    if (line.flags.length > 0) throw new Refusal('lines.flagged')
    if (clearanceOf(line, said)) return false
    await insertClearance(services, viewer, tx, { line, said })
    return true
  })
}

export async function insertClearance(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { line, said }: { line: Line; said: Wording },
): Promise<void> {
  const as = clearedAs(line, said)
  await tx
    .insertInto('home.lines_clearance')
    .values({
      id: `second ${said.language} ${as} ${viewer.person.id}`,
      line: line.id,
      language: said.language,
      kind: 'second',
      cleared_as: as,
      by_person: viewer.person.id,
      at: services.clock.now(),
    })
    .onConflict((there) => there.column('id').doNothing())
    .execute()
  await settleRequests(services, tx, line.id, said.language)
}

/** The flags of a line as they are shown: whoever says that it still stands has seen exactly these. */
export const flagsSeen = ({ flags }: Line): string =>
  flags.map(({ ground, now }) => `${ground.kind} ${ground.id} ${now?.stamp ?? '-'}`).join('|')

/**
 * A person who did not write it says that a flagged line still stands, and why; it rests on what its grounds are now.
 * What cannot be found any more it rests on no longer.
 *
 * @throws Refusal `lines.own-words`, `lines.changed-meanwhile`, `lines.ground-withheld` where this person may not read
 *   what changed
 */
export async function confirmLine(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, line: lineId, seen, why }: { id: string; line: string; seen: string; why: string },
): Promise<void> {
  if (why === '') throw InvalidInput.at('why', 'lines.invalid.why')
  const incident = await getOpenIncident(services, viewer, incidentId)
  await changing(services, viewer, incident, 'line-stands', async (tx) => {
    const inside = { ...services, db: tx }
    const line = await getStandingLine(inside, viewer, incident.id, lineId)
    if (line.flags.length === 0) return false
    if (flagsSeen(line) !== seen) throw new Refusal('lines.changed-meanwhile')
    if (line.wording.by === viewer.person.id) throw new Refusal('lines.own-words')
    const rested = await restedOn(tx, line.id)
    const known = (await readLineGrounds(inside, viewer, [incident.id], rested)).get(incident.id)
    const grounds = rested.flatMap((ground) => {
      const now = known?.find(ground)
      if (!now || now.state === 'gone') return []
      if (now.stamp === ground.stamp) return [ground]
      if (now.isWithheld) throw new Refusal('lines.ground-withheld')
      return [asRestedOn(services, viewer, now)]
    })
    await insertResting(services, viewer, tx, { id, line: line.id, grounds, why })
    await settleRequests(services, tx, line.id)
    return true
  })
}

/** Who clears a sheet clears the originals on it that nobody cleared yet and they did not write. */
export async function clearOnBrief(services: Services, viewer: Viewer, tx: Tx, lines: readonly Line[]): Promise<void> {
  for (const line of lines) {
    if (line.wording.by === viewer.person.id || line.flags.length > 0) continue
    if (clearanceOf(line, line.wording)) continue
    await insertClearance(services, viewer, tx, { line, said: line.wording })
  }
}
