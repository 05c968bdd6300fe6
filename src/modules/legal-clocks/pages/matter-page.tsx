import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  Details,
  Entry,
  Form,
  FormLine,
  Hidden,
  Pairs,
  Section,
  TextArea,
  Trouble,
} from '../../../web/index.ts'
import { DatedNote, type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import type { LoadedClocks } from '../load-clocks.ts'
import type { Matter, Sending, Trigger } from '../matters.ts'
import { AwarenessFields, ClocksFrame, labelsOf, momentText, Standing } from './parts.tsx'

interface Props {
  visit: Visit
  loaded: LoadedClocks
  matter: Matter
  returned?: Returned
}

/** One law on one incident: who owes whom, since when, how that was corrected, and each term. */
export function MatterPage(props: Props) {
  const { visit, loaded, matter, returned } = props
  const { t, language, viewer } = visit
  const { incident, nameOf } = loaded
  const { trigger, regime } = matter
  const mayWrite = incident.state !== 'closed' && viewer.may('incidents:draft')
  return (
    <ClocksFrame
      visit={visit}
      incident={incident}
      title={regime ? named(regime.names, language) : trigger.regime}
      back={{ href: `/incidents/${incident.id}/clocks`, label: t('legal-clocks.back') }}
    >
      <Pairs
        items={[
          { term: t('legal-clocks.law'), detail: regime?.law ?? trigger.regime },
          { term: t('legal-clocks.our-role'), detail: t(`legal-clocks.role.${trigger.role}`) },
          { term: t('legal-clocks.field.entity'), detail: trigger.entity },
          regime && { term: t('legal-clocks.obliged'), detail: named(regime.entity, language) },
          { term: t('legal-clocks.field.authority'), detail: trigger.authority },
          regime && { term: t('legal-clocks.receives'), detail: named(regime.authority, language) },
          regime && { term: t('legal-clocks.trigger'), detail: named(regime.trigger, language) },
          regime && { term: t('legal-clocks.source'), detail: <span lang="en">{regime.source}</span> },
        ]}
      />
      {matter.overtaken.map((one) => (
        <Trouble
          key={one.id}
          title={t('legal-clocks.overtaken.title')}
          what={overtakenText(props, one)}
          do={t('legal-clocks.overtaken.do')}
        />
      ))}
      <Section title={t('legal-clocks.terms')} id="terms">
        {matter.terms.map((standing) => (
          <Entry key={standing.term.id} margin={<Standing visit={visit} matter={matter} standing={standing} />}>
            <h3>
              <a href={`/incidents/${incident.id}/clocks/${matter.id}/${standing.term.id}`}>
                {named(standing.term.names, language)}
              </a>
            </h3>
            {standing.sendings.map((one) => (
              <p key={one.id}>{sendingText(visit, one)}</p>
            ))}
          </Entry>
        ))}
      </Section>
      <Section title={t('legal-clocks.history')} id="history">
        {[trigger, ...matter.earlier].map((one) => (
          <TriggerEntry key={one.id} visit={visit} trigger={one} nameOf={nameOf} stands={one === trigger} />
        ))}
      </Section>
      {mayWrite && (
        <>
          <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
          <CorrectForm {...props} />
          {!trigger.withdrawn && <WithdrawForm {...props} />}
        </>
      )}
      <DatedNote visit={visit} files={[loaded.file]} />
    </ClocksFrame>
  )
}

/** What went out, when, how and with what number. */
export function sendingText({ t, viewer, language }: Visit, one: Sending): string {
  return t('legal-clocks.sending', {
    reference: one.reference,
    time: formatDateTime(one.sentAt, viewer.person.zone, language),
    way: t(`legal-clocks.way.${one.way}`),
    to: one.sentTo,
    by: one.sentBy,
    complete: one.missing.length === 0 ? 'yes' : 'no',
  })
}

/** Both truths in one paragraph: what it was sent under, and what holds now. */
function overtakenText({ visit, matter }: Props, sent: Sending): string {
  const { t, language, viewer } = visit
  const time = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const then = matter.earlier.find(({ id }) => id === sent.trigger)
  const now = matter.terms.find(({ term }) => term.id === sent.term)
  const due = now?.clock?.dueAt
  return t('legal-clocks.overtaken.what', {
    reference: sent.reference,
    sent: time(sent.sentAt),
    before: then ? momentText(visit, then) : '',
    dueThen: sent.dueThen === undefined ? t('legal-clocks.no-delay') : time(sent.dueThen),
    standing: matter.trigger.withdrawn ? 'withdrawn' : due === undefined ? 'open' : sent.sentAt <= due ? 'met' : 'late',
    now: momentText(visit, matter.trigger),
    dueNow: due === undefined ? t('legal-clocks.no-delay') : time(due),
  })
}

function TriggerEntry({
  visit,
  trigger,
  nameOf,
  stands,
}: {
  visit: Visit
  trigger: Trigger
  nameOf(id: string): string
  stands: boolean
}) {
  const { t } = visit
  return (
    <Entry margin={<Signed visit={visit} by={nameOf(trigger.by)} at={trigger.at} />}>
      <FormLine>
        {t(trigger.withdrawn ? 'legal-clocks.withdrawn' : stands ? 'legal-clocks.stands' : 'legal-clocks.stood')}
      </FormLine>
      <p>{momentText(visit, trigger)}</p>
      <p>
        <bdi>{trigger.who}</bdi>: <bdi>{trigger.what}</bdi>
      </p>
      {trigger.reason !== '' && <p dir="auto">{trigger.reason}</p>}
    </Entry>
  )
}

function CorrectForm({ visit, loaded, matter, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'correct')
  const { trigger } = matter
  const local = new Date(trigger.awareAt)
    .toLocaleString('sv', { timeZone: trigger.zone })
    .slice(0, 16)
    .replace(' ', 'T')
  return (
    <Details summary={t('legal-clocks.correct.title')} open={returned?.form === 'correct'} id="correct">
      <Form action={`/incidents/${loaded.incident.id}/clocks/${matter.id}/correct`}>
        <Hidden name="id" value={newId()} />
        <AwarenessFields visit={visit} value={value} error={error} kept={{ ...trigger, awareAt: local }} />
        <TextArea
          name="reason"
          label={t('legal-clocks.field.reason')}
          rows={2}
          value={value('reason')}
          error={error('reason')}
          required
          maxlength={2000}
        />
        <Button label={t('legal-clocks.correct.save')} />
      </Form>
    </Details>
  )
}

function WithdrawForm({ visit: { t }, loaded, matter, returned }: Props) {
  const { value, error } = returnedTo(returned, 'withdraw')
  return (
    <Details summary={t('legal-clocks.withdraw.title')} open={returned?.form === 'withdraw'} id="withdraw">
      <Form action={`/incidents/${loaded.incident.id}/clocks/${matter.id}/withdraw`} scope="withdraw">
        <Hidden name="id" value={newId()} />
        <TextArea
          name="reason"
          label={t('legal-clocks.withdraw.why')}
          rows={2}
          value={value('reason')}
          error={error('reason')}
          required
          maxlength={2000}
        />
        <Button plain label={t('legal-clocks.withdraw.save')} />
      </Form>
    </Details>
  )
}
