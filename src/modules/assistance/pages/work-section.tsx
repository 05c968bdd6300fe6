import { newId } from '../../../protocol/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { Button, Form, Hidden, Quiet, Section, Select, TextArea, Time } from '../../../web/index.ts'
import type { LoadedRequest } from '../load-request.ts'
import { mayWork, workKinds } from '../work.ts'

interface Props {
  visit: Visit
  loaded: LoadedRequest
  subject: string
  errors?: Record<string, string> | undefined
  people: readonly { id: string; name: string }[]
  incidents: readonly { id: string; name: string }[]
}

/** Who works on it, what was checked, what we would not do: all of it stays here. */
export function AtHomeSection({ visit, loaded, errors = {}, people, incidents }: Props) {
  const { t, viewer, language } = visit
  if (!mayWork(viewer)) return null
  const values = visit.values ?? {}
  const base = `/assistance/${loaded.note.hash}`
  return (
    <Section title={t('assistance.work.title')} id="work">
      <Quiet>{t('assistance.work.lead')}</Quiet>
      {loaded.work.length > 0 && (
        <ul>
          {loaded.work.map((line) => (
            <li key={line.id}>
              <strong>
                {t(`assistance.work.kind.${line.kind}`)}
                {line.person !== null && (
                  <>
                    {' '}
                    <bdi>{people.find(({ id }) => id === line.person)?.name ?? line.person}</bdi>
                  </>
                )}
              </strong>{' '}
              <span dir="auto">{line.words}</span>{' '}
              <span class="quiet small">
                <bdi>{line.by_name}</bdi> · <Time ms={line.at} zone={viewer.person.zone} language={language} short />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Form action={`${base}/work`} label={t('assistance.work.add')}>
        <Hidden name="id" value={newId()} />
        <Select
          name="kind"
          label={t('assistance.work.what')}
          value={String(values.kind ?? 'note')}
          error={errors.kind}
          options={workKinds.map((one) => ({ value: one, label: t(`assistance.work.kind.${one}`) }))}
        />
        <Select
          name="person"
          label={t('assistance.work.person')}
          value={String(values.person ?? '')}
          error={errors.person}
          required={false}
          options={[
            { value: '', label: t('assistance.work.nobody') },
            ...people.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <TextArea
          name="words"
          label={t('assistance.work.words')}
          value={String(values.words ?? '')}
          error={errors.words}
          rows={3}
          required={false}
        />
        <Button label={t('assistance.work.add')} plain />
      </Form>
      {incidents.length > 0 && (
        <Form action={`${base}/incident`} label={t('assistance.incident.link')}>
          <Select
            name="incident"
            label={t('assistance.incident.title')}
            hint={t('assistance.incident.hint')}
            value={loaded.incident?.id ?? ''}
            error={errors.incident}
            placeholder={t('assistance.choose')}
            options={incidents.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Button label={t('assistance.incident.link')} plain />
        </Form>
      )}
    </Section>
  )
}
