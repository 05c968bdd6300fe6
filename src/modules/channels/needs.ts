import { openClocks } from '../../core/clocks/index.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import {
  listAwaitingAcknowledgement,
  listOpenOffers,
  listUnacknowledged,
  listUnansweredChecks,
  listUnconfirmedMinutes,
} from './queries.ts'

/** What of the channels needs this person, and what we wait for. */
export async function channelNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { db, party } = services
  const [notes, awaited, minutes, checks, offers, clocks] = await Promise.all([
    viewer.may('channels.note-acknowledged:send') ? listUnacknowledged(db, party) : [],
    listAwaitingAcknowledgement(db, party),
    viewer.may('channels.minutes-confirmed:send') ? listUnconfirmedMinutes(db, party) : [],
    viewer.may('channels.check-answered:send') ? listUnansweredChecks(db, party) : [],
    viewer.may('channels.offer-accepted:send') ? listOpenOffers(db, party) : [],
    openClocks(db, {}),
  ])
  const rows = [...notes, ...awaited, ...minutes, ...checks, ...offers]
  const contents = await revealedContents<unknown, { subject?: string }>(
    services,
    viewer,
    rows.map((row) => row.hash),
  )
  const clockOf = (about: string, regime: string) =>
    clocks.find((clock) => clock.about === about && clock.regime === regime)
  const need = (
    row: { space: string; hash: string; author: string },
    about: Pick<Need, 'verb' | 'form' | 'href'> & { regime?: string; waitsFor?: Need['waitsFor']; from?: string },
  ): Need => {
    const { regime, ...rest } = about
    const clock = regime === undefined ? undefined : clockOf(row.hash, regime)
    return {
      from: row.author,
      ...rest,
      key: `${about.verb}:${row.hash}`,
      headline: contents.get(row.hash)?.text?.subject ?? '',
      space: row.space,
      dueAt: clock?.dueAt,
      clock,
      waitsFor: about.waitsFor ?? 'me',
    }
  }
  return [
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
        href: `/spaces/${row.space}#act-${row.hash}`,
        regime: 'confirm-minutes',
      }),
    ),
    ...checks.map((row) =>
      need(row, {
        verb: 'channels.action.answer-check',
        form: 'channels.check.form',
        href: `/spaces/${row.space}#act-${row.hash}`,
        regime: 'check',
      }),
    ),
    ...offers.map((row) =>
      need(row, {
        verb: 'channels.action.accept-offer',
        form: `channels.offer.form-${row.kind}`,
        href: `/spaces/${row.space}#act-${row.hash}`,
      }),
    ),
    ...awaited.map((row) =>
      need(row, {
        verb: 'channels.action.see',
        form: `channels.form.${row.form}`,
        href: `/spaces/${row.space}#act-${row.hash}`,
        regime: 'acknowledge',
        waitsFor: 'them',
        from: row.addressee,
      }),
    ),
  ]
}
