import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'
import { Details, LinkButton, PageHead, Pairs, Paper, Quiet, Reg, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Batch } from '../batches.ts'
import type { PublishedIncident } from '../list-published.ts'
import { choiceLabel } from '../words.ts'
import { dayText, Published, SourceLine, spanText } from './parts.tsx'

interface Props {
  visit: Visit<any>
  batch: Batch
  published: PublishedIncident
  /** Our own incident that was opened from it, where the reader may see it. */
  takenUp?: { id: string; codeName: string }
}

/** One published incident: what the set says of it, who attributed it, who received it, who answered. */
export function PublishedPage(props: Props) {
  const { visit, batch, published, takenUp } = props
  const { t, viewer } = visit
  const { incident } = published
  return (
    <Framed visit={visit} title={incident.name} current="/incidents">
      <PageHead
        form={
          <>
            {batch.name} {batch.edition} · <Reg text={incident.ref} />
          </>
        }
        title={<Published>{incident.name}</Published>}
        lead={spanText(incident.started_on, incident.ended_on, visit)}
        actions={
          <>
            {takenUp ? (
              <a href={`/incidents/${takenUp.id}`}>{t('published-incidents.taken-up', { name: takenUp.codeName })}</a>
            ) : (
              viewer.may('incidents:draft') && (
                <LinkButton
                  href={`/published-incidents/${batch.set}/${incident.ref}/take-up`}
                  label={t('published-incidents.take-up')}
                />
              )
            )}
            <LinkButton plain href="/published-incidents" label={t('published-incidents.title')} />
          </>
        }
      />
      <SourceLine visit={visit} batch={batch} />
      <Paper language="en">
        <p>{incident.description}</p>
      </Paper>
      <Facts {...props} />
      <Attributions {...props} />
      <Receivers {...props} />
      <Responses {...props} />
      <Sources {...props} />
      <Details summary={t('published-incidents.cells')}>
        <Table
          caption={t('published-incidents.cells')}
          quietCaption
          head={[t('published-incidents.column.column'), t('published-incidents.column.value')]}
          rows={Object.entries(incident.cells).flatMap(([column, value]) =>
            value === '' ? [] : [[<Published>{column}</Published>, <Published>{value}</Published>]],
          )}
        />
      </Details>
    </Framed>
  )
}

function Facts({ visit, published: { incident } }: Props) {
  const { t, language } = visit
  const sectors = incident.facets.filter((facet) => facet.startsWith('sector:')).map((facet) => facet.slice(7))
  const said = (values: readonly string[], none: string): ComponentChildren =>
    values.length === 0 ? none : <Published>{values.join(' · ')}</Published>
  return (
    <Pairs
      items={[
        {
          term: t('published-incidents.column.types'),
          detail:
            incident.types.map((type) => t(`published-incidents.type.${type}`)).join(' · ') ||
            t('published-incidents.not-said'),
        },
        {
          term: t('published-incidents.column.initiators'),
          detail: said(incident.initiators, t('published-incidents.not-named')),
        },
        {
          term: t('published-incidents.filter.category'),
          detail:
            incident.categories.map((one) => t(`published-incidents.category.${one}`)).join(' · ') ||
            t('published-incidents.not-said'),
        },
        {
          term: t('published-incidents.column.victims'),
          detail: said(incident.victims, t('published-incidents.not-said')),
        },
        {
          term: t('published-incidents.filter.sector'),
          detail: said(
            sectors.map((one) => choiceLabel('sector', one, t)),
            t('published-incidents.not-said'),
          ),
        },
        {
          term: t('published-incidents.column.intensity'),
          detail:
            incident.intensity === null
              ? t('published-incidents.not-said')
              : t('published-incidents.intensity', { value: formatNumber(incident.intensity, language) }),
        },
      ]}
    />
  )
}

function Attributions({ visit, published: { attributions } }: Props) {
  const { t } = visit
  const coded = (name: 'basis' | 'kind' | 'category', code: string | null) =>
    code === null ? t('published-incidents.not-said') : t(`published-incidents.${name}.${code}`)
  return (
    <Section title={t('published-incidents.attributions', { count: attributions.length })} id="attributions">
      <Quiet>{t('published-incidents.attributions-explained')}</Quiet>
      {attributions.length > 0 && (
        <Table
          caption={t('published-incidents.attributions', { count: attributions.length })}
          quietCaption
          head={['accused', 'by', 'basis', 'kind', 'day'].map((name) => t(`published-incidents.column.${name}`))}
          rows={attributions.map((one) => [
            <>
              <Published>
                {[one.initiator, one.country].filter(Boolean).join(', ') || t('published-incidents.not-named')}
              </Published>{' '}
              ({coded('category', one.category)})
            </>,
            <Published>
              {[one.actor ?? one.company, one.by_country].filter(Boolean).join(', ') ||
                t('published-incidents.not-named')}
            </Published>,
            one.basis === 'contested' ? <strong>{coded('basis', one.basis)}</strong> : coded('basis', one.basis),
            coded('kind', one.kind),
            dayText(one.day, visit),
          ])}
        />
      )}
    </Section>
  )
}

function Receivers({ visit, published: { receivers } }: Props) {
  const { t } = visit
  return (
    <Section title={t('published-incidents.receivers', { count: receivers.length })} id="receivers">
      {receivers.length > 0 && (
        <Table
          caption={t('published-incidents.receivers', { count: receivers.length })}
          quietCaption
          head={['name', 'country', 'sector', 'subsector', 'regions'].map((name) =>
            t(`published-incidents.column.${name}`),
          )}
          rows={receivers.map((one) => [
            <Published>{one.name ?? t('published-incidents.not-named')}</Published>,
            <Published>{one.country ?? t('published-incidents.not-said')}</Published>,
            one.sector === null ? t('published-incidents.not-said') : t(`published-incidents.sector.${one.sector}`),
            <Published>{one.subsector ?? '–'}</Published>,
            <Published>{one.regions ?? '–'}</Published>,
          ])}
        />
      )}
    </Section>
  )
}

function Responses({ visit, published: { responses } }: Props) {
  const { t } = visit
  return (
    <Section title={t('published-incidents.responses', { count: responses.length })} id="responses">
      {responses.length > 0 && (
        <Table
          caption={t('published-incidents.responses', { count: responses.length })}
          quietCaption
          head={['response', 'by', 'day'].map((name) => t(`published-incidents.column.${name}`))}
          rows={responses.map((one) => [
            <>
              {one.type === null ? t('published-incidents.not-said') : t(`published-incidents.response.${one.type}`)}
              {one.subtype && (
                <>
                  {' '}
                  · <Published>{one.subtype}</Published>
                </>
              )}
            </>,
            <Published>
              {[one.actor, one.country].filter(Boolean).join(', ') || t('published-incidents.not-named')}
            </Published>,
            dayText(one.day, visit),
          ])}
        />
      )}
    </Section>
  )
}

/** Addresses as published; only those a browser opens as pages become links. */
function Sources({ visit: { t }, published: { incident } }: Props) {
  return (
    <Section title={t('published-incidents.sources', { count: incident.sources.length })} id="sources">
      {incident.sources.length > 0 && (
        <ul>
          {incident.sources.map((source) => (
            <li key={source}>
              <bdi dir="ltr" class="sign-in-link">
                {/^https?:\/\//i.test(source) ? (
                  <a href={source} rel="noreferrer nofollow">
                    {source}
                  </a>
                ) : (
                  source
                )}
              </bdi>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
