import type { z } from 'zod'
import { cancelClock, fulfil, startClock } from '../../core/clocks/index.ts'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import { findNote, type NoteRow, requestClocks, talkKinds } from '../channels/index.ts'
import * as acts from './acts.ts'
import { after, canTake, sideOf, type Standing, type Step } from './course.ts'
import { oralRule, regimeOf } from './regimes.ts'
import { standingOf } from './standing.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

/** Regimes of the clocks that steps start; the one to dispose runs about what was handed over. */
export const clocks = { ...requestClocks, dispose: 'assist-dispose' } as const

const zoneOf = ({ space }: ProjectedAct) => space.terms.zone ?? 'Etc/UTC'

interface Taking {
  step: Step
  request: string
  keptUntil?: string | undefined
  /** What further has to hold; asked once the step itself could be taken. */
  check?: (note: NoteRow, before: Standing) => Effect
}

/** Where the request stands in the log before this act; undefined where there is none. */
async function load(tx: Tx, act: ProjectedAct, request: string) {
  const note = await findNote(tx, request)
  if (note?.space !== act.space.id || note.form !== 'request') return undefined
  const row = await tx
    .selectFrom('view.assistance_request')
    .selectAll()
    .where('space', '=', act.space.id)
    .where('request', '=', request)
    .executeTakeFirst()
  return { note, before: standingOf(note, row) }
}

/** Takes a step if its side may and the request stands so; answers with the note, or with why nothing happens. */
async function take(tx: Tx, act: ProjectedAct, taking: Taking): Promise<{ note: NoteRow } | { effect: Effect }> {
  const { step, request, keptUntil } = taking
  const found = await load(tx, act, request)
  if (!found) return { effect: { withoutEffect: 'no-such-request' } }
  const { note, before } = found
  const side = sideOf[step] === 'asking' ? note.author : note.addressee
  if (side !== act.statement.author) return { effect: { withoutEffect: 'not-its-side' } }
  if (before.state === 'sent' && step !== 'supplemented') return { effect: { withoutEffect: 'not-received' } }
  if (!canTake(step, before)) return { effect: { withoutEffect: 'not-in-this-state' } }
  const wrong = taking.check?.(note, before)
  if (wrong) return { effect: wrong }
  const standing = after(step, before, { act: act.hash, ...(keptUntil !== undefined && { keptUntil }) })
  const row = { state: standing.state, kept_until: standing.keptUntil, extension: standing.extension }
  await tx
    .insertInto('view.assistance_request')
    .values({ space: act.space.id, request, ...row, at: act.scenarioTime })
    .onConflict((conflict) => conflict.columns(['space', 'request']).doUpdateSet({ ...row, at: act.scenarioTime }))
    .execute()
  await tx
    .insertInto('view.assistance_step')
    .values({
      space: act.space.id,
      hash: act.hash,
      idx: act.index,
      request,
      author: act.statement.author,
      step,
      at: act.scenarioTime,
    })
    .execute()
  return { note }
}

/** An answer of any kind ends the duty to reply, and the one a postponement began. */
async function meetAnswer(tx: Tx, act: ProjectedAct, request: string): Promise<void> {
  for (const regime of ['reply', clocks.resume]) await fulfil(tx, act, { about: request, regime })
}

async function projectAccepted(tx: Tx, act: Of<typeof acts.acceptedBody>): Promise<Effect> {
  const { request, scope, deliverBy } = act.body
  const taken = await take(tx, act, { step: scope === 'whole' ? 'accepted' : 'partly', request })
  if ('effect' in taken) return taken.effect
  await meetAnswer(tx, act, request)
  await cancelClock(tx, act, { about: request, regime: clocks.deliver })
  if (deliverBy !== undefined)
    await startClock(tx, act, {
      regime: clocks.deliver,
      source: 'agreed',
      duty: act.statement.author,
      dueOn: deliverBy,
      about: request,
      zone: zoneOf(act),
    })
  return undefined
}

async function projectRefused(tx: Tx, act: Of<typeof acts.refusedBody>): Promise<Effect> {
  const { request, edition, grounds } = act.body
  const check = (note: NoteRow): Effect => {
    const regime = regimeOf(note.request_kind, edition)
    if (!regime) return { withoutEffect: 'edition-unknown' }
    return grounds.every((one) => regime.refuse.includes(one)) ? undefined : { withoutEffect: 'no-ground-of-its-kind' }
  }
  const taken = await take(tx, act, { step: 'refused', request, check })
  if ('effect' in taken) return taken.effect
  await meetAnswer(tx, act, request)
  await cancelClock(tx, act, { about: request, regime: clocks.deliver })
  return undefined
}

async function projectPostponed(tx: Tx, act: Of<typeof acts.postponedBody>): Promise<Effect> {
  const { request, until } = act.body
  const taken = await take(tx, act, { step: 'postponed', request })
  if ('effect' in taken) return taken.effect
  await meetAnswer(tx, act, request)
  await cancelClock(tx, act, { about: request, regime: clocks.deliver })
  await startClock(tx, act, {
    regime: clocks.resume,
    source: 'agreed',
    duty: act.statement.author,
    dueOn: until,
    about: request,
    zone: zoneOf(act),
  })
  return undefined
}

/** The day after which what is kept from `at` on was kept for so many days. */
export const keptAtLeast = (at: number, days: number): string =>
  new Date(at + days * 86_400_000).toISOString().slice(0, 10)

async function projectExecuted(tx: Tx, act: Of<typeof acts.executedBody>): Promise<Effect> {
  const { request, edition, complete, keptUntil, terms } = act.body
  const check = (note: NoteRow): Effect => {
    const regime = regimeOf(note.request_kind, edition)
    if (!regime) return { withoutEffect: 'edition-unknown' }
    if (regime.keepsDays === undefined || !complete)
      return keptUntil === undefined ? undefined : { withoutEffect: 'nothing-is-kept' }
    const isKept = keptUntil !== undefined && keptUntil >= keptAtLeast(act.scenarioTime, regime.keepsDays)
    return isKept ? undefined : { withoutEffect: 'kept-too-short' }
  }
  const taken = await take(tx, act, { step: complete ? 'executed' : 'handed-over', request, keptUntil, check })
  if ('effect' in taken) return taken.effect
  await tx
    .insertInto('view.assistance_execution')
    .values({
      space: act.space.id,
      hash: act.hash,
      request,
      author: act.statement.author,
      recipient: taken.note.author,
      taken_first: terms?.takenFirst ?? false,
      return_by: terms?.returnBy ?? null,
      delete_by: terms?.deleteBy ?? null,
      taken_by: null,
      taken_at: null,
      disposed_by: null,
      disposed_at: null,
    })
    .execute()
  if (terms && !terms.takenFirst)
    await startDisposal(tx, act, { ...terms, execution: act.hash, duty: taken.note.author })
  if (!complete) return undefined
  await fulfil(tx, act, { about: request, regime: clocks.deliver })
  await startFollowUp(tx, act, taken.note, { edition, keptUntil })
  return undefined
}

/** Who asked for data to be kept asks for it while it is: a duty by law, once it is kept. */
async function startFollowUp(
  tx: Tx,
  act: ProjectedAct,
  note: NoteRow,
  { edition, keptUntil }: { edition: string; keptUntil: string | undefined },
): Promise<void> {
  const item = regimeOf(note.request_kind, edition)?.followedBy
  if (item === undefined || keptUntil === undefined) return
  await startClock(tx, act, {
    regime: clocks.followUp,
    source: 'law',
    duty: note.author,
    dueOn: keptUntil,
    about: note.hash,
    item,
    zone: zoneOf(act),
  })
}

/** A day in terms that nobody took is only asked for; in terms that were taken it is agreed. */
async function startDisposal(
  tx: Tx,
  act: ProjectedAct,
  terms: { execution: string; duty: string; returnBy?: string | undefined; deleteBy?: string | undefined },
): Promise<void> {
  const dueOn = [terms.returnBy, terms.deleteBy].filter((one) => one !== undefined).sort()[0]
  if (dueOn === undefined) return
  await startClock(tx, act, {
    regime: clocks.dispose,
    source: act.statement.author === terms.duty ? 'agreed' : 'requested',
    duty: terms.duty,
    dueOn,
    about: terms.execution,
    zone: zoneOf(act),
  })
}

async function projectSupplemented(tx: Tx, act: Of<typeof acts.supplementedBody>): Promise<Effect> {
  const taken = await take(tx, act, { step: 'supplemented', request: act.body.request })
  return 'effect' in taken ? taken.effect : undefined
}

async function projectExtensionRequested(tx: Tx, act: Of<typeof acts.extensionRequestedBody>): Promise<Effect> {
  const { request, until } = act.body
  const check = (_note: NoteRow, { keptUntil }: Standing): Effect =>
    keptUntil !== null && until > keptUntil ? undefined : { withoutEffect: 'no-longer-than-kept' }
  const taken = await take(tx, act, { step: 'extension-requested', request, check })
  return 'effect' in taken ? taken.effect : undefined
}

async function projectExtensionAnswered(tx: Tx, act: Of<typeof acts.extensionAnsweredBody>): Promise<Effect> {
  const { extension, edition, keptUntil } = act.body
  const asked = await tx
    .selectFrom('view.assistance_step')
    .select(['request'])
    .where('space', '=', act.space.id)
    .where('hash', '=', extension)
    .where('step', '=', 'extension-requested')
    .executeTakeFirst()
  if (!asked) return { withoutEffect: 'no-such-extension' }
  const check = (_note: NoteRow, before: Standing): Effect => {
    if (before.extension !== extension) return { withoutEffect: 'not-in-this-state' }
    if (keptUntil === undefined || before.keptUntil === null || keptUntil > before.keptUntil) return undefined
    return { withoutEffect: 'no-longer-than-kept' }
  }
  const step = keptUntil === undefined ? 'extension-refused' : 'extension-granted'
  const taken = await take(tx, act, { step, request: asked.request, keptUntil, check })
  if ('effect' in taken) return taken.effect
  if (keptUntil === undefined) return undefined
  const stopped = await cancelClock(tx, act, { about: asked.request, regime: clocks.followUp, duty: taken.note.author })
  // A follow-up that came is not owed again.
  if (stopped > 0) await startFollowUp(tx, act, taken.note, { edition, keptUntil })
  return undefined
}

async function projectClosed(tx: Tx, act: Of<typeof acts.closedBody>): Promise<Effect> {
  const { request } = act.body
  const taken = await take(tx, act, { step: 'closed', request })
  if ('effect' in taken) return taken.effect
  for (const regime of [clocks.deliver, clocks.followUp])
    await cancelClock(tx, act, { about: request, regime, duty: 'anyone' })
  return undefined
}

async function findExecution(tx: Tx, act: ProjectedAct, hash: string) {
  return tx
    .selectFrom('view.assistance_execution')
    .selectAll()
    .where('space', '=', act.space.id)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

async function projectTermsTaken(tx: Tx, act: Of<typeof acts.termsTakenBody>): Promise<Effect> {
  const execution = await findExecution(tx, act, act.body.execution)
  if (!execution) return { withoutEffect: 'no-such-execution' }
  if (execution.recipient !== act.statement.author) return { withoutEffect: 'not-its-side' }
  if (!execution.taken_first) return { withoutEffect: 'not-asked-for' }
  if (execution.taken_by !== null) return { withoutEffect: 'taken-before' }
  await tx
    .updateTable('view.assistance_execution')
    .set({ taken_by: act.hash, taken_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', execution.hash)
    .execute()
  await startDisposal(tx, act, {
    execution: execution.hash,
    duty: execution.recipient,
    returnBy: execution.return_by ?? undefined,
    deleteBy: execution.delete_by ?? undefined,
  })
  return undefined
}

async function projectDisposed(tx: Tx, act: Of<typeof acts.disposedBody>): Promise<Effect> {
  const execution = await findExecution(tx, act, act.body.execution)
  if (!execution) return { withoutEffect: 'no-such-execution' }
  if (execution.recipient !== act.statement.author) return { withoutEffect: 'not-its-side' }
  if (execution.disposed_by !== null) return { withoutEffect: 'disposed-before' }
  await tx
    .updateTable('view.assistance_execution')
    .set({ disposed_by: act.hash, disposed_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', execution.hash)
    .execute()
  await fulfil(tx, act, { about: execution.hash, regime: clocks.dispose })
  return undefined
}

/** A clock that runs ahead of the host's by more than this is wrong. */
const aheadMs = 5 * 60_000

async function projectOral(tx: Tx, act: Of<typeof acts.oralBody>): Promise<Effect> {
  const { space, statement, body } = act
  const isHere = space.members.some((one) => one.party === body.addressee && one.until === undefined)
  if (!isHere || body.addressee === statement.author) return { withoutEffect: 'addressee-not-here' }
  if (body.at > act.scenarioTime + aheadMs) return { withoutEffect: 'from-the-future' }
  const rule = oralRule(body.edition)
  if (!rule) return { withoutEffect: 'edition-unknown' }
  await tx
    .insertInto('view.assistance_oral')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      addressee: body.addressee,
      kind: body.kind,
      said_at: body.at,
      at: act.scenarioTime,
    })
    .execute()
  await startClock(tx, act, {
    regime: clocks.confirmInWriting,
    source: rule.source,
    duty: statement.author,
    within: rule.within,
    about: act.hash,
    item: body.kind,
    zone: zoneOf(act),
  })
  return undefined
}

const kinds = talkKinds
const asked = 'the addressee of the request'
const asking = 'the author of the request'

export const assistanceActs: readonly ActDefinition[] = [
  {
    type: 'assistance.request-accepted',
    body: acts.acceptedBody,
    text: acts.acceptedWords,
    kinds,
    who: asked,
    requires:
      'the request is acknowledged, and neither refused, executed nor ended; or postponed, or granted in part before',
    effect: 'the request is accepted, in whole or in the parts the words name',
    clock: 'meets reply and assist-resume; starts assist-deliver (its author, by the day it promises)',
    release: 'two-person',
    project: projectAccepted,
  },
  {
    type: 'assistance.request-refused',
    body: acts.refusedBody,
    text: acts.stepWords,
    kinds,
    who: asked,
    requires:
      'the request is acknowledged and neither executed nor ended; grounds are those of its kind by the edition named',
    effect: 'the request is refused, with its grounds',
    clock: 'meets reply and assist-resume; cancels assist-deliver',
    release: 'two-person',
    project: projectRefused,
  },
  {
    type: 'assistance.request-postponed',
    body: acts.postponedBody,
    text: acts.stepWords,
    kinds,
    who: asked,
    requires: 'the request is acknowledged and neither refused, executed nor ended',
    effect: 'an answer is put off to a day, with the ground',
    clock: 'meets reply; starts assist-resume (its author, by that day); cancels assist-deliver',
    release: 'two-person',
    project: projectPostponed,
  },
  {
    type: 'assistance.request-executed',
    body: acts.executedBody,
    text: acts.executedWords,
    kinds,
    who: asked,
    requires:
      'the request is accepted, in whole or in part; what is preserved is kept as long as its kind asks by the edition named',
    effect: 'what was done and what is handed over, with the terms of its use; once complete, the request is executed',
    clock:
      'meets assist-deliver; starts follow-up (the asking party, while data is kept) and assist-dispose (the asking party, requested)',
    release: 'two-person',
    project: projectExecuted,
  },
  {
    type: 'assistance.request-supplemented',
    body: acts.supplementedBody,
    text: acts.stepWords,
    kinds,
    who: asking,
    requires: 'the request is neither refused, executed nor ended',
    effect: 'further facts stand beside the request',
    release: 'two-person',
    project: projectSupplemented,
  },
  {
    type: 'assistance.extension-requested',
    body: acts.extensionRequestedBody,
    text: acts.stepWords,
    kinds,
    who: asking,
    requires: 'data is kept; the day lies after the one it is kept to; no other extension waits',
    effect: 'the addressee is asked to keep data longer',
    release: 'two-person',
    project: projectExtensionRequested,
  },
  {
    type: 'assistance.extension-answered',
    body: acts.extensionAnsweredBody,
    text: acts.stepWords,
    kinds,
    who: asked,
    requires: 'the extension waits; a day it grants lies after the one data is kept to',
    effect: 'data is kept to a later day, or the extension is refused',
    clock: 'begins follow-up again where it was not met',
    release: 'one-person',
    project: projectExtensionAnswered,
  },
  {
    type: 'assistance.request-closed',
    body: acts.closedBody,
    text: acts.stepWords,
    kinds,
    who: asking,
    requires: 'the request is accepted, refused or executed',
    effect: 'nothing more is owed about the request; what it came to, as the asking party sees it',
    clock: 'cancels assist-deliver and follow-up',
    release: 'one-person',
    project: projectClosed,
  },
  {
    type: 'assistance.terms-taken',
    body: acts.termsTakenBody,
    kinds,
    who: asking,
    requires: 'something was handed over under terms to be taken first, and they are not taken',
    effect: 'the asking party is bound by the terms of use, and can open what was handed over',
    clock: 'starts assist-dispose (its author, agreed)',
    release: 'direct',
    project: projectTermsTaken,
  },
  {
    type: 'assistance.material-disposed',
    body: acts.disposedBody,
    kinds,
    who: asking,
    requires: 'something was handed over, and is not returned or deleted yet',
    effect: 'the asking party says that what was handed over is returned or deleted',
    clock: 'meets assist-dispose',
    release: 'direct',
    project: projectDisposed,
  },
  {
    type: 'assistance.request-spoken',
    body: acts.oralBody,
    text: acts.stepWords,
    kinds,
    who: 'a member, to another member',
    requires: 'the addressee is a member; the time is not ahead; the edition is known',
    effect: 'what was asked by voice is on the record; a telephone call about it can be logged and confirmed',
    clock: 'starts confirm-in-writing (its author, by the edition named)',
    release: 'one-person',
    project: projectOral,
    search: { addressees: ({ addressee }: z.infer<typeof acts.oralBody>) => [addressee] },
  },
]
