import { type Clock, clockState, findClock, lapsedAct } from '../../../core/clocks/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import { actHref } from '../../../core/module/act-href.ts'
import type { Answer, Services, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { takeStep } from '../../../core/release/index.ts'
import { isId } from '../../../protocol/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ButtonForm, LeavesStays, LinkButton, PageHead, Pairs, Row } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { dutyText, owedText } from '../clock-words.ts'
import { getSpace, mayWriteIn } from '../find-space.ts'
import { partiesText, titleOf } from '../space-words.ts'

/** Whether putting the expiry on record would take effect now; `now` in the clock's own time. */
export function mayLapse(clock: Clock, now: number): boolean {
  return clockState(clock, now) === 'overdue' && clock.lapsedBy === undefined
}

/** Address where an expiry is put on record. */
export const lapseHref = (clock: Clock): string => `/spaces/${clock.space}/clocks/${clock.id}/lapsed`

interface Located {
  space: SpaceFacts
  clock: Clock
  now: number
}

async function located({ services, params }: Visit): Promise<Located> {
  const space = await getSpace(services, params.space)
  const { clock: id = '' } = params
  const clock = isId(id) ? await findClock(services.db, id) : undefined
  if (!clock || clock.space !== space.id) throw new Refusal('not-found')
  return { space, clock, now: await services.ledger.scenarioNow(space) }
}

/** @throws Refusal `spaces.cannot-lapse`, `not-permitted` */
function requireLapsable(services: Services, { space, clock, now }: Located): void {
  if (!mayWriteIn(services, space)) throw new Refusal('not-permitted')
  if (!mayLapse(clock, now)) throw new Refusal('spaces.cannot-lapse')
}

/** What would stand on the record, and who reads it. */
export async function lapseForm(visit: Visit): Promise<Answer> {
  const { services, viewer, t, language } = visit
  const found = await located(visit)
  requireLapsable(services, found)
  const { space, clock, now } = found
  const zone = viewer.person.zone
  const reading = { services, t, language, zone, now }
  const title = t('spaces.lapse.title')
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
        <PageHead form={titleOf(space, language)} title={title} lead={t('spaces.lapse.lead')} />
        <Pairs
          items={[
            { term: t('spaces.lapse.duty'), detail: owedText(clock, reading) },
            { term: t('spaces.lapse.due'), detail: formatDateTime(clock.dueAt, zone, language) },
            { term: t('spaces.lapse.source'), detail: t(`clocks.source.${clock.source}`) },
            { term: t('spaces.review.readers'), detail: partiesText(space, services, language) },
          ]}
        />
        <LeavesStays
          leaves={[
            t('spaces.lapse.leaves', {
              duty: dutyText(clock, t),
              party: services.nameOf(clock.duty, language),
              due: formatDateTime(clock.dueAt, zone, language),
            }),
          ]}
          stays={[t('spaces.lapse.stays')]}
        />
        <Row>
          <ButtonForm action={lapseHref(clock)} label={t('spaces.lapse.do')} />
          <LinkButton href={actHref(space.id, clock.about)} label={t('spaces.write.back')} plain />
        </Row>
      </Framed>
    ),
  }
}

/** Signs `clock.lapsed`; a second click names the same act. */
export async function recordLapsed(visit: Visit): Promise<Answer> {
  const { services, viewer, t } = visit
  const found = await located(visit)
  const { space, clock } = found
  // Ours already: whoever clicked twice is led to it, everybody else is told.
  if (clock.lapsedBy === undefined) requireLapsable(services, found)
  const submission = await takeStep(services, viewer, {
    space: space.id,
    type: lapsedAct.type,
    about: clock.about,
    item: clock.id,
    body: { clock: clock.id },
    marking: { tlp: 'AMBER' },
  })
  return {
    redirect: actHref(space.id, clock.about),
    data: { ...submission },
    notice: t(`spaces.sent.${submission.state}`),
  }
}
