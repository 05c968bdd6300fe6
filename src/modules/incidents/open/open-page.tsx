import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatSize } from '../../../text/index.ts'
import {
  Button,
  ErrorSummary,
  Field,
  FileField,
  Form,
  Hidden,
  PageHead,
  Pairs,
  Quiet,
  RadioGroup,
  Select,
  TextArea,
  Trouble,
} from '../../../web/index.ts'
import type { BundleFault } from '../../exchange/index.ts'
import { Framed } from '../../frame/index.ts'
import { codeName } from './code-name.ts'
import { faultWords } from './fault-words.ts'
import { bundleBytes, categoryCodes } from './open-input.ts'
import type { AttachedFile } from './open-from-act.ts'
import { AtHome, tlpOptions } from '../pages/parts.tsx'

/** What the form shows again after a refusal. */
export interface OpenState {
  values: Record<string, unknown>
  errors: Record<string, string>
  /** Why the file was refused, object by object. */
  refused?: { words: string; faults: BundleFault[]; more: number }
  attached?: AttachedFile
}

/** The form that opens an incident: by hand, from an uploaded bundle, or from what another party annexed. */
export function OpenPage({ visit, state }: { visit: Visit; state: OpenState }) {
  const { t, services, language } = visit
  const { values, errors, attached } = state
  const id = typeof values.id === 'string' && /^[0-9a-f]{32}$/.test(values.id) ? values.id : newId()
  const value = (name: string, otherwise = '') =>
    typeof values[name] === 'string' ? (values[name] as string) : otherwise
  const title = attached ? t('incidents.open.from-objects') : t('incidents.open.title')
  return (
    <Framed visit={visit} title={title} current="/incidents" drill={attached?.space.drill}>
      <PageHead title={title} lead={t('incidents.open.lead')} />
      <AtHome visit={visit} />
      <ErrorSummary errors={errors} labels={labelsOf(visit)} />
      {state.refused && <RefusedFile visit={visit} refused={state.refused} />}
      <Form action="/incidents" enctype="multipart/form-data">
        <Hidden name="id" value={id} />
        {attached && <Attached visit={visit} attached={attached} />}
        <Field
          name="title"
          label={t('incidents.open.name')}
          hint={t('incidents.open.name-hint')}
          value={value('title')}
          error={errors.title}
          required
          maxlength={200}
        />
        <Field
          name="codeName"
          label={t('incidents.open.code-name')}
          hint={t('incidents.open.code-name-hint')}
          value={value('codeName', codeName(id))}
          error={errors.codeName}
          required={false}
          maxlength={60}
          width="medium"
        />
        <TextArea
          name="summary"
          label={t('incidents.open.summary')}
          value={value('summary')}
          error={errors.summary}
          required={false}
          rows={5}
          maxlength={4000}
        />
        <Select
          name="category"
          label={t('incidents.open.category')}
          value={value('category')}
          error={errors.category}
          required
          placeholder={t('incidents.write.choose')}
          options={categoryCodes.map((code) => ({ value: code, label: t(`incidents.category.${code}`) }))}
        />
        <RadioGroup
          name="drill"
          label={t('incidents.open.drill')}
          error={errors.drill}
          value={value('drill', attached?.space.drill ? 'yes' : 'no')}
          options={[
            { value: 'no', label: t('incidents.open.real') },
            { value: 'yes', label: t('incidents.open.is-drill') },
          ]}
        />
        <Select
          name="marking"
          label={t('incidents.open.marking')}
          hint={t('incidents.open.marking-hint')}
          value={value('marking', 'AMBER')}
          error={errors.marking}
          options={tlpOptions(t, visit.viewer.ceiling)}
        />
        <RadioGroup
          name="readers"
          label={t('need-to-know.who-may-know')}
          error={errors.readers}
          value={value('readers', 'house')}
          options={[
            { value: 'house', label: t('need-to-know.house') },
            { value: 'named', label: t('need-to-know.named') },
          ]}
        />
        <Select
          name="ceiling"
          label={t('incidents.open.ceiling')}
          hint={t('incidents.open.ceiling-hint')}
          value={value('ceiling', 'RED')}
          error={errors.ceiling}
          options={tlpOptions(t)}
        />
        {!attached && (
          <FileField
            name="file"
            label={t('incidents.open.file')}
            error={errors.file}
            required={false}
            hint={t('incidents.open.file-hint', {
              size: formatSize(Math.min(bundleBytes, services.settings.maxUploadBytes), language),
            })}
            accept=".json,application/json,application/stix+json"
          />
        )}
        <Button label={t('incidents.action.open')} />
      </Form>
    </Framed>
  )
}

function Attached({ visit, attached: { act, part, bundle, content } }: { visit: Visit; attached: AttachedFile }) {
  const { t, services, language } = visit
  return (
    <>
      <Hidden name="act" value={act.hash} />
      <Hidden name="part" value={part} />
      <Pairs
        items={[
          { term: t('common.from'), detail: services.nameOf(act.statement.author, language) },
          {
            term: t('incidents.objects.title'),
            detail: bundle
              ? t('incidents.objects.count', { count: countContent(bundle.objects) })
              : t('incidents.bundle.large', { size: formatSize(content.byteLength, language) }),
          },
        ]}
      />
    </>
  )
}

const countContent = (objects: { type: string }[]) => objects.filter((one) => one.type !== 'marking-definition').length

function RefusedFile({ visit, refused }: { visit: Visit; refused: NonNullable<OpenState['refused']> }) {
  const { t } = visit
  return (
    <>
      <Trouble title={t('incidents.open.refused')} what={refused.words} do={t('incidents.open.refused-do')} />
      {refused.faults.length > 0 && (
        <ul>
          {refused.faults.map((fault, at) => (
            <li key={at}>{faultWords(visit, fault)}</li>
          ))}
        </ul>
      )}
      {refused.more > 0 && <Quiet>{t('incidents.open.more-faults', { count: refused.more })}</Quiet>}
    </>
  )
}

/** Names of the fields, for the summary of what needs correcting. */
function labelsOf({ t }: Visit): Record<string, string> {
  return {
    title: t('incidents.open.name'),
    codeName: t('incidents.open.code-name'),
    summary: t('incidents.open.summary'),
    category: t('incidents.open.category'),
    drill: t('incidents.open.drill'),
    marking: t('incidents.open.marking'),
    readers: t('need-to-know.who-may-know'),
    ceiling: t('incidents.open.ceiling'),
    file: t('incidents.open.file'),
  }
}
