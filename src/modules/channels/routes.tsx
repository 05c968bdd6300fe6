import { actHref } from '../../core/module/act-href.ts'
import { z } from 'zod'
import { openClocks } from '../../core/clocks/index.ts'
import { Refusal } from '../../core/http/refusal.ts'
import { atHome, reveal } from '../../core/markings/index.ts'
import { isoDuration } from '../../core/module/fields.ts'
import { takeStep } from '../../core/release/index.ts'
import type {
  Answer,
  LoggedAct,
  Route,
  Services,
  SpaceFacts,
  Submission,
  Viewer,
  Visit,
} from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { keepsAct } from '../spaces/index.ts'
import type { NoteBody } from './acts.ts'
import { ChangePage } from './notes/change-page.tsx'
import { AcknowledgePage } from './pages/acknowledge-page.tsx'
import { findCheck, findMinutes, findNote, findOffer } from './queries.ts'

const nothing = z.object({})

type Located = Pick<LoggedAct, 'space' | 'hash' | 'statement'>

/** Space and act of an address such as `/spaces/:space/notes/:act/…`; not found unless both are here and fit. */
async function located(visit: Visit): Promise<{ space: SpaceFacts; act: LoggedAct }> {
  const { space, act } = await spaceAnd(visit, (hash) => visit.services.ledger.findAct(hash))
  return { space, act }
}

/** The same, where the act may also be one that is tendered and not yet on the record. */
async function locatedOrTendered(visit: Visit): Promise<{ space: SpaceFacts; act: Located }> {
  const { ledger, tenders } = visit.services
  return spaceAnd<Located>(visit, async (hash) => (await ledger.findAct(hash)) ?? (await tenders.find(hash)))
}

async function spaceAnd<T extends Located>(
  visit: Visit,
  find: (hash: string) => Promise<T | undefined>,
): Promise<{ space: SpaceFacts; act: T }> {
  const { space: id = '', act: hash = '' } = visit.params
  const space = isId(id) ? await visit.services.ledger.find(id) : undefined
  const act = space && (await find(hash))
  if (!space || !act || act.space !== space.id) throw new Refusal('not-found')
  return { space, act }
}

/** Back to the act in its timeline, saying how far our act has come. */
function answered(space: string, about: string, submission: Submission): Answer {
  return {
    redirect: actHref(space, about),
    notice: `channels.notice.${submission.state === 'refused' ? 'signed' : submission.state}`,
    data: { ...submission },
  }
}

async function step(visit: Visit, type: string, key: string): Promise<Answer> {
  const { space, act } = await locatedOrTendered(visit)
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
async function requireOpen(
  { services, viewer, params: { act: hash = '' } }: Visit,
  kind: 'note' | 'minutes' | 'check' | 'offer',
): Promise<void> {
  if (await isTenderedToUs(services, viewer, hash, kind)) return
  if (kind === 'note') {
    const note = await findNote(services.db, hash)
    if (note?.addressee !== services.party) throw new Refusal('channels-not-the-addressee')
    return
  }
  const found = await { minutes: findMinutes, check: findCheck, offer: findOffer }[kind](services.db, hash)
  if (!found) throw new Refusal('not-found')
  if (kind !== 'minutes' && found.author === services.party) throw new Refusal('channels-own-act')
}

/** An act of another party that waits for its host: a check can be answered and a note to us acknowledged. */
async function isTenderedToUs(services: Services, viewer: Viewer, hash: string, kind: string): Promise<boolean> {
  const tendered = await services.tenders.find(hash)
  if (!tendered || tendered.refused || tendered.statement.author === services.party) return false
  if (kind === 'check') return tendered.statement.type === 'channels.check-called'
  if (kind !== 'note' || tendered.statement.type !== 'channels.note-sent') return false
  const marked = (await services.tenders.content([tendered])).get(hash)
  const revealed = marked && reveal(marked, atHome(services, viewer), 'page')
  return revealed?.shown === true && (revealed.value.body as Partial<NoteBody>).addressee === services.party
}

export function channelRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/spaces/:space/notes/:act/acknowledge',
      permission: 'channels.note-acknowledged:send',
      summary: 'The page on which a note is acknowledged',
      keep: (visit) =>
        keepsAct({ ...visit, params: { space: visit.params.space ?? '', hash: visit.params.act ?? '' } }),
      async handle(visit) {
        const { space, act } = await located(visit)
        const note = await findNote(services.db, act.hash)
        if (note?.addressee !== services.party) throw new Refusal('channels-not-the-addressee')
        const marked = (await services.ledger.content([act.hash])).get(act.hash)
        const reader = atHome(services, visit.viewer)
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
              clock={clock}
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
        await requireOpen(visit, 'note')
        return step(visit, 'channels.note-acknowledged', 'note')
      },
    },
    {
      method: 'GET',
      path: '/spaces/:space/notes/:act/change',
      permission: 'channels.note-sent:draft',
      summary: 'What the sender of a note can still do about it: correct, replace, withdraw',
      async handle(visit) {
        const { space, act } = await located(visit)
        const note = await findNote(services.db, act.hash)
        if (note?.author !== services.party) throw new Refusal('channels-not-ours-to-change')
        if (note.ended) throw new Refusal('channels-note-ended')
        return { page: <ChangePage visit={visit} space={space} note={note} /> }
      },
    },
    {
      method: 'POST',
      path: '/spaces/:space/minutes/:act/confirm',
      permission: 'channels.minutes-confirmed:send',
      input: nothing,
      summary: 'Confirm joint minutes as they stand',
      async handle(visit) {
        await requireOpen(visit, 'minutes')
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
        await requireOpen(visit, 'check')
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
        await requireOpen(visit, 'offer')
        return step(visit, 'channels.offer-accepted', 'offer')
      },
    },
  ]
}
