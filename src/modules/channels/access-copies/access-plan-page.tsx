import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { languageName } from '../../../text/index.ts'
import {
  Button,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  PageHead,
  Pairs,
  Quiet,
  Row,
  Section,
  Select,
} from '../../../web/index.ts'
import { DatedNote, Framed } from '../../frame/index.ts'
import { askHref } from '../transfers/plan-page.tsx'
import type { CopyTerms } from './copy-facts.ts'
import { readGrounds } from './grounds.ts'
import { fingerprintOf, nothingChosen, type PlannedCopy, shownTo } from './plan-copy.ts'
import type { Passage } from './redacted-copy.ts'

interface Props {
  visit: Visit<unknown>
  terms: CopyTerms
  plan: PlannedCopy
  errors?: Record<string, string>
}

/** Name of the field that decides on a passage. */
export const fieldOf = (passage: string): string => `withhold.${passage}`

/** The document piece by piece: each goes or is withheld on a ground. */
export function AccessPlanPage({ visit, terms, plan, errors }: Props) {
  const { t, values } = visit
  const title = t('channels.access.plan-title')
  const typed = (name: string) => (typeof values?.[name] === 'string' ? String(values[name]) : '')
  const field = (name: string) => ({
    name,
    label: t(`channels.access.field.${name}`),
    hint: t(`channels.access.hint.${name}`),
    value: typed(name),
    error: errors?.[name],
  })
  const inForm = ['requester', 'reference', 'otherWords']
  return (
    <Framed
      visit={visit}
      title={title}
      current="/register"
      drill={plan.entry.drill === undefined ? undefined : { name: plan.entry.drill }}
      marking={plan.entry.marking}
    >
      <PageHead title={title} lead={t('channels.access.plan-lead')} />
      <ErrorSummary
        errors={errors}
        labels={Object.fromEntries(inForm.map((name) => [name, t(`channels.access.field.${name}`)]))}
      />
      <CopyTermsList {...{ visit, terms, plan }} />
      <Form action={`/register/${terms.act}/copy`} label={t('channels.access.propose')}>
        {Object.entries({
          id: newId(),
          ceiling: terms.ceiling,
          language: terms.language,
          seen: fingerprintOf(plan, terms, nothingChosen),
        }).map(([name, value]) => (
          <Hidden key={name} name={name} value={value} />
        ))}
        <Field {...field('requester')} maxlength={200} required />
        <Field {...field('reference')} maxlength={100} required />
        <Passages {...{ visit, plan, typed }} />
        {plan.shut === undefined && <Field {...field('otherWords')} maxlength={120} required={false} />}
        <Row>
          <Button label={t('channels.access.propose')} />
        </Row>
      </Form>
      <DatedNote visit={visit} files={[readGrounds(visit.services)]} />
    </Framed>
  )
}

function Passages({
  visit: { t, language },
  plan,
  typed,
}: Pick<Props, 'visit' | 'plan'> & { typed: (name: string) => string }) {
  const { passages, rules } = plan
  const options = rules.grounds.map(({ id, names }) => ({ value: id, label: named(names, language) }))
  if (passages.length === 0) return null
  return (
    <Section title={t('channels.access.passages')}>
      {passages.map((passage) => (
        <div key={passage.id}>
          <p>
            <strong>{passageName(passage, t)}</strong>
          </p>
          <p dir="auto">{passage.text}</p>
          <Select
            name={fieldOf(passage.id)}
            label={`${t('channels.access.column.becomes')} · ${passageName(passage, t)}`}
            value={typed(fieldOf(passage.id))}
            placeholder={t('channels.access.goes')}
            options={options}
          />
        </div>
      ))}
    </Section>
  )
}

export const passageName = ({ id, name }: Passage, t: Visit<unknown>['t']): string =>
  name === undefined ? t('channels.access.passage', { number: id }) : t(`channels.transfer.fact.${id}`)

/** Under which terms, and what the gate has withheld already. */
export function CopyTermsList({ visit, terms, plan }: Pick<Props, 'visit' | 'terms' | 'plan'>) {
  const { t } = visit
  const { entry, shut, files } = plan
  return (
    <>
      <Pairs
        items={[
          {
            term: t('channels.access.field.document'),
            detail: <a href={`/register/${entry.id}`}>{entry.ourRef ?? entry.stamp?.number ?? entry.yourRef ?? '–'}</a>,
          },
          { term: t('channels.access.field.ceiling'), detail: `TLP:${terms.ceiling}` },
          { term: t('channels.access.field.language'), detail: languageName(terms.language) },
        ]}
      />
      {shut !== undefined && (
        <p>
          {t('channels.access.shut')} {t(`channels.access.why.${shut}`)}
          {shut === 'not-asked' && entry.space !== undefined && (
            <>
              {' '}
              <a href={askHref(entry, shownTo)}>{t('channels.transfer.ask')}</a>
            </>
          )}
        </p>
      )}
      {files > 0 && <Quiet>{t('channels.access.files', { count: files })}</Quiet>}
    </>
  )
}
