import { createHash } from 'node:crypto'
import { Refusal } from '../../core/http/refusal.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Exit, Services, Viewer } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import type { Tlp } from '../../protocol/types.ts'
import { type LoadedIncident, loadIncident, lockIncident, publishChange, writeEntry } from '../incidents/index.ts'
import {
  clearOnBrief,
  isOnBrief,
  type Line,
  type LineState,
  readLines,
  standingIn,
  writeHoldingLines,
} from '../lines/index.ts'
import './tables.ts'

/** More lines than these nobody keeps in mind before a camera. */
export const mostLines = 7
export const lineLength = 300

export interface Brief {
  loaded: LoadedIncident
  /** What our people say at once and when they are asked, as far as it is marked for this sheet and may stand on it. */
  lines: readonly BriefLine[]
  /** How many lines so marked are left out, because their time is over or what they rest on changed. */
  leftOut: number
  /** Holding lines that stand, those left out too: what the form begins with. */
  holding: readonly string[]
  writtenBy?: Signature
  clearedBy?: Signature
  /** The reader wrote one of its lines. */
  isOwn: boolean
  /** It was cleared, and something on it is another since. */
  isChanged: boolean
  /** Names exactly what stands on it; whoever clears it clears this. */
  as: string
}

export interface BriefLine {
  line: Line
  state: LineState
  /** Cleared or not, it is said from then on; undefined where that is past. */
  notBefore?: number
}

export interface Signature {
  person: string
  name: string
  at: number
}

/**
 * One page of an incident for whoever has to speak about it. It is made of the record at home and leaves by no other
 * way than a printer.
 *
 * @throws Refusal `incidents.not-found`
 */
export async function loadBrief(
  services: Services,
  viewer: Viewer,
  id: string,
  { marking, exit = 'page' }: { marking?: Tlp; exit?: Exit } = {},
): Promise<Brief> {
  const [loaded, cleared, standing] = await Promise.all([
    loadForAll(services, viewer, id),
    newestClearance(services, id),
    linesOf(services, viewer, id, exit),
  ])
  const now = services.clock.now()
  const marked = onSheet(standing, marking ?? loaded.incident.marking)
  const lines = marked
    .filter((line) => mayStand(line, now))
    .map((line): BriefLine => {
      const { validFrom } = line.wording
      const from = Math.max(validFrom, heldUntil(line) ?? 0)
      const state = standingIn(line, line.language, { now })
      return { line, state, ...((from > now || heldUntil(line) !== undefined) && { notBefore: from }) }
    })
  const as = fingerprintOf(loaded, onSheet(standing, loaded.incident.marking))
  const newest = lines.map(({ line }) => line.wording).toSorted((a, b) => b.at - a.at)[0]
  const signed = async (person: string, at: number) => ({
    person,
    at,
    name: (await services.people.find(person))?.name ?? person,
  })
  const isCleared = cleared?.cleared_as === as
  return {
    loaded,
    lines,
    leftOut: marked.length - lines.length,
    holding: marked.filter(({ kind }) => kind === 'holding').map(({ wording }) => wording.words),
    ...(newest && { writtenBy: await signed(newest.by, newest.at) }),
    ...(cleared && { clearedBy: await signed(cleared.cleared_by, cleared.cleared_at) }),
    isOwn: lines.some(({ line }) => line.wording.by === viewer.person.id),
    isChanged: cleared !== undefined && !isCleared,
    as,
  }
}

/** Writes the holding lines anew, a row each; a sheet that was cleared before is not cleared any more. */
export async function writeLines(
  services: Services,
  viewer: Viewer,
  incident: string,
  written: { id: string; lines: string[]; language: string },
): Promise<void> {
  await writeHoldingLines(services, viewer, incident, written)
}

/**
 * A second person clears the brief as it stood before them, and with it each line on it that nobody cleared yet.
 *
 * @throws Refusal `incidents.brief-changed`, `incidents.own-brief`, `incidents.brief-empty`
 */
export async function clearBrief(services: Services, viewer: Viewer, incidentId: string, seen: string): Promise<void> {
  const { incident } = (await loadBrief(services, viewer, incidentId)).loaded
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const inside = { ...services, db: tx }
    const loaded = await loadForAll(services, viewer, incident.id)
    const marked = onSheet(await linesOf(inside, viewer, incident.id), loaded.incident.marking)
    const lines = marked.filter((line) => mayStand(line, services.clock.now()))
    if (lines.length === 0) throw new Refusal('incidents.brief-empty')
    if (lines.some(({ wording }) => wording.by === viewer.person.id)) throw new Refusal('incidents.own-brief')
    if (fingerprintOf(loaded, marked) !== seen) throw new Refusal('incidents.brief-changed')
    if ((await newestClearance(inside, incident.id))?.cleared_as === seen) return
    await tx
      .insertInto('home.brief_clearance')
      .values({
        id: newId(),
        incident: incident.id,
        cleared_by: viewer.person.id,
        cleared_at: services.clock.now(),
        cleared_as: seen,
      })
      .execute()
    await clearOnBrief(services, viewer, tx, lines)
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'brief-cleared' })
  })
  publishChange(services, incident.id)
}

/** Of an incident what all of its readers may see: a compartment of it has no place on a sheet that is read out. */
async function loadForAll(services: Services, viewer: Viewer, id: string): Promise<LoadedIncident> {
  const loaded = await loadIncident(services, viewer, id)
  return { ...loaded, facts: loaded.facts.filter(({ compartment }) => compartment === undefined) }
}

const linesOf = async (services: Services, viewer: Viewer, incident: string, exit: Exit = 'page'): Promise<Line[]> =>
  (await readLines(services, viewer, { incident, exit })).filter(isOnBrief)

/** A line marked narrower than a sheet has no place on it. */
const onSheet = (lines: readonly Line[], marking: Tlp): Line[] =>
  lines.filter(({ wording }) => tlpRank(wording.marking) <= tlpRank(marking))

/** A line that is over, flagged or held without a time is on no sheet, not even struck: paper is read out. */
function mayStand(line: Line, now: number): boolean {
  const state = standingIn(line, line.language, { now })
  return state !== 'expired' && state !== 'flagged' && heldUntil(line) !== Number.POSITIVE_INFINITY
}

/** The agreed time before which nobody says it; without end where none is agreed yet, undefined where nothing holds it. */
function heldUntil({ embargo }: Line): number | undefined {
  if (!embargo || embargo.isOver) return undefined
  return embargo.state === 'agreed' ? embargo.at : Number.POSITIVE_INFINITY
}

function newestClearance({ db }: Pick<Services, 'db'>, incident: string) {
  return db
    .selectFrom('home.brief_clearance')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('ordinal', 'desc')
    .executeTakeFirst()
}

/** Of everything a person wrote on it. Clocks run by themselves and are read at the moment of printing. */
function fingerprintOf({ incident, bottomLine, facts }: LoadedIncident, lines: readonly Line[]): string {
  const { id, title, marking, state } = incident
  const written = [id, title, marking, state, bottomLine?.sentences, facts.map((one) => [one.state, one.words])]
  const said = lines.map((line) => {
    const { kind, wording, flags } = line
    const isHidden = heldUntil(line) === Number.POSITIVE_INFINITY
    return [kind, wording.id, wording.words, flags.length > 0, ...(isHidden ? ['held'] : [])]
  })
  return createHash('sha256')
    .update(JSON.stringify([...written, said]))
    .digest('base64url')
}
