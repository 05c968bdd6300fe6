import { Refusal } from '../../core/http/index.ts'
import type { Services } from '../../core/module/types.ts'
import type { Reader } from '../../core/storage/types.ts'
import { findNote, type NoteRow } from '../channels/index.ts'
import { canTake, sideOf, type Standing, type Step } from './course.ts'
import { standingOf } from './standing.ts'
import type { ExecutionRow, StepRow } from './tables.ts'
import './tables.ts'

export interface FoundRequest {
  note: NoteRow
  standing: Standing
}

/** A request on the record here; undefined for every other act. */
export async function findRequest(db: Reader, hash: string): Promise<FoundRequest | undefined> {
  const note = await findNote(db, hash)
  if (note?.form !== 'request') return undefined
  const row = await db
    .selectFrom('view.assistance_request')
    .selectAll()
    .where('space', '=', note.space)
    .where('request', '=', hash)
    .executeTakeFirst()
  return { note, standing: standingOf(note, row) }
}

/** Whether our party can take a step about a request now. */
export function mayTake(step: Step, { note, standing }: FoundRequest, party: string): boolean {
  const side = sideOf[step] === 'asking' ? note.author : note.addressee
  return side === party && (step === 'supplemented' || standing.state !== 'sent') && canTake(step, standing)
}

/**
 * The request a step of ours is about.
 *
 * @throws Refusal of what the log would leave without effect
 */
export async function getForStep(
  { db, party }: Pick<Services, 'db' | 'party'>,
  { space, request, step }: { space: string; request: string; step: Step },
): Promise<FoundRequest> {
  const found = await findRequest(db, request)
  if (found?.note.space !== space) throw new Refusal('not-found')
  const side = sideOf[step] === 'asking' ? found.note.author : found.note.addressee
  if (side !== party) throw new Refusal('assistance-not-our-side')
  if (found.standing.state === 'sent' && step !== 'supplemented') throw new Refusal('assistance-not-received')
  if (!canTake(step, found.standing)) throw new Refusal('assistance-not-in-this-state')
  return found
}

/** Steps that had an effect, in the order of the record. */
export function stepsOf(db: Reader, requests: readonly string[]): Promise<StepRow[]> {
  if (requests.length === 0) return Promise.resolve([])
  return db.selectFrom('view.assistance_step').selectAll().where('request', 'in', requests).orderBy('idx').execute()
}

export function executionsOf(db: Reader, requests: readonly string[]): Promise<ExecutionRow[]> {
  if (requests.length === 0) return Promise.resolve([])
  return db.selectFrom('view.assistance_execution').selectAll().where('request', 'in', requests).execute()
}

export function findExecution(db: Reader, hash: string): Promise<ExecutionRow | undefined> {
  return db.selectFrom('view.assistance_execution').selectAll().where('hash', '=', hash).executeTakeFirst()
}
