import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'
import {
  Button,
  Details,
  Field,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  Table,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Batch } from '../batches.ts'
import { type Criteria, facetNames, type ListedIncident, perPage } from '../list-published.ts'
import { choiceLabel } from '../words.ts'
import { Published, SourceLine, spanText } from './parts.tsx'

interface Props {
  visit: Visit<any>
  /** The one that is read from; undefined where nothing was imported. */
  batch?: Batch
  standing: readonly Batch[]
  criteria: Criteria
  page: number
  listed: { incidents: ListedIncident[]; count: number }
}

/** Published incidents of one set, narrowed by what the address says. */
export function ListPage(props: Props) {
  const { visit, batch, listed } = props
  const { t, viewer } = visit
  const title = t('published-incidents.title')
  return (
    <Framed visit={visit} title={title} current="/incidents">
      <PageHead
        title={title}
        lead={t('published-incidents.lead')}
        actions={
          <>
            {batch && (
              <LinkButton
                href={`/published-incidents/statistics?set=${encodeURIComponent(batch.set)}`}
                label={t('published-incidents.statistics.title')}
              />
            )}
            {viewer.may('incidents.published:manage') && (
              <LinkButton plain href="/published-incidents/imports" label={t('published-incidents.imports.title')} />
            )}
          </>
        }
      />
      {batch ? (
        <>
          <SourceLine visit={visit} batch={batch} />
          <Details summary={t('published-incidents.filter.title')} open={isNarrowed(props)}>
            <Filter {...props} batch={batch} />
          </Details>
          <Section title={t('published-incidents.found', { count: listed.count })}>
            <Found {...props} batch={batch} />
          </Section>
        </>
      ) : (
        <Quiet>{t('published-incidents.none')}</Quiet>
      )}
    </Framed>
  )
}

const isNarrowed = ({ criteria }: Props): boolean => Object.values(criteria).some((value) => value !== undefined)

/** The most that a choice offers: rarer values are found by words. */
const mostOptions = 300

function Filter({ visit, batch, standing, criteria }: Props & { batch: Batch }) {
  const { t, language } = visit
  const any = { value: '', label: t('published-incidents.filter.any') }
  return (
    <Form action="/published-incidents" method="get" label={t('published-incidents.filter.title')}>
      {standing.length > 1 ? (
        <Select
          name="set"
          label={t('published-incidents.filter.set')}
          value={batch.set}
          options={standing.map((one) => ({ value: one.set, label: `${one.name} ${one.edition}` }))}
        />
      ) : (
        <Hidden name="set" value={batch.set} />
      )}
      <Field
        name="words"
        label={t('published-incidents.filter.words')}
        value={criteria.words}
        maxlength={200}
        required={false}
      />
      {(['from', 'until'] as const).map((name) => (
        <Field
          key={name}
          name={name}
          type="date"
          label={t(`published-incidents.filter.${name}`)}
          value={criteria[name]}
          required={false}
        />
      ))}
      {facetNames.map((name) => (
        <Select
          key={name}
          name={name}
          label={t(`published-incidents.filter.${name}`)}
          value={criteria[name] ?? ''}
          options={[
            any,
            ...(batch.choices[name] ?? []).slice(0, mostOptions).map(([value, n]) => ({
              value,
              label: `${choiceLabel(name, value, t)} (${formatNumber(n, language)})`,
            })),
          ]}
        />
      ))}
      <Field
        name="intensity"
        type="number"
        min={0}
        max={15}
        width="short"
        label={t('published-incidents.filter.intensity')}
        value={criteria.intensity}
        required={false}
      />
      <Row>
        <Button label={t('published-incidents.filter.do')} />
        <LinkButton plain href="/published-incidents" label={t('published-incidents.filter.all')} />
      </Row>
    </Form>
  )
}

function Found({ visit, batch, listed: { incidents, count }, page }: Props & { batch: Batch }) {
  const { t, language, query } = visit
  const pages = Math.max(1, Math.ceil(count / perPage))
  const address = (to: number) => {
    const search = new URLSearchParams([...query].filter(([, value]) => value !== ''))
    search.set('page', String(to))
    return `/published-incidents?${search}`
  }
  if (incidents.length === 0) return <Quiet>{t('published-incidents.none-found')}</Quiet>
  return (
    <>
      <Table
        caption={t('published-incidents.title')}
        quietCaption
        numeric={[5]}
        head={['name', 'when', 'types', 'initiators', 'victims', 'intensity'].map((name) =>
          t(`published-incidents.column.${name}`),
        )}
        rows={incidents.map((one) => [
          <a href={`/published-incidents/${batch.set}/${one.ref}`}>
            <Published>{one.name}</Published>
          </a>,
          spanText(one.start, one.end, visit),
          one.types.map((type) => t(`published-incidents.type.${type}`)).join(' · ') ||
            t('published-incidents.not-said'),
          <Some values={one.initiators} none={t('published-incidents.not-named')} />,
          <Some values={one.victims} none={t('published-incidents.not-said')} />,
          one.intensity === null ? '–' : formatNumber(one.intensity, language),
        ])}
      />
      <Row>
        {page > 1 && <LinkButton plain href={address(page - 1)} label={t('published-incidents.newer')} />}
        <span>{t('published-incidents.page-of', { page, pages })}</span>
        {page < pages && <LinkButton plain href={address(page + 1)} label={t('published-incidents.older')} />}
      </Row>
    </>
  )
}

function Some({ values, none }: { values: readonly string[]; none: string }) {
  if (values.length === 0) return <>{none}</>
  const more = values.length - 3
  return (
    <Published>
      {values.slice(0, 3).join(', ')}
      {more > 0 && ` +${more}`}
    </Published>
  )
}
