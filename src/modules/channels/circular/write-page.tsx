import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { alphabetical, languageName, languages } from '../../../text/index.ts'
import {
  Button,
  Checkbox,
  CheckboxGroup,
  Details,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { FilesField } from '../../files/index.ts'
import { Framed, TlpSelect } from '../../frame/index.ts'

interface Props {
  visit: Visit<unknown>
  id: string
  bilateral: readonly { space: SpaceFacts; party: string }[]
  /** What was saved before, to be changed. */
  saved?: Record<string, unknown>
  errors?: Record<string, string>
}

/** One text, and the parties that get it, each a note of its own. */
export function WriteCircularPage({ visit, id, bilateral, saved, errors }: Props) {
  const { t, language, services } = visit
  const title = t(saved ? 'channels.circular.edit' : 'channels.circular.title')
  const typed = errors ? (visit.values ?? {}) : (saved ?? {})
  const value = (name: string, otherwise = '') => (typeof typed[name] === 'string' ? String(typed[name]) : otherwise)
  const field = (name: string) => ({
    name,
    label: t(`channels.note.${name === 'text' ? 'body' : name}`),
    value: value(name),
    error: errors?.[name],
  })
  const nameOf = ({ party, space }: { party: string; space: SpaceFacts }) =>
    `${space.drill ? `${t('channels.circular.drill')} · ` : ''}${services.nameOf(party, language)} · ${space.title[language] ?? space.title.en ?? space.purpose}`
  return (
    <Framed visit={visit} title={title} current="/spaces" scripts={['uploads.js']}>
      <PageHead title={title} lead={t(saved ? 'channels.circular.edit-lead' : 'channels.circular.lead')} />
      <ErrorSummary
        errors={errors}
        labels={{
          recipients: t('channels.circular.recipients'),
          subject: t('channels.note.subject'),
          text: t('channels.note.body'),
          files: t('files.field.label'),
          filesTlp: t('files.field.marking'),
        }}
      />
      {bilateral.length === 0 ? (
        <Quiet>{t('channels.circular.nobody')}</Quiet>
      ) : (
        <Form action="/circulars" label={title} enctype="multipart/form-data">
          <Hidden name="id" value={value('id', id)} />
          <CheckboxGroup
            name="recipients"
            label={t('channels.circular.recipients')}
            hint={t('channels.circular.recipients-hint')}
            error={errors?.recipients}
            values={[typed.recipients ?? []].flat().map(String)}
            options={bilateral
              .toSorted(alphabetical(language, nameOf))
              .map((one) => ({ value: one.space.id, label: nameOf(one) }))}
          />
          <Select
            name="language"
            label={t('channels.note.language')}
            hint={t('channels.note.language-hint')}
            value={value('language', language)}
            options={languages().map((one) => ({ value: one, label: languageName(one) }))}
          />
          <Field {...field('subject')} maxlength={300} required />
          <TextArea {...field('text')} hint={t('channels.circular.text-hint')} rows={12} required />
          <Checkbox
            name="impliesNoAttribution"
            value="yes"
            label={t('channels.note.no-attribution')}
            checked={(!errors && !saved) || value('impliesNoAttribution') === 'yes'}
          />
          <TlpSelect visit={visit} value={value('tlp')} error={errors?.tlp} />
          <Details summary={t('files.field.add')} open={Boolean(errors?.files ?? errors?.filesTlp)}>
            <Quiet small>{t('channels.circular.files-hint')}</Quiet>
            <FilesField visit={visit} at={`/circulars/${value('id', id)}`} errors={errors ?? {}} values={typed} />
          </Details>
          <Row>
            <Button label={t('channels.circular.to-review')} />
            <Button label={t('files.field.to-files')} name="next" value="files" plain />
            <LinkButton plain href={saved ? `/circulars/${id}` : '/spaces'} label={t('common.cancel')} />
          </Row>
        </Form>
      )}
    </Framed>
  )
}
