import { z } from 'zod'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import { actHref } from '../../core/module/act-href.ts'
import { partyName } from '../../core/module/fields.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Answer, LoggedAct, Route, Services, SpaceFacts, Submission, Visit } from '../../core/module/types.ts'
import { takeStep } from '../../core/release/index.ts'
import { isId, newId } from '../../protocol/index.ts'
import type { CallLoggedBody } from './acts.ts'
import { otherSides, partiesOfCall } from './other-sides.ts'
import { CallPage } from './pages/call-page.tsx'
import { ContestPage } from './pages/contest-page.tsx'
import { callsAbout, type CallRow, findCall } from './queries.ts'

const line = z.string().trim().max(300)
const logInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  with: partyName,
  direction: z.enum(['we-called', 'they-called']),
  result: z.enum(['agreed', 'differed', 'not-compared', 'lost']),
  words: line.optional(),
})
const contestInput = z.object({ words: line.min(1) })

/** Messages spoken about by telephone: code and number, the call logged, and what the other side says of it. */
export function callRoutes(services: Services): Route[] {
  const path = '/spaces/:space/acts/:act/call'
  return [
    {
      method: 'GET',
      path,
      permission: 'calls:read',
      summary: 'Whom to call about a message, the call-back code, and the calls that were logged',
      handle: (visit) => showCall(services, visit),
    },
    {
      method: 'POST',
      path,
      permission: 'calls.call-logged:send',
      input: logInput,
      summary:
        'Log a telephone call about a message: who called whom, whether the code agreed, or that the call was lost',
      handle: (visit: Visit<z.infer<typeof logInput>>) => logCall(services, visit),
      onInvalid: (visit, errors) => showCall(services, visit, errors),
    },
    {
      method: 'POST',
      path: '/spaces/:space/calls/:act/confirm',
      permission: 'calls.call-confirmed:send',
      input: z.object({}),
      summary: 'Confirm that a call took place as the other side logged it',
      handle: (visit) => answerCall(services, visit, 'confirmed'),
    },
    {
      method: 'GET',
      path: '/spaces/:space/calls/:act/contest',
      permission: 'calls.call-contested:send',
      summary: 'Form: say that a call was otherwise than the other side logged it',
      handle: (visit) => showContest(services, visit),
    },
    {
      method: 'POST',
      path: '/spaces/:space/calls/:act/contest',
      permission: 'calls.call-contested:send',
      input: contestInput,
      summary: 'Put on the record that a call was otherwise than the other side logged it',
      handle: (visit: Visit<z.infer<typeof contestInput>>) =>
        answerCall(services, visit, 'contested', { words: visit.input.words }),
      onInvalid: (visit, errors) => showContest(services, visit, errors),
    },
  ]
}

/** @throws Refusal `not-found` unless both are here and fit */
async function located({ services, params }: Visit<any>): Promise<{ space: SpaceFacts; act: LoggedAct }> {
  const { space: id = '', act: hash = '' } = params
  const space = isId(id) ? await services.ledger.find(id) : undefined
  const act = space && /^[\w-]{43}$/.test(hash) ? await services.ledger.findAct(hash) : undefined
  if (!space || act?.space !== space.id) throw new Refusal('not-found')
  return { space, act }
}

async function partiesOf(services: Services, visit: Visit<any>, space: SpaceFacts, act: LoggedAct): Promise<string[]> {
  const read = await revealedContents<{ addressee?: unknown }, unknown>(services, visit.viewer, [act.hash])
  return partiesOfCall(services, space, act, read.get(act.hash)?.body?.addressee)
}

async function showCall(services: Services, visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const { viewer, wantsJson } = visit
  const { space, act } = await located(visit)
  const [parties, calls] = await Promise.all([
    partiesOf(services, visit, space, act),
    callsAbout(services.db, space.id, act.hash),
  ])
  const sides = await otherSides(services, viewer, act, parties)
  if (wantsJson) return { data: { sides: sides.map(({ party, code }) => ({ party, code: code?.join('') })), calls } }
  const headline = await headlineOf(services, visit, space, act)
  return {
    page: <CallPage visit={visit} {...{ space, act, headline, sides, calls, errors }} id={newId()} />,
    status: errors ? 422 : 200,
  }
}

/** What the message is called on its own page, where this reader may know. */
async function headlineOf(
  services: Services,
  { viewer, t, language }: Visit<any>,
  space: SpaceFacts,
  act: LoggedAct,
): Promise<string | undefined> {
  const content = (await revealedContents(services, viewer, [act.hash])).get(act.hash)
  const faces = services.modules.flatMap((module) => module.faces ?? [])
  const face = faces.find(({ type }) => type === act.statement.type)
  if (!content || !face) return undefined
  return face.headline({ shown: { act, space, content }, services, viewer, t, language })
}

async function logCall(services: Services, visit: Visit<z.infer<typeof logInput>>): Promise<Answer> {
  const { space, act } = await located(visit)
  const { id, with: other, direction, result, words } = visit.input
  if (!(await partiesOf(services, visit, space, act)).includes(other))
    throw InvalidInput.at('with', 'calls.invalid.not-here')
  const [caller, called] = direction === 'we-called' ? [services.party, other] : [other, services.party]
  const body: CallLoggedBody = {
    about: act.hash,
    caller,
    called,
    at: services.clock.now(),
    code: result === 'lost' ? 'not-compared' : result,
    ended: result === 'lost' ? 'lost' : 'finished',
  }
  const submission = await services.outbox.send({
    space: space.id,
    type: 'calls.call-logged',
    id,
    office: visit.viewer.office.id,
    body,
    text: { words: words ?? '' },
    marking: act.statement.marking,
    refs: [{ act: act.hash }],
  })
  return answered(`/spaces/${space.id}/acts/${act.hash}/call`, submission, 'logged')
}

/** The call of an address, if it waits for our word. @throws Refusal */
async function callForUs(services: Services, visit: Visit<any>) {
  const { space, act } = await located(visit)
  const call = await findCall(services.db, act.hash)
  if (!call) throw new Refusal('not-found')
  if (call.author === services.party || ![call.caller, call.called].includes(services.party))
    throw new Refusal('calls-not-the-other-side')
  return { space, act, call }
}

async function answerCall(
  services: Services,
  visit: Visit<any>,
  answer: 'confirmed' | 'contested',
  text?: { words: string },
): Promise<Answer> {
  const { space, act, call } = await callForUs(services, visit)
  requireOpen(call, answer)
  const submission = await takeStep(services, visit.viewer, {
    space: space.id,
    type: `calls.call-${answer}`,
    about: act.hash,
    body: { call: act.hash },
    ...(text && { text }),
    marking: act.statement.marking,
  })
  return answered(actHref(space.id, act.hash), submission, answer)
}

function requireOpen(call: CallRow, answer: CallRow['answer']): void {
  if (call.answer !== null && call.answer !== answer) throw new Refusal('calls-answered-before')
}

async function showContest(services: Services, visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const { space, call } = await callForUs(services, visit)
  requireOpen(call, null)
  return {
    page: <ContestPage visit={visit} space={space} call={call} errors={errors} />,
    status: errors ? 422 : 200,
  }
}

function answered(redirect: string, submission: Submission, what: string): Answer {
  return {
    redirect,
    data: { ...submission },
    notice: submission.state === 'on-record' ? `calls.notice.${what}` : 'calls.notice.signed',
  }
}
