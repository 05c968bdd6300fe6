import { actHref } from '../../core/module/act-href.ts'
import { openClocks } from '../../core/clocks/index.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { challengeNeeds } from './challenge/challenge-needs.ts'
import { glassHref, listBrokenGlass, listGlassRequests } from './need-to-know/break-glass.ts'
import { listUnreachable, listWithoutLead } from './need-to-know/lead-left.ts'
import { listOrphans } from './weigh/change-source.ts'
import { preserveRegime } from './projection.ts'
import { listOpenContests, listOpenPreservations } from './queries.ts'

/** Data about to be deleted and contested facts that wait for this person, and what we wait for ourselves. */
export async function incidentNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { db, party } = services
  const [preservations, contests, clocks, broken, requests, challenges, leaderless, unreachable, orphans] =
    await Promise.all([
      listOpenPreservations(db),
      viewer.may('incidents:draft') ? listOpenContests(services, viewer) : [],
      openClocks(db, { regime: preserveRegime }),
      listBrokenGlass(services, viewer),
      viewer.may('break-glass:manage') ? listGlassRequests(services) : [],
      challengeNeeds(services, viewer),
      listWithoutLead(services, viewer),
      listUnreachable(services, viewer),
      viewer.may('incidents:draft') ? listOrphans(services, viewer) : [],
    ])
  const mine = preservations.filter(
    (row) => row.addressee === party && viewer.may('incidents.preservation-confirmed:draft'),
  )
  const theirs = preservations.filter((row) => row.author === party)
  const hashes = [...mine, ...theirs, ...contests].map((row) => row.hash)
  const contents = await revealedContents<unknown, { subject?: string }>(services, viewer, hashes)
  const common = (row: { hash: string; space: string }) => {
    const clock = clocks.find((one) => one.about === row.hash)
    return { headline: contents.get(row.hash)?.text?.subject ?? '', space: row.space, clock, dueAt: clock?.dueAt }
  }
  return [
    ...broken.map(
      ({ id, incident, title }): Need => ({
        key: `incidents.glass:${id}`,
        verb: 'need-to-know.take-note',
        form: 'need-to-know.glass.broken',
        headline: title,
        href: `/incidents/${incident}/readers`,
        waitsFor: 'me',
      }),
    ),
    ...leaderless.map(
      ({ id, title }): Need => ({
        key: `incidents.lead-left:${id}`,
        verb: 'need-to-know.name-lead',
        form: 'need-to-know.lead-left',
        headline: title,
        href: `/incidents/${id}/readers#new-lead`,
        waitsFor: 'me',
      }),
    ),
    ...unreachable.map(
      (reference): Need => ({
        key: `incidents.unreachable:${reference}`,
        verb: 'need-to-know.glass.ask',
        form: 'need-to-know.unreachable.form',
        headline: reference,
        href: glassHref(reference),
        waitsFor: 'me',
      }),
    ),
    ...orphans.map(
      ({ evidence, incident, title }): Need => ({
        key: `incidents.source:${evidence}`,
        verb: 'need-to-know.source.name-handler',
        form: 'need-to-know.source.handler-left',
        headline: title,
        href: `/incidents/${incident}/evidence/${evidence}/source`,
        waitsFor: 'me',
      }),
    ),
    ...requests
      .filter(({ askedBy }) => askedBy !== viewer.person.id)
      .map(
        ({ id, askedFor }): Need => ({
          key: `incidents.glass-request:${id}`,
          verb: 'need-to-know.glass.decide',
          form: 'need-to-know.glass.title',
          headline: askedFor,
          href: '/incidents/break-glass',
          waitsFor: 'me',
        }),
      ),
    ...challenges,
    ...mine.map(
      (row): Need => ({
        ...common(row),
        key: `incidents.preserve:${row.hash}`,
        verb: 'incidents.action.confirm-preservation',
        form: 'incidents.acts.preservation-requested',
        from: row.author,
        waitsFor: 'me',
        href: `/spaces/${row.space}/write/incidents.preservation-confirmed?request=${row.hash}`,
      }),
    ),
    ...contests.map(
      (row): Need => ({
        ...common(row),
        key: `incidents.contest:${row.hash}`,
        verb: 'incidents.action.take-up',
        form: 'incidents.acts.contested',
        from: row.author,
        waitsFor: 'me',
        href: `/incidents/contests/${row.hash}/take-up`,
      }),
    ),
    ...theirs.map(
      (row): Need => ({
        ...common(row),
        key: `incidents.await:${row.hash}`,
        verb: 'incidents.action.see',
        form: 'incidents.acts.preservation-requested',
        from: row.addressee,
        waitsFor: 'them',
        href: actHref(row.space, row.hash),
      }),
    ),
  ]
}
