import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Button, Form, Hidden, PageHead, Quiet, Row, Section, Select, TextArea } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { listHistory } from '../assignments.ts'
import type { Hit } from '../hits.ts'
import { namesOf } from './hit-entry.tsx'

interface AssignPageProps {
  visit: Visit<unknown>
  hit: Hit
  people: readonly { id: string; name: string }[]
  offices: readonly { id: string; name: Record<string, string> }[]
  history: Awaited<ReturnType<typeof listHistory>>
  id: string
  errors: Record<string, string>
}

/** Who is to deal with one document, with a note: a record of this house. */
export function AssignPage({ visit, hit, people, offices, history, id, errors }: AssignPageProps) {
  const { t, language, values = {} } = visit
  const { act } = hit.shown
  const { form, headline } = namesOf(hit, visit)
  const nameOf = (names: Record<string, string>, otherwise: string) =>
    names[language] ?? names.en ?? Object.values(names)[0] ?? otherwise
  const options = [
    ...offices.map((office) => ({ value: `office:${office.id}`, label: nameOf(office.name, office.id) })),
    ...people.map((person) => ({ value: person.id, label: person.name })),
  ]
  const isOpen = history.some((one) => one.ended_at === null)
  return (
    <Framed visit={visit} title={t('search.assign.title')} current="/spaces" drill={hit.shown.space.drill}>
      <PageHead form={form} title={t('search.assign.title')} lead={t('search.assign.lead')} />
      <p dir="auto">
        <a href={actHref(act.space, act.hash)}>{headline}</a>
      </p>
      <Form action={`/spaces/${act.space}/acts/${act.hash}/assign`}>
        <Hidden name="id" value={id} />
        <Select
          name="to"
          label={t('search.assign.to')}
          value={String(values.to ?? '')}
          error={errors.to}
          options={options}
          placeholder={t('search.assign.choose')}
        />
        <TextArea
          name="note"
          label={t('search.assign.note')}
          value={String(values.note ?? '')}
          error={errors.note}
          required={false}
          rows={3}
          maxlength={1_000}
        />
        <Row>
          <Button label={t('search.assign.do')} />
          {isOpen && <Button label={t('search.assign.done')} name="done" value="yes" plain />}
        </Row>
      </Form>
      {history.length > 0 && <History visit={visit} history={history} options={options} />}
    </Framed>
  )
}

function History({
  visit: { t, language, viewer },
  history,
  options,
}: Pick<AssignPageProps, 'visit' | 'history'> & { options: readonly { value: string; label: string }[] }) {
  const label = (value: string) => options.find((one) => one.value === value)?.label ?? value
  return (
    <Section title={t('search.assign.history')}>
      <ul>
        {history.map((one) => {
          const to = one.person ?? (one.office === null ? undefined : `office:${one.office}`)
          const facts = { by: label(one.assigned_by), to: to === undefined ? '' : label(to) }
          return (
            <li key={one.id}>
              {formatDateTime(one.assigned_at, viewer.person.zone, language, { short: true })} ·{' '}
              {t(to === undefined ? 'search.assign.was-done' : 'search.assign.was-assigned', facts)}
              {one.note !== '' && <Quiet small>{one.note}</Quiet>}
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
