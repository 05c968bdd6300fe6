import { narrowest } from '../../../core/markings/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  Details,
  Entry,
  ErrorSummary,
  Field,
  Form,
  FormLine,
  Hidden,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  TlpLabel,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Choices } from '../choices.ts'
import type { Hits } from '../hits.ts'
import type { HomeHits } from '../home.ts'
import type { SavedView } from '../saved-views.ts'
import { addressOf, placeOf, type SearchInput, searchStates } from '../input.ts'
import { criteriaText } from './criteria-text.ts'
import { HitEntry } from './hit-entry.tsx'
import { KeepView, ViewList } from './views-parts.tsx'

export interface SearchPageProps {
  visit: Visit<SearchInput>
  choices: Choices
  /** Undefined where nothing was asked, or not rightly. */
  found?: Hits
  /** Records of the house; undefined where more than words was asked. */
  home?: HomeHits
  errors?: Record<string, string>
  views?: readonly SavedView[]
}

/** One question over everything said in every space, and what was found. */
export function SearchPage({ visit, choices, found, home, errors = {}, views = [] }: SearchPageProps) {
  const { t } = visit
  const labels = Object.fromEntries(
    (['q', 'ref', 'party', 'form', 'state', 'person', 'from', 'until'] as const).map((name) => [
      name,
      t(`search.field.${name}`),
    ]),
  )
  return (
    <Framed
      visit={visit}
      title={found ? t('search.title-of', { what: criteriaText(visit, choices) }) : t('search.title')}
      current="/search"
      marking={markingOf(found, home)}
    >
      <PageHead title={t('search.title')} lead={found ? undefined : t('search.lead')} />
      <ErrorSummary errors={errors} labels={labels} />
      <SearchForm visit={visit} choices={choices} errors={errors} />
      {!found && <ViewList visit={visit} views={views} />}
      {found && <Found visit={visit} choices={choices} found={found} errors={errors} />}
      {home && home.records.length > 0 && <AtHome visit={visit} home={home} />}
    </Framed>
  )
}

/** The narrowest of what is shown, if anything is. */
function markingOf(found?: Hits, home?: HomeHits) {
  const acts = found?.hits.map(({ shown }) => ({ tlp: shown.act.statement.marking.tlp })) ?? []
  const all = [...acts, ...(home?.records.map(({ marking }) => ({ tlp: marking.tlp })) ?? [])]
  return all.length > 0 ? narrowest(all) : undefined
}

/** Records of this house, apart from what was said to others. */
function AtHome({ visit: { t, language, viewer }, home }: { visit: Visit<SearchInput>; home: HomeHits }) {
  const { records, more } = home
  return (
    <Section title={t(more ? 'search.home.more' : 'search.home.all', { count: records.length })} id="at-home">
      <Quiet>{t('search.home.lead')}</Quiet>
      {records.map((one) => (
        <Entry
          key={one.href}
          margin={
            <>
              <p>{formatDateTime(one.at, viewer.person.zone, language, { short: true })}</p>
              <TlpLabel marking={one.marking} />
            </>
          }
        >
          <FormLine>{t('search.home.form', { form: t(one.form) })}</FormLine>
          <h3 dir="auto">
            <a href={one.href}>{one.title === '' ? t(one.form) : one.title}</a>
          </h3>
        </Entry>
      ))}
    </Section>
  )
}

function SearchForm({ visit: { input, t }, choices, errors = {} }: SearchPageProps) {
  const { q, ref, party, direction, form, state, person, from, until, order, space } = input
  const anybody = t('search.any')
  const isNarrowed = [ref, party, form, state, person, from, until].some(Boolean) || Object.keys(errors).length > 0
  return (
    <Form action="/search" method="get" label={t('search.title')}>
      <Field
        name="q"
        type="search"
        label={t('search.field.q')}
        hint={t('search.hint.q')}
        value={q}
        error={errors.q}
        maxlength={200}
      />
      {space && <Hidden name="space" value={space} />}
      <Details summary={t('search.narrow')} open={isNarrowed}>
        <Field
          name="ref"
          label={t('search.field.ref')}
          hint={t('search.hint.ref')}
          value={ref}
          error={errors.ref}
          maxlength={60}
          width="medium"
        />
        <Select
          name="party"
          label={t('search.field.party')}
          value={party}
          error={errors.party}
          options={choices.parties}
          placeholder={anybody}
        />
        <Select
          name="direction"
          label={t('search.field.direction')}
          value={direction}
          error={errors.direction}
          options={[
            { value: 'to', label: t('search.direction.to') },
            { value: 'by', label: t('search.direction.by') },
          ]}
          placeholder={t('search.direction.either')}
        />
        <Select
          name="form"
          label={t('search.field.form')}
          value={form}
          error={errors.form}
          options={choices.forms}
          placeholder={anybody}
        />
        <Select
          name="state"
          label={t('search.field.state')}
          value={state}
          error={errors.state}
          options={searchStates.map((one) => ({ value: one, label: t(`search.state.${one}`) }))}
          placeholder={anybody}
        />
        <Select
          name="person"
          label={t('search.field.person')}
          hint={t('search.hint.person')}
          value={person}
          error={errors.person}
          options={choices.people}
          placeholder={anybody}
        />
        <Field name="from" type="date" label={t('search.field.from')} value={from} error={errors.from} width="medium" />
        <Field
          name="until"
          type="date"
          label={t('search.field.until')}
          value={until}
          error={errors.until}
          width="medium"
        />
        <Select
          name="order"
          label={t('search.field.order')}
          value={order ?? 'newest'}
          options={[
            { value: 'newest', label: t('search.order.newest') },
            { value: 'best', label: t('search.order.best') },
          ]}
        />
      </Details>
      <Row>
        <Button label={t('search.do')} />
      </Row>
    </Form>
  )
}

function Found({ visit, choices, found: { hits, words, next }, errors }: SearchPageProps & { found: Hits }) {
  const { t, input } = visit
  const what = criteriaText(visit, choices)
  const asked = { ...input, after: undefined }
  const title =
    hits.length === 0
      ? t('search.found.none')
      : t(next ? 'search.found.more' : 'search.found.all', { count: hits.length })
  return (
    <Section title={title} id="found">
      <p dir="auto">{what}</p>
      {hits.length === 0 ? (
        <Quiet>{t('search.found.none-why')}</Quiet>
      ) : (
        <Row>
          <LinkButton href={`/search/print?${addressOf(asked)}`} label={t('search.print.link')} plain />
        </Row>
      )}
      <KeepView visit={visit} query={addressOf(asked)} errors={errors} />
      {hits.map((hit) => (
        <HitEntry key={hit.shown.act.hash} hit={hit} words={words} visit={visit} />
      ))}
      {next && (
        <p>
          <a href={`/search?${addressOf(asked, { after: placeOf(next) })}`}>{t('search.older')}</a>
        </p>
      )}
    </Section>
  )
}
