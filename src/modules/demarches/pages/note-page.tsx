import type { Visit } from '../../../core/module/types.ts'
import {
  Button,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  LinkButton,
  MomentField,
  writtenMoment,
  PageHead,
  Row,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { answers, type Demarche, type Note } from '../demarche.ts'
import { capitalName } from './capital-name.ts'

interface Props {
  visit: Visit<unknown>
  demarche: Demarche
  kind: Note['kind']
  /** Of what is noted, so that a second click is none. */
  id: string
  errors?: Record<string, string>
}

/** What was said there, or what came home from there. */
export function NotePage({ visit, demarche, kind, id, errors }: Props) {
  const { t, viewer, query } = visit
  const title = t(`demarches.${kind}.title`)
  const typed = errors ? (visit.values ?? {}) : {}
  const { date: today } = writtenMoment(viewer.person.zone, visit.services.clock.now())
  const value = (name: string, otherwise = '') => (typeof typed[name] === 'string' ? String(typed[name]) : otherwise)
  const field = (name: string, otherwise = '') => ({
    name,
    label: t(`demarches.field.${name}`),
    value: value(name, otherwise),
    error: errors?.[name],
  })
  return (
    <Framed visit={visit} title={title} current="/demarches">
      <PageHead form={<bdi>{demarche.subject}</bdi>} title={title} lead={t(`demarches.${kind}.lead`)} />
      <ErrorSummary
        errors={errors}
        labels={Object.fromEntries(Object.keys(errors ?? {}).map((name) => [name, t(`demarches.field.${name}`)]))}
      />
      <Form action={`/demarches/${demarche.id}/${kind}`} label={title}>
        <Hidden name="id" value={value('id', id)} />
        <Select
          {...field('capital', query.get('capital') ?? '')}
          options={demarche.capitals.map((one) => ({ value: one, label: capitalName(visit, one) }))}
        />
        <MomentField
          required
          date={field('on', today)}
          time={{ ...field('at'), hint: t('demarches.field.at-hint'), required: false }}
        />
        <Field {...field('byWhom')} hint={t('demarches.field.byWhom-hint')} maxlength={300} required />
        {kind === 'delivered' ? (
          <Field {...field('toWhom')} hint={t('demarches.field.toWhom-hint')} maxlength={300} required />
        ) : (
          <Select
            {...field('answer')}
            options={answers.map((one) => ({ value: one, label: t(`demarches.answer.${one}`) }))}
          />
        )}
        <TextArea {...field('words')} rows={kind === 'delivered' ? 4 : 10} required={kind === 'read-out'} />
        <Row>
          <Button label={t(`demarches.${kind}.do`)} />
          <LinkButton plain href={`/demarches/${demarche.id}`} label={t('common.cancel')} />
        </Row>
      </Form>
    </Framed>
  )
}
