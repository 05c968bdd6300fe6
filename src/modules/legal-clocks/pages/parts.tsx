import type { ComponentChildren } from 'preact'
import { clockState } from '../../../core/clocks/index.ts'
import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ClockChip, Field, Select } from '../../../web/index.ts'
import { type Incident, RecordFrame } from '../../incidents/index.ts'
import { clockStateText } from '../../spaces/index.ts'
import { precisions } from '../aware-at.ts'
import type { Matter, TermStanding } from '../matters.ts'

/** A page about the legal clocks of an incident: our own record, and it says so. */
export function ClocksFrame({
  visit,
  incident,
  title,
  lead,
  back,
  children,
}: {
  visit: Visit
  incident: Incident
  title: string
  lead?: string
  back: { href: string; label: string }
  children: ComponentChildren
}) {
  const { t, services, language } = visit
  const atHome = t('legal-clocks.at-home', { party: services.nameOf(services.party, language) })
  return (
    <RecordFrame visit={visit} incident={incident} title={title} lead={lead} back={back} atHome={atHome}>
      {incident.drill && <p class="box leaves">{t('legal-clocks.exercise')}</p>}
      {children}
    </RecordFrame>
  )
}

/** Where a term stands, in words. */
export function Standing({ visit, matter, standing }: { visit: Visit; matter: Matter; standing: TermStanding }) {
  const { t, services, language, viewer } = visit
  const { clock, waitsFor, sendings } = standing
  if (clock) {
    const { now } = matter
    const zone = viewer.person.zone
    return (
      <ClockChip state={clockState(clock, now)} text={clockStateText(clock, { services, t, language, zone, now })} />
    )
  }
  if (sendings.length > 0) return t('legal-clocks.sent')
  if (matter.trigger.withdrawn) return t('legal-clocks.withdrawn')
  const after = waitsFor && matter.regime?.terms.find((one) => one.id === waitsFor)
  return after ? t('legal-clocks.runs-from', { term: named(after.names, language) }) : t('legal-clocks.no-delay')
}

/** A moment in the zone of the law, and how exactly it is known. */
export const momentText = ({ t, language }: Visit, of: { awareAt: number; zone: string; precision: string }): string =>
  t('legal-clocks.moment', {
    time: formatDateTime(of.awareAt, of.zone, language),
    precision: of.precision,
  })

/** The moment somebody became aware, on the calendar of a zone, as far as it is known. */
export function AwarenessFields({
  visit,
  value,
  error,
  kept,
}: {
  visit: Visit
  value(name: string, otherwise?: string): string
  error(name: string): string | undefined
  kept?: { awareAt: string; precision: string; zone: string; who: string; what: string }
}) {
  const { t, viewer } = visit
  return (
    <>
      <Field
        name="awareAt"
        type="datetime-local"
        label={t('legal-clocks.field.awareAt')}
        hint={t('legal-clocks.field.awareAt-hint')}
        value={value('awareAt', kept?.awareAt)}
        error={error('awareAt')}
        required
      />
      <Select
        name="precision"
        label={t('legal-clocks.field.precision')}
        hint={t('legal-clocks.field.precision-hint')}
        value={value('precision', kept?.precision ?? 'minute')}
        error={error('precision')}
        required
        options={precisions.map((one) => ({ value: one, label: t(`legal-clocks.precision.${one}`) }))}
      />
      <Field
        name="zone"
        label={t('legal-clocks.field.zone')}
        hint={t('legal-clocks.field.zone-hint')}
        value={value('zone', kept?.zone ?? viewer.person.zone)}
        error={error('zone')}
        required
        maxlength={60}
      />
      <Field
        name="who"
        label={t('legal-clocks.field.who')}
        value={value('who', kept?.who)}
        error={error('who')}
        required
        maxlength={300}
        width="long"
      />
      <Field
        name="what"
        label={t('legal-clocks.field.what')}
        value={value('what', kept?.what)}
        error={error('what')}
        required
        maxlength={2000}
        width="long"
      />
    </>
  )
}

/** Names of all fields of these pages, for what needs correcting. */
export const labelsOf = ({ t }: Visit): Record<string, string> =>
  Object.fromEntries(
    [
      'law',
      'entity',
      'authority',
      'awareAt',
      'precision',
      'zone',
      'who',
      'what',
      'reason',
      'sentAt',
      'way',
      'sentTo',
      'sentBy',
      'theirReference',
      'incomplete',
    ].map((name) => [name, t(`legal-clocks.field.${name}`)]),
  )
