import type { Services, Viewer } from '../../core/module/types.ts'
import type { Reader, Tx } from '../../core/storage/types.ts'
import { createTranslator } from '../../text/index.ts'
import type { LineGround } from './grounds/line-ground.ts'
import type { LineKind } from './kinds.ts'
import type { RestedOn } from './tables.ts'
import type { NewWording } from './write-lines.ts'
import './tables.ts'

/** A ground as its words are now, in the language of whoever rests something on it. */
export function asRestedOn(services: Services, viewer: Viewer, ground: LineGround): RestedOn {
  const { kind, id, stamp, state, marking } = ground
  const { language } = viewer.person
  const words = ground.words({ t: createTranslator(language), language, viewer, services })
  return { kind, id, stamp, state, words, ...(marking && { marking }) }
}

/** What a line rests on as it was kept, whoever asks. */
export async function restedOn(db: Reader, line: string): Promise<RestedOn[]> {
  const row = await db
    .selectFrom('home.lines_resting')
    .select('grounds')
    .where('line', '=', line)
    .orderBy('ordinal', 'desc')
    .executeTakeFirst()
  return row?.grounds ?? []
}

export const newestWording = (db: Reader, line: string) =>
  db
    .selectFrom('home.lines_wording')
    .select(['id', 'words'])
    .where('line', '=', line)
    .where('renders', 'is', null)
    .orderBy('ordinal', 'desc')
    .executeTakeFirst()

export async function insertLine(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  line: { id: string; incident: string; kind: LineKind; language: string; place: number },
): Promise<void> {
  const { id, incident, kind, language, place } = line
  await tx
    .insertInto('home.lines_line')
    .values({
      id,
      incident,
      kind,
      language,
      place,
      by_person: viewer.person.id,
      at: services.clock.now(),
      withdrawn_by: null,
      withdrawn_at: null,
    })
    .execute()
}

export async function insertWording(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  said: NewWording & { line: string; language: string; renders?: string },
): Promise<void> {
  const at = services.clock.now()
  await tx
    .insertInto('home.lines_wording')
    .values({
      id: said.id,
      line: said.line,
      language: said.language,
      question: said.question,
      words: said.words,
      renders: said.renders ?? null,
      audience: said.audience,
      marking: said.marking,
      valid_from: said.validFrom ?? at,
      valid_until: said.validUntil ?? null,
      by_person: viewer.person.id,
      at,
    })
    .execute()
}

export async function insertResting(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  resting: { id: string; line: string; grounds: readonly RestedOn[]; why: string },
): Promise<void> {
  await tx
    .insertInto('home.lines_resting')
    .values({
      id: resting.id,
      line: resting.line,
      grounds: JSON.stringify(resting.grounds),
      why: resting.why,
      by_person: viewer.person.id,
      at: services.clock.now(),
    })
    .onConflict((there) => there.column('id').doNothing())
    .execute()
}

/** Facts and particulars whose words stand with what a line rests on, or rested on. */
export async function groundsOf(tx: Tx, incident: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('home.lines_resting as r')
    .innerJoin('home.lines_line as l', 'l.id', 'r.line')
    .select('r.grounds')
    .where('l.incident', '=', incident)
    .execute()
  return rows.flatMap(({ grounds }) => grounds.map(({ id }) => id))
}
