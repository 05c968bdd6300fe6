import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, ButtonForm, Details, Field, Form, Hidden, Row, Section, Select } from '../../../web/index.ts'
import type { SavedView } from '../saved-views.ts'

/** Questions kept under a name. */
export function ViewList({
  visit: { t, viewer, language },
  views,
}: {
  visit: Visit<any>
  views: readonly SavedView[]
}) {
  if (views.length === 0) return null
  const officeName = (id: string) => {
    const names = viewer.offices.find((office) => office.id === id)?.name ?? {}
    return names[language] ?? names.en ?? Object.values(names)[0] ?? id
  }
  return (
    <Section title={t('search.views.title')}>
      <ul>
        {views.map((view) => (
          <li key={view.id}>
            <Row>
              <a href={`/search?${view.query}`}>
                <bdi>{view.name}</bdi>
              </a>
              {view.office !== undefined && <span class="quiet small">{officeName(view.office)}</span>}
              <ButtonForm
                action={`/search/views/${view.id}/remove`}
                label={t('search.views.remove', { name: view.name })}
                plain
              />
            </Row>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Keeps what was asked under a name. */
export function KeepView({
  visit: { t, viewer, language },
  query,
  errors = {},
}: {
  visit: Visit<any>
  query: string
  errors?: Record<string, string> | undefined
}) {
  return (
    <Details summary={t('search.views.keep')} open={Object.keys(errors).length > 0}>
      <Form action="/search/views" label={t('search.views.keep')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="query" value={query} />
        <Field name="name" label={t('search.views.name')} error={errors.name} maxlength={80} width="medium" />
        <Select
          name="office"
          label={t('search.views.for')}
          error={errors.office}
          placeholder={t('search.views.for-me')}
          options={viewer.offices.map(({ id, name }) => ({
            value: id,
            label: name[language] ?? name.en ?? Object.values(name)[0] ?? id,
          }))}
        />
        <Button label={t('search.views.do')} plain />
      </Form>
    </Details>
  )
}
