import type { Visit } from '../../../core/module/types.ts'
import { alphabetical } from '../../../text/index.ts'
import {
  Button,
  CheckboxGroup,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Row,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { Framed, TlpSelect } from '../../frame/index.ts'
import { leftBehind, levels } from '../demarche.ts'

interface Props {
  visit: Visit<unknown>
  /** Of the instruction, so that a second click is none. */
  id: string
  parties: string[]
  errors?: Record<string, string>
}

/** What to say, where, at which level and by when. */
export function InstructPage({ visit, id, parties, errors }: Props) {
  const { t, language, services } = visit
  const title = t('demarches.instruct.title')
  const typed = errors ? (visit.values ?? {}) : {}
  const value = (name: string, otherwise = '') => (typeof typed[name] === 'string' ? String(typed[name]) : otherwise)
  const field = (name: string) => ({
    name,
    label: t(`demarches.field.${name}`),
    value: value(name),
    error: errors?.[name],
  })
  const nameOf = (party: string) => services.nameOf(party, language)
  return (
    <Framed visit={visit} title={title} current="/demarches">
      <PageHead title={title} lead={t('demarches.instruct.lead')} />
      <ErrorSummary
        errors={errors}
        labels={Object.fromEntries(Object.keys(errors ?? {}).map((name) => [name, labelOf(t, name)]))}
      />
      <Form action="/demarches" label={title}>
        <Hidden name="id" value={value('id', id)} />
        <Field {...field('subject')} required maxlength={300} />
        <TextArea {...field('objective')} hint={t('demarches.field.objective-hint')} rows={3} required />
        <TextArea {...field('points')} hint={t('demarches.field.points-hint')} rows={10} required />
        <CheckboxGroup
          name="capitals"
          label={t('demarches.field.capitals')}
          error={errors?.capitals}
          values={[typed.capitals ?? []].flat().map(String)}
          options={parties
            .toSorted(alphabetical(language, nameOf))
            .map((party) => ({ value: party, label: nameOf(party) }))}
        />
        <TextArea {...field('others')} hint={t('demarches.field.others-hint')} rows={2} required={false} />
        <Select
          {...field('level')}
          options={levels.map((one) => ({ value: one, label: t(`demarches.level.${one}`) }))}
        />
        <Field {...field('deliverBy')} type="date" required={false} width="medium" />
        <Select
          {...field('leaveBehind')}
          options={leftBehind.map((one) => ({ value: one, label: t(`demarches.leave.${one}`) }))}
        />
        <TlpSelect visit={visit} value={value('tlp')} error={errors?.tlp} />
        <Row>
          <Button label={t('demarches.instruct.do')} />
          <LinkButton plain href="/demarches" label={t('common.cancel')} />
        </Row>
      </Form>
    </Framed>
  )
}

const labelOf = (t: Visit['t'], name: string): string => (name === 'tlp' ? 'TLP' : t(`demarches.field.${name}`))
