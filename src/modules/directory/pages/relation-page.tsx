import type { Visit } from '../../../core/module/types.ts'
import { languageName, languages } from '../../../text/index.ts'
import {
  Button,
  Checkbox,
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
import { Framed } from '../../frame/index.ts'
import type { PartyProfile } from '../party-profile.ts'
import { levels, relations } from '../relation.ts'
import { valuesOf } from '../relation-input.ts'

interface Props {
  visit: Visit<unknown>
  profile: PartyProfile
  /** Of the change, so that a second click is none. */
  id: string
  /** Parties proposed as protecting power. */
  powers: string[]
  errors?: Record<string, string>
}

/** Notes our relation to a party and what we call it, filled with what stands or with what was typed. */
export function RelationPage({ visit, profile, id, powers, errors }: Props) {
  const { t, language, services } = visit
  const { party, relations: noted } = profile
  const title = t('directory.relation.title')
  const name = services.nameOf(party, language)
  const filled = errors ? (visit.values ?? {}) : valuesOf(noted[0])
  const value = (name: string) => (typeof filled[name] === 'string' ? filled[name] : '')
  const field = (name: string) => ({ name, value: value(name), error: errors?.[name] })
  const labels = labelsOf(t)
  return (
    <Framed visit={visit} title={t('directory.relation.title-with', { party: name })} current="/directory">
      <PageHead form={<bdi>{name}</bdi>} title={title} lead={t('directory.relation.lead')} />
      <ErrorSummary errors={errors} labels={labels} />
      <Form action={`/directory/parties/${party}/relation`} label={title}>
        <Hidden name="id" value={value('id') || id} />
        <Select
          {...field('relation')}
          label={labels.relation}
          placeholder={t('directory.relation.is.not-noted')}
          options={relations.map((one) => ({ value: one, label: t(`directory.relation.is.${one}`) }))}
        />
        <Field
          {...field('protecting')}
          label={labels.protecting}
          hint={t('directory.relation.protecting-hint')}
          required={false}
          maxlength={200}
          list={powers}
        />
        <Select
          {...field('level')}
          label={labels.level}
          placeholder={t('directory.relation.is.not-noted')}
          options={levels.map((one) => ({ value: one, label: t(`directory.relation.at-level.${one}`) }))}
        />
        <Checkbox
          name="recalled"
          label={labels.recalled}
          checked={value('recalled') === 'yes'}
          error={errors?.recalled}
        />
        <Field {...field('recalledOn')} type="date" label={labels.recalledOn} required={false} width="medium" />
        <fieldset class="field">
          <legend>{t('directory.relation.display-name')}</legend>
          <Quiet small>{t('directory.relation.display-name-hint')}</Quiet>
          {languages().map((one) => (
            <Field
              key={one}
              {...field(`name-${one}`)}
              label={labels[`name-${one}`]}
              language={one}
              required={false}
              maxlength={200}
            />
          ))}
        </fieldset>
        <TextArea {...field('note')} label={labels.note} required={false} rows={4} maxlength={1_000} />
        <Row>
          <Button label={t('directory.relation.save')} />
          <LinkButton plain href={`/directory/parties/${party}`} label={t('common.cancel')} />
        </Row>
      </Form>
    </Framed>
  )
}

function labelsOf(t: Visit['t']): Record<string, string> {
  const names = languages().map((language) => [
    `name-${language}`,
    t('directory.relation.name-in', { language: languageName(language) }),
  ])
  return {
    ...Object.fromEntries(names),
    relation: t('directory.relation.heading'),
    protecting: t('directory.relation.protecting'),
    level: t('directory.relation.level'),
    recalled: t('directory.relation.recalled'),
    recalledOn: t('directory.relation.recalled-on'),
    note: t('directory.relation.note'),
  }
}
