import type { Selectable } from 'kysely'
import { actsOnlyFor } from '../../core/auth/index.ts'
import { Refusal } from '../../core/http/refusal.ts'
import { actHref } from '../../core/module/act-href.ts'
import type { ActNote, Need, NoteReading, Services, ShownAct, Viewer } from '../../core/module/types.ts'
import { emergencyConfirmed, takeStep } from '../../core/release/index.ts'
import { sha256 } from '../../protocol/index.ts'
import { formatDateTime } from '../../text/index.ts'
import { emergencyDisowned } from './projection.ts'
import type { ClearanceEmergencyTable } from './tables.ts'
import './tables.ts'

/** What one person of ours released alone, with what stays at home. */
export interface Emergency extends Selectable<ClearanceEmergencyTable> {
  person: string
  reason: string
  /** Codes of what it went without. */
  without: string
}

/** Ours, newest first; those undecided before the others. */
export async function listEmergencies({ db, party }: Pick<Services, 'db' | 'party'>): Promise<Emergency[]> {
  return db
    .selectFrom('view.clearance_emergency as v')
    .innerJoin('home.emergency as h', 'h.act', 'v.act')
    .selectAll('v')
    .select(['h.person', 'h.reason', 'h.without'])
    .where('v.author', '=', party)
    .orderBy((e) => e('v.outcome', 'is not', null))
    .orderBy('v.at', 'desc')
    .limit(200)
    .execute()
}

/**
 * Another person's word on what one person released. A second click is the same act; whoever comes later is told.
 *
 * @throws Refusal `not-found`, `clearance-own` for who released it, `clearance-decided`, `step-taken`.
 */
export async function decide(
  services: Services,
  viewer: Viewer,
  { act, as }: { act: string; as: 'confirmed' | 'disowned' },
): Promise<Emergency> {
  const found = (await listEmergencies(services)).find((one) => one.act === act)
  if (!found) throw new Refusal('not-found')
  if (found.person === viewer.person.id || actsOnlyFor(viewer, `${emergencyConfirmed}:release`, [found.person]))
    throw new Refusal('clearance-own')
  if (found.outcome !== null && found.outcome !== as) throw new Refusal('clearance-decided')
  const logged = await services.ledger.findAct(act)
  if (!logged) throw new Refusal('not-found')
  const type = as === 'confirmed' ? emergencyConfirmed : emergencyDisowned
  await takeStep(services, viewer, {
    space: found.space,
    type,
    about: act,
    body: { act },
    marking: logged.statement.marking,
  })
  if (as === 'disowned') await withdrawNote(services, viewer, found)
  await services.db.transaction().execute((tx) => services.notices.settle(tx, `emergency:${logged.statement.id}`))
  return found
}

/** A note has a state of its own: it is withdrawn by the act that withdraws notes, under an id computed from it. */
async function withdrawNote(services: Services, viewer: Viewer, { act, space }: Emergency): Promise<void> {
  const logged = await services.ledger.findAct(act)
  if (logged?.statement.type !== 'channels.note-sent') return
  const id = Buffer.from(sha256(new TextEncoder().encode(`disowned\n${act}`)))
    .toString('hex')
    .slice(0, 32)
  await services.outbox.send({
    space,
    type: 'channels.note-withdrawn',
    id,
    office: viewer.office.id,
    body: { note: act, language: viewer.person.language },
    text: { paragraphs: [] },
    marking: logged.statement.marking,
    refs: [{ act }],
  })
}

/** Beside the act, for its readers on both sides: one person alone, until when, and what became of it. */
export async function emergencyNotes({ services, viewer, t, language }: NoteReading, acts: readonly ShownAct[]) {
  const notes = new Map<string, ActNote[]>()
  if (acts.length === 0) return notes
  const rows = await services.db
    .selectFrom('view.clearance_emergency')
    .selectAll()
    .where(
      'act',
      'in',
      acts.map(({ act }) => act.hash),
    )
    .execute()
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  for (const { act, space } of acts) {
    const row = rows.find((one) => one.act === act.hash && one.author === act.statement.author)
    if (!row) continue
    const isLate = row.outcome === null && (await services.ledger.scenarioNow(space)) > row.due_at
    const state = row.outcome ?? (isLate ? 'unconfirmed' : 'open')
    const text = t(`clearance.note.${state}`, {
      party: services.nameOf(row.author, language),
      time: when(row.at),
      due: when(row.due_at),
      decided: row.outcome_at === null ? '' : when(row.outcome_at),
    })
    const isTrouble = state !== 'confirmed'
    notes.set(act.hash, [{ text, href: actHref(space.id, row.outcome_by ?? row.declared), isTrouble }])
  }
  return notes
}

export async function emergencyNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may(`${emergencyConfirmed}:release`)) return []
  const open = (await listEmergencies(services)).filter(
    ({ outcome, person }) => outcome === null && person !== viewer.person.id,
  )
  return open.map(({ act, space, due_at }) => ({
    key: `clearance:${act}`,
    verb: 'clearance.action.decide',
    form: 'clearance.form.declared',
    headline: '',
    subjectOf: act,
    href: `/emergencies#${act}`,
    space,
    dueAt: due_at,
    waitsFor: 'me' as const,
  }))
}
