import { createHash } from 'node:crypto'
import { audit } from '../../../core/auth/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import { markingText } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Db, Reader, Tx } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { formatDate } from '../../../text/index.ts'
import { nameIn } from '../../entrance/index.ts'
import '../tables.ts'
import { judgeActs } from '../transfers/judge-acts.ts'
import type { CopyDecision, CopyState, CopyTerms } from './copy-facts.ts'
import {
  fingerprintOf,
  groundsOf,
  linesOf,
  mostPassages,
  nothingChosen,
  type PlannedCopy,
  planCopy,
  shownTo,
} from './plan-copy.ts'
import { type CopyFrame, copySheet, copyText } from './redacted-copy.ts'

export interface AccessCopy extends CopyTerms, CopyDecision {
  id: string
  state: CopyState
  grounds: string[]
  /** The gate shut the document when it was decided: the copy is one mark. */
  isShut: boolean
  proposedBy: { id: string; name: string; at: number }
  confirmedBy?: { name: string; office: string; at: number }
  /** Of the sheet and of the plain text. */
  made?: { sha256: string; textSha256: string }
}

const dayMs = 86_400_000
/** A sheet of some hundred pages. */
const mostBytes = 8 * 1024 * 1024

const columns = [
  ...(['id', 'act', 'requester', 'reference', 'ceiling', 'language', 'choice', 'other_words', 'grounds'] as const),
  ...(['is_shut', 'state', 'proposed_by', 'proposed_by_name', 'proposed_at'] as const),
  ...(['confirmed_by_name', 'confirmed_at', 'office', 'sha256', 'text_sha256'] as const),
] as const

const rowsOf = (db: Reader) => db.selectFrom('home.access_copy').select(columns)
type Row = Awaited<ReturnType<ReturnType<typeof rowsOf>['executeTakeFirstOrThrow']>>

function copyOf(row: Row): AccessCopy {
  const { id, act, requester, reference, language, choice, grounds } = row
  return {
    ...{ id, act, requester, reference, language, choice, grounds },
    ceiling: row.ceiling as Tlp,
    state: row.state as CopyState,
    isShut: row.is_shut,
    ...(row.other_words !== null && { otherWords: row.other_words }),
    proposedBy: { id: row.proposed_by, name: row.proposed_by_name, at: row.proposed_at },
    ...(row.confirmed_at !== null && {
      confirmedBy: { name: row.confirmed_by_name ?? '', office: row.office ?? '', at: row.confirmed_at },
    }),
    ...(row.sha256 !== null && { made: { sha256: row.sha256, textSha256: row.text_sha256 ?? '' } }),
  }
}

/** @throws Refusal `not-found` */
export async function getCopy(db: Reader, id: string): Promise<AccessCopy> {
  const row = await rowsOf(db).where('id', '=', id).executeTakeFirst()
  if (!row) throw new Refusal('not-found')
  return copyOf(row)
}

/** Copies of a document, or all that wait; newest first. */
export async function listCopies(db: Reader, of: { act: string } | { state: CopyState }): Promise<AccessCopy[]> {
  const rows = rowsOf(db).orderBy('proposed_at', 'desc').limit(200)
  const found = 'act' in of ? rows.where('act', '=', of.act) : rows.where('state', '=', of.state)
  return (await found.execute()).map(copyOf)
}

/** Whoever decides need not prepare; both have a part in a copy. */
export const hasPart = (viewer: Viewer): boolean =>
  viewer.may('register.access:draft') || viewer.may('register.access:release')

/** Copies of what was said as an act, before whoever has a part in them. */
export async function copiesFor(
  { db }: Pick<Services, 'db'>,
  viewer: Viewer,
  { id, space }: { id: string; space?: string },
): Promise<AccessCopy[] | undefined> {
  return space !== undefined && hasPart(viewer) ? listCopies(db, { act: id }) : undefined
}

/**
 * Puts a decision before a second person. The same id again changes nothing.
 *
 * @param seen - Fingerprint of the document as this person read it, before choosing.
 * @throws Refusal `channels-access-changed`
 */
export async function proposeCopy(
  services: Services,
  viewer: Viewer,
  terms: CopyTerms,
  { id, seen, ...asked }: CopyDecision & { id: string; seen: string },
): Promise<void> {
  const plan = await planCopy(services, viewer, terms)
  if (fingerprintOf(plan, terms, nothingChosen) !== seen) throw new Refusal('channels-access-changed')
  const decision = { ...asked, choice: known(plan, asked.choice) }
  const grounds = groundsOf(plan, decision)
  const at = services.clock.now()
  await services.db.transaction().execute(async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('home.access_copy')
      .values({
        ...{ id, act: terms.act, ceiling: terms.ceiling, language: terms.language, state: 'proposed' },
        ...{ requester: decision.requester, reference: decision.reference, is_shut: plan.shut !== undefined },
        ...{ choice: JSON.stringify(decision.choice), grounds: JSON.stringify(grounds) },
        other_words: decision.otherWords ?? null,
        fingerprint: fingerprintOf(plan, terms, decision),
        ...{ proposed_by: viewer.person.id, proposed_by_name: viewer.person.name, proposed_at: at },
        ...{ confirmed_by_name: null, confirmed_at: null, office: null },
        ...{ sha256: null, text_sha256: null, sheet: null, words: null },
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows)
      await minute(tx, at, 'access-proposed', { id, ...terms, ...decision, grounds }, viewer)
  })
}

/** Only passages there are, and only grounds of the file. @throws Refusal `channels-access-changed` */
function known({ passages, rules }: PlannedCopy, choice: CopyDecision['choice']): CopyDecision['choice'] {
  const ids = new Set(passages.map(({ id }) => id))
  const grounds = new Set(rules.grounds.map(({ id }) => id))
  for (const [id, ground] of Object.entries(choice))
    if (!ids.has(id) || !grounds.has(ground)) throw new Refusal('channels-access-changed')
  return choice
}

/**
 * A second person confirms what they read themselves; with it the copy is made and kept.
 *
 * @throws Refusal `channels-access-own`, `channels-access-changed`, `channels-access-not-now`, `channels-access-too-long`
 */
export async function confirmCopy(services: Services, viewer: Viewer, id: string, seen: string): Promise<void> {
  const copy = await getCopy(services.db, id)
  if (copy.proposedBy.id === viewer.person.id) throw new Refusal('channels-access-own')
  const plan = await planCopy(services, viewer, copy)
  const at = services.clock.now()
  const office = nameIn(viewer.office.name, copy.language, viewer.office.id)
  const made = await makeCopy(services, copy, plan, { office, at })
  await services.db.transaction().execute(async (tx) => {
    const row = await lockIn(tx, id, 'proposed')
    const now = fingerprintOf(plan, copy, copy)
    if (now !== seen || now !== row.fingerprint) throw new Refusal('channels-access-changed')
    await tx
      .updateTable('home.access_copy')
      .set({ state: 'made', confirmed_by_name: viewer.person.name, confirmed_at: at, office, ...made })
      .where('id', '=', id)
      .execute()
    await minute(tx, at, 'access-made', copy, viewer, { sha256: made.sha256, text: made.text_sha256 })
  })
}

async function makeCopy(
  services: Services,
  copy: AccessCopy,
  plan: PlannedCopy,
  { office, at }: { office: string; at: number },
) {
  const day = Math.floor(at / dayMs) * dayMs
  const frame: CopyFrame = {
    ...{ language: copy.language, reference: copy.reference, office, day },
    dayWords: formatDate(day, 'UTC', copy.language),
    issuer: services.signedNameOf(services.party, copy.language),
    marking: markingText(plan.marking),
    isDrill: plan.entry.drill !== undefined,
  }
  const lines = linesOf(plan, copy, copy)
  const words = Buffer.from(copyText(lines, frame, plan.rules))
  const sheet = Buffer.from(await copySheet(lines, frame, plan.rules))
  if (sheet.length + words.length > mostBytes) throw new Refusal('channels-access-too-long', { count: mostPassages })
  return { sheet, words, sha256: hashOf(sheet), text_sha256: hashOf(words) }
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Before it is confirmed the decision goes; afterwards the bytes do, and what was decided stays on record. */
export async function withdrawCopy(services: Services, viewer: Viewer, id: string): Promise<void> {
  const at = services.clock.now()
  await services.db.transaction().execute(async (tx) => {
    await lockIn(tx, id, 'proposed', 'made')
    const set = { state: 'withdrawn', sheet: null, words: null }
    await tx.updateTable('home.access_copy').set(set).where('id', '=', id).execute()
    await minute(tx, at, 'access-withdrawn', await getCopy(tx, id), viewer)
  })
}

/**
 * The very bytes that were made, as long as what is in them may go.
 *
 * @throws Refusal `channels-access-not-now`, `channels-access-changed`
 */
export async function takeCopy(
  services: Services,
  viewer: Viewer,
  copy: AccessCopy,
  form: 'sheet' | 'words',
): Promise<Uint8Array> {
  if (copy.state !== 'made') throw new Refusal('channels-access-not-now')
  const judged = copy.isShut || (await judgeActs(services, copy, [copy.act], shownTo)).get(copy.act)?.leaves
  if (!judged) throw new Refusal('channels-access-changed')
  const row = await services.db
    .selectFrom('home.access_copy')
    .select(form)
    .where('id', '=', copy.id)
    .executeTakeFirstOrThrow()
  const bytes = (row as Partial<Record<typeof form, Uint8Array | null>>)[form]
  if (!bytes) throw new Refusal('channels-access-not-now')
  await minute(services.db, services.clock.now(), 'access-taken', copy, viewer, { sha256: hashOf(bytes) })
  return bytes
}

/** @throws Refusal `channels-access-not-now` unless it is in one of these states. */
async function lockIn(tx: Tx, id: string, ...states: CopyState[]) {
  const row = await tx
    .selectFrom('home.access_copy')
    .select(['state', 'fingerprint'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('not-found')
  if (!states.includes(row.state as CopyState)) throw new Refusal('channels-access-not-now')
  return row
}

/** One line of the house's record: to whom, on which grounds. */
const minute = (
  tx: Tx | Db,
  at: number,
  what: string,
  { id, act, requester, reference, grounds }: Pick<AccessCopy, 'id' | 'act' | 'requester' | 'reference' | 'grounds'>,
  viewer: Viewer,
  facts: Record<string, string> = {},
): Promise<void> =>
  audit(tx, {
    ...{ at, person: viewer.person.id, what, about: id },
    facts: { act, requester, reference, grounds: grounds.join(', '), ...facts },
  })
