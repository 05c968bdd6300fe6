import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate, formatList } from '../../../text/index.ts'
import { Button, Entry, Field, Form, FormLine, Hidden, PageHead, Quiet, Section, TextArea } from '../../../web/index.ts'
import { Framed, type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import { AtHome, BackTo, InCompartment } from '../pages/parts.tsx'
import type { Carried } from '../share/carried.ts'
import { CarriedLines } from '../share/carried-line.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { CourseOfEvents, WhoKnew } from './course-of-events.tsx'
import { ParticularForm, particularLabels } from './particular-form.tsx'
import { type ParticularKind, particularKinds } from './particular.ts'
import { ownTime, particularWords, toldTime } from './particular-words.ts'
import { readCategories } from '../vocabularies/read-categories.ts'
import type { Particular } from './state-particular.ts'

export interface FactsPageProps {
  visit: Visit
  loaded: LoadedIncident
  particulars: readonly Particular[]
  /** Person id → name. */
  names: ReadonlyMap<string, string>
  /** Kind of the form at the foot. */
  kind: ParticularKind
  /** Statement that the form puts right. */
  corrects?: Particular
  /** Statement that somebody contests. */
  contested?: Particular
  returned?: Returned
  /** What was put into letters, by item. */
  carried: ReadonlyMap<string, Carried[]>
}

/** What is stated of an incident, kind by kind, with who knows it since when, and what speaks against it. */
export function FactsPage(props: FactsPageProps) {
  const { visit, loaded, particulars, contested, returned } = props
  const { t, viewer } = visit
  const { incident } = loaded
  const mayWrite = viewer.may('incidents:draft') && incident.state !== 'closed'
  return (
    <Framed
      visit={visit}
      title={`${t('particulars.title')} · ${incident.codeName}`}
      current="/incidents"
      marking={{ tlp: incident.marking }}
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead
        form={<bdi>{incident.codeName}</bdi>}
        title={t('particulars.title')}
        lead={t('particulars.lead', { held: particulars.filter((one) => one.heldBack).length })}
      />
      <BackTo visit={visit} incident={incident} />
      <AtHome visit={visit} />
      <WhatIsWrong returned={returned} labels={particularLabels(visit)} />
      {particulars.length === 0 && <Quiet>{t('particulars.none')}</Quiet>}
      <CourseOfEvents visit={visit} particulars={particulars} />
      {particularKinds
        .filter((kind) => particulars.some((one) => one.kind === kind))
        .map((kind) => (
          <Section key={kind} title={t(`particulars.kind.${kind}`)} id={kind}>
            {particulars
              .filter((one) => one.kind === kind)
              .map((one) => (
                <Stated key={one.id} {...props} one={one} mayWrite={mayWrite} />
              ))}
          </Section>
        ))}
      <WhoKnew visit={visit} particulars={particulars} />
      {mayWrite && contested && <ContestForm {...props} one={contested} />}
      {mayWrite && <ParticularForm {...props} />}
    </Framed>
  )
}

function Stated({
  visit,
  loaded: { incident, compartments, spaces },
  particulars,
  names,
  one,
  mayWrite,
  carried,
}: FactsPageProps & { one: Particular; mayWrite: boolean }) {
  const { t } = visit
  const at = `/incidents/${incident.id}/particulars`
  const others = particulars.filter(({ id }) => one.contradicts.includes(id))
  const says = (other: Pick<Particular, 'value'>) => particularWords(visit, one.kind, other.value)
  return (
    <Entry
      id={`stated-${one.id}`}
      margin={<Known visit={visit} one={one} by={names.get(one.writtenBy) ?? one.writtenBy} />}
    >
      <p>
        <bdi>{says(one)}</bdi>
        <InCompartment of={one.compartment} compartments={compartments} />
      </p>
      <CarriedLines visit={visit} spaces={spaces} carried={carried.get(`particular-${one.id}`)} />
      {one.kind === 'category' && <Mapping visit={visit} code={one.value.code ?? ''} />}
      {one.value.method && (
        <Quiet small>
          {t('particulars.field.method')}: <bdi>{one.value.method}</bdi>
        </Quiet>
      )}
      {one.heldBack && <FormLine>{t(`particulars.held.${one.heldBack}`, { day: dayOf(visit, one.embargo) })}</FormLine>}
      {one.knownTooEarly && <FormLine>{t('particulars.known-too-early')}</FormLine>}
      {others.length > 0 && (
        <FormLine>{t('particulars.contradicts', { others: formatList(others.map(says), visit.language) })}</FormLine>
      )}
      {one.disputes.map((dispute, n) => (
        <p key={n}>
          <strong>{t('particulars.contested-by')}</strong> <bdi>{dispute.by}</bdi>: <bdi>{dispute.why}</bdi>
        </p>
      ))}
      {one.kind === 'event' && (
        <p>
          <a href={`/incidents/${incident.id}/weighing/diamond/${one.id}`}>
            {t('diamond.of-event', { what: says(one) })}
          </a>
        </p>
      )}
      {one.before.map((old, n) => (
        <Quiet key={n} small>
          {t('particulars.before')} <bdi>{says(old)}</bdi>
          {old.value.when && ` · ${toldTime(visit, old.value.when)}`}
        </Quiet>
      ))}
      {mayWrite && (
        <p>
          <a href={`${at}?correct=${one.id}#state`}>{t('particulars.correct', { what: says(one) })}</a> ·{' '}
          <a href={`${at}?contest=${one.id}#contest`}>{t('particulars.contest', { what: says(one) })}</a>
        </p>
      )}
    </Entry>
  )
}

function Known({ visit, one, by }: { visit: Visit; one: Particular; by: string }) {
  const { t } = visit
  const own = one.value.when && ownTime(visit, one.value.when)
  return (
    <>
      {one.value.when && (
        <p>
          <bdi>{toldTime(visit, one.value.when)}</bdi>
        </p>
      )}
      {own && (
        <p>
          {t('particulars.own-zone')} <bdi>{own}</bdi>
        </p>
      )}
      <p>
        {t('particulars.known-by')} <bdi>{one.knownBy}</bdi>, {t('particulars.since')} {dayOf(visit, one.knownSince)}
      </p>
      <Signed visit={visit} by={by} at={one.at} />
    </>
  )
}

const dayOf = ({ language }: Visit, day: string | undefined): string =>
  day === undefined ? '' : formatDate(Date.parse(`${day}T00:00:00Z`), 'UTC', language)

function Mapping({ visit: { t, language, services }, code }: { visit: Visit; code: string }) {
  const { categories, vocabularies } = readCategories(services).content
  const mapped = categories.find(({ id }) => id === code)
  if (!mapped) return null
  const list = (codes: readonly string[] = []) => (codes.length > 0 ? formatList(codes, language) : '–')
  return (
    <Quiet small>
      {vocabularies.map(({ id, names }) => (
        <>
          {named(names, language)}: <bdi>{list(mapped.beside[id])}</bdi>.{' '}
        </>
      ))}
      {t('particulars.mapping')} <a href="/incidents/vocabularies#categories">{t('severity.vocabularies.title')}</a>
    </Quiet>
  )
}

function ContestForm({ visit, loaded: { incident }, one, returned }: FactsPageProps & { one: Particular }) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'contest')
  const title = t('particulars.contest', { what: particularWords(visit, one.kind, one.value) })
  return (
    <Section title={title} id="contest">
      <Form action={`/incidents/${incident.id}/particulars/${one.id}/contest`} label={title}>
        <Hidden name="id" value={newId()} />
        <Field
          name="by"
          label={t('particulars.field.by')}
          value={value('by')}
          error={error('by')}
          required
          maxlength={200}
        />
        <TextArea
          name="why"
          label={t('particulars.field.why')}
          rows={3}
          value={value('why')}
          error={error('why')}
          required
          maxlength={1000}
        />
        <Button plain label={t('particulars.save-contest')} />
      </Form>
    </Section>
  )
}
