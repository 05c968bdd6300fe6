import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { alphabetical } from '../../../text/index.ts'
import {
  Button,
  Entry,
  ErrorSummary,
  Field,
  Form,
  FormLine,
  Hidden,
  LeavesStays,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { mediatorOf, sidesOf } from '../roles.ts'

const titleOf = (space: SpaceFacts, language: string) => space.title[language] ?? Object.values(space.title)[0] ?? ''

/** Good offices this party is in. */
export function ListPage({ visit, joint }: { visit: Visit; joint: readonly SpaceFacts[] }) {
  const { services, t, language, viewer } = visit
  const name = (party: string) => services.nameOf(party, language)
  return (
    <Framed visit={visit} title={t('good-offices.title')} current="/good-offices">
      <PageHead title={t('good-offices.title')} lead={t('good-offices.lead')} />
      {viewer.may('spaces.open:manage') && (
        <Row>
          <LinkButton href="/good-offices/open" label={t('good-offices.open.begin')} />
        </Row>
      )}
      {joint.length === 0 && <Quiet>{t('good-offices.none')}</Quiet>}
      {joint.map((space) => (
        <Entry key={space.id} margin={<Quiet small>{t('good-offices.title')}</Quiet>}>
          <FormLine>{t('good-offices.mediated-by', { mediator: name(mediatorOf(space)) })}</FormLine>
          <h2>
            <a href={`/good-offices/${space.id}`}>
              <bdi>{titleOf(space, language)}</bdi>
            </a>
          </h2>
          <p>
            {sidesOf(space)
              .map(name)
              .toSorted(alphabetical(language, (one) => one))
              .join(' · ')}
          </p>
        </Entry>
      ))}
    </Framed>
  )
}

/** The form by which we open good offices as mediator, saying which spaces come into being and who reads each. */
export function OpenPage({
  visit,
  peers,
  errors,
}: {
  visit: Visit<unknown>
  peers: readonly string[]
  errors?: Record<string, string>
}) {
  const { services, t, language } = visit
  const typed = errors ? (visit.values ?? {}) : {}
  const value = (name: string) => String(typed[name] ?? '')
  const labels = {
    title: t('good-offices.open.name'),
    mandate: t('good-offices.open.mandate'),
    first: t('good-offices.open.first'),
    second: t('good-offices.open.second'),
  }
  const options = peers
    .toSorted(alphabetical(language, (party) => services.nameOf(party, language)))
    .map((party) => ({ value: party, label: services.nameOf(party, language) }))
  return (
    <Framed visit={visit} title={t('good-offices.open.title')} current="/good-offices">
      <PageHead title={t('good-offices.open.title')} lead={t('good-offices.open.lead')} />
      <ErrorSummary errors={errors} labels={labels} />
      <Form action="/good-offices/open">
        <Hidden name="id" value={value('id') || newId()} />
        <Field
          name="title"
          label={labels.title}
          value={value('title')}
          error={errors?.title}
          required
          maxlength={300}
        />
        <TextArea
          name="mandate"
          label={labels.mandate}
          hint={t('good-offices.open.mandate-hint')}
          value={value('mandate')}
          error={errors?.mandate}
          rows={4}
          maxlength={2_000}
          required
        />
        {(['first', 'second'] as const).map((name) => (
          <Select
            key={name}
            name={name}
            label={labels[name]}
            value={value(name)}
            error={errors?.[name]}
            options={[{ value: '', label: t('good-offices.open.choose') }, ...options]}
          />
        ))}
        <LeavesStays
          leaves={[t('good-offices.open.leaves-both'), t('good-offices.open.leaves-each')]}
          stays={[t('good-offices.open.stays')]}
        />
        <Row>
          <Button label={t('good-offices.open.do')} />
        </Row>
      </Form>
    </Framed>
  )
}
