import { actHref } from '../../core/module/act-href.ts'
import { openClocks } from '../../core/clocks/index.ts'
import { atHome, reveal } from '../../core/markings/index.ts'
import type { ActContent, Need, Services, Viewer } from '../../core/module/types.ts'
import type { NoteBody } from './acts.ts'
import { correspondentOf } from './agreed.ts'
import { isAnsweredByUs } from './faces/check-faces.tsx'
import {
  listAwaitingAcknowledgement,
  listNotes,
  listOpenOffers,
  listUnacknowledged,
  listUnansweredChecks,
  listUnconfirmedMinutes,
  type NoteRow,
} from './queries.ts'

/** What of the channels needs this person, and what we wait for. */
export async function channelNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { db, party } = services
  const [notes, unacknowledged, minutes, checks, offers, clocks] = await Promise.all([
    viewer.may('channels.note-acknowledged:send') ? listUnacknowledged(db, party) : [],
    listAwaitingAcknowledgement(db, party),
    viewer.may('channels.minutes-confirmed:send') ? listUnconfirmedMinutes(db, party) : [],
    viewer.may('channels.check-answered:send') ? listUnansweredChecks(db, party) : [],
    viewer.may('channels.offer-accepted:send') ? listOpenOffers(db, party) : [],
    openClocks(db, {}),
  ])
  const awaited = await withNode(services, unacknowledged)
  const owed = clocks.filter((clock) => clock.regime === 'reply' && clock.duty === party)
  const toAnswer = viewer.may('channels.note-sent:draft')
    ? await listNotes(
        db,
        owed.map((clock) => clock.about),
      )
    : new Map<string, NoteRow>()
  const replies = [...toAnswer.values()].filter((note) => note.answered_by === null)
  const clockBy = new Map(clocks.map((clock) => [`${clock.regime} ${clock.about}`, clock]))
  const need = (
    row: { space: string; hash: string; author: string },
    about: Pick<Need, 'verb' | 'form' | 'href'> & { regime?: string; waitsFor?: Need['waitsFor']; from?: string },
  ): Need => {
    const { regime, ...rest } = about
    const clock = regime === undefined ? undefined : clockBy.get(`${regime} ${row.hash}`)
    return {
      from: row.author,
      ...rest,
      key: `${about.verb}:${row.hash}`,
      headline: '',
      subjectOf: row.hash,
      space: row.space,
      dueAt: clock?.dueAt,
      clock,
      waitsFor: about.waitsFor ?? 'me',
    }
  }
  return [
    ...(await tenderedNeeds(services, viewer)),
    ...notes.map((row) =>
      need(row, {
        verb: 'channels.action.acknowledge',
        form: `channels.form.${row.form}`,
        href: `/spaces/${row.space}/notes/${row.hash}/acknowledge`,
        regime: 'acknowledge',
      }),
    ),
    ...minutes.map((row) =>
      need(row, {
        verb: 'channels.action.confirm-minutes',
        form: 'channels.minutes.form',
        href: actHref(row.space, row.hash),
        regime: 'confirm-minutes',
      }),
    ),
    ...checks.map((row) =>
      need(row, {
        verb: 'channels.action.answer-check',
        form: 'channels.check.form',
        href: actHref(row.space, row.hash),
        regime: 'check',
      }),
    ),
    ...offers.map((row) =>
      need(row, {
        verb: 'channels.action.accept-offer',
        form: `channels.offer.form-${row.kind}`,
        href: actHref(row.space, row.hash),
      }),
    ),
    ...replies.map((row) =>
      need(row, {
        verb: 'channels.action.reply',
        form: `channels.form.${row.form}`,
        href: `/spaces/${row.space}/write/channels.note-sent?reply=${row.hash}`,
        regime: 'reply',
      }),
    ),
    ...awaited.map((row) =>
      need(row, {
        verb: 'channels.action.see',
        form: `channels.form.${row.form}`,
        href: actHref(row.space, row.hash),
        regime: 'acknowledge',
        waitsFor: 'them',
        from: row.addressee,
      }),
    ),
  ]
}

/** Nobody without a node acknowledges here: what is awaited of them is no matter of the channels. */
async function withNode({ ledger }: Services, rows: NoteRow[]): Promise<NoteRow[]> {
  if (rows.length === 0) return rows
  const spaces = await ledger.list({ among: [...new Set(rows.map((row) => row.space))] })
  const letters = new Set(spaces.filter((space) => correspondentOf(space) !== undefined).map((space) => space.id))
  return rows.filter((row) => !letters.has(row.space))
}

/** Checks and notes to us that wait for their host: they can be answered before they are on the record. */
async function tenderedNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const waiting = await services.tenders.waiting()
  if (waiting.length === 0) return []
  const contents = await services.tenders.content(waiting)
  const reader = atHome(services, viewer)
  return waiting.flatMap(({ hash, space, statement }): Need[] => {
    const isCheck = statement.type === 'channels.check-called'
    const power = isCheck ? 'channels.check-answered:send' : 'channels.note-acknowledged:send'
    if ((!isCheck && statement.type !== 'channels.note-sent') || !viewer.may(power)) return []
    if (statement.author === services.party || isAnsweredByUs(hash, services.party, waiting)) return []
    const marked = contents.get(hash)
    const revealed = marked && reveal(marked, reader, 'page')
    if (!revealed?.shown) return []
    const { body, text } = revealed.value as ActContent<Partial<NoteBody>, { subject?: string }>
    if (!isCheck && body?.addressee !== services.party) return []
    return [
      {
        key: `tendered:${hash}`,
        verb: isCheck ? 'channels.action.answer-check' : 'channels.action.acknowledge',
        form: isCheck ? 'channels.check.form' : `channels.form.${body?.form ?? 'note'}`,
        from: statement.author,
        headline: text?.subject ?? '',
        href: `/spaces/${space}#act-${hash}`,
        space,
        waitsFor: 'me',
      },
    ]
  })
}
