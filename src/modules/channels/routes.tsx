import { actHref } from '../../core/module/act-href.ts'
import { z } from 'zod'
import { openClocks } from '../../core/clocks/index.ts'
import { Refusal } from '../../core/http/refusal.ts'
import { reveal } from '../../core/markings/index.ts'
import { isoDuration } from '../../core/module/fields.ts'
import { takeStep } from '../../core/release/index.ts'
import type { Answer, LoggedAct, Route, Services, SpaceFacts, Submission, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { AcknowledgePage } from './pages/acknowledge-page.tsx'
import { findCheck, findMinutes, findNote, findOffer } from './queries.ts'

const nothing = z.object({})

/** Space and act of an address such as `/spaces/:space/notes/:act/…`; not found unless both are here and fit. */
async function located(visit: Visit): Promise<{ space: SpaceFacts; act: LoggedAct }> {
  const { space: id = '', act: hash = '' } = visit.params
  const space = isId(id) ? await visit.services.ledger.find(id) : undefined
  const act = space && (await visit.services.ledger.findAct(hash))
  if (!space || !act || act.space !== space.id) throw new Refusal('not-found')
  return { space, act }
}

/** Back to the act in its timeline, saying how far our act has come. */
function answered(space: string, about: string, submission: Submission): Answer {
  return {
    redirect: actHref(space, about),
    notice: submission.state === 'on-record' ? 'channels.notice.on-record' : 'channels.notice.signed',
    data: { ...submission },
  }
}

async function step(visit: Visit, type: string, key: string): Promise<Answer> {
  const { space, act } = await located(visit)
  const submission = await takeStep(visit.services, visit.viewer, {
    space: space.id,
    type,
    about: act.hash,
    body: { [key]: act.hash },
    marking: act.statement.marking,
  })
  return answered(space.id, act.hash, submission)
}

/** Refuses what the projector would leave without effect: the person learns it before signing. */
async function requireOpen(services: Services, hash: string, kind: 'note' | 'minutes' | 'check' | 'offer') {
  if (kind === 'note') {
    const note = await findNote(services.db, hash)
    if (note?.addressee !== services.party) throw new Refusal('channels-not-the-addressee')
    return
  }
  const found = await { minutes: findMinutes, check: findCheck, offer: findOffer }[kind](services.db, hash)
  if (!found) throw new Refusal('not-found')
  if (kind !== 'minutes' && found.author === services.party) throw new Refusal('channels-own-act')
}

export function channelRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/spaces/:space/notes/:act/acknowledge',
      permission: 'channels.note-acknowledged:send',
      summary: 'The page on which a note is acknowledged',
      async handle(visit) {
        const { space, act } = await located(visit)
        const note = await findNote(services.db, act.hash)
        if (note?.addressee !== services.party) throw new Refusal('channels-not-the-addressee')
        const marked = (await services.ledger.content([act.hash])).get(act.hash)
        const reader = { party: services.party, ceiling: visit.viewer.ceiling }
        const revealed = marked && reveal(marked, reader, 'page')
        const clocks = await openClocks(services.db, { space: space.id, duty: services.party })
        const clock = clocks.find((one) => one.about === act.hash && one.regime === 'acknowledge')
        return {
          page: (
            <AcknowledgePage
              visit={visit}
              space={space}
              act={act}
              note={note}
              content={revealed?.shown ? revealed.value : undefined}
              dueAt={clock?.dueAt}
            />
          ),
        }
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/notes/:act/acknowledge',
      permission: 'channels.note-acknowledged:send',
      input: nothing,
      summary: 'Acknowledge a note: received and in hand; accepts no fact and no claim',
      async handle(visit) {
        await requireOpen(services, visit.params.act ?? '', 'note')
        return step(visit, 'channels.note-acknowledged', 'note')
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/minutes/:act/confirm',
      permission: 'channels.minutes-confirmed:send',
      input: nothing,
      summary: 'Confirm joint minutes as they stand',
      async handle(visit) {
        await requireOpen(services, visit.params.act ?? '', 'minutes')
        return step(visit, 'channels.minutes-confirmed', 'minutes')
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/checks',
      permission: 'channels.check-called:send',
      input: z.object({ id: z.string().regex(/^[0-9a-f]{32}$/), within: isoDuration }),
      summary: 'Call a communication check in a channel',
      async handle(visit: Visit<{ id: string; within: string }>) {
        const space = await services.ledger.find(visit.params.space ?? '')
        if (space?.kind !== 'channel') throw new Refusal('not-found')
        const submission = await services.outbox.send({
          space: space.id,
          type: 'channels.check-called',
          id: visit.input.id,
          office: visit.viewer.office.id,
          body: { within: visit.input.within },
          marking: { tlp: 'AMBER' },
        })
        return answered(space.id, submission.hash, submission)
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/checks/:act/answer',
      permission: 'channels.check-answered:send',
      input: nothing,
      summary: 'Answer a communication check',
      async handle(visit) {
        await requireOpen(services, visit.params.act ?? '', 'check')
        return step(visit, 'channels.check-answered', 'check')
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/offers/:act/accept',
      permission: 'channels.offer-accepted:send',
      input: nothing,
      summary: 'Accept an offer',
      async handle(visit) {
        await requireOpen(services, visit.params.act ?? '', 'offer')
        return step(visit, 'channels.offer-accepted', 'offer')
      },
    },
  ]
}
