import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDuration } from '../../../text/index.ts'
import {
  Button,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Quiet,
  RadioGroup,
  Row,
  Select,
} from '../../../web/index.ts'
import { contactKinds } from '../../directory/index.ts'
import { Framed } from '../../frame/index.ts'
import { checkWithin } from '../acts.ts'
import { cadences, lengths } from '../campaign.ts'
import { spanMs } from '../due-in-openings.ts'
import { titleIn } from './title-in.ts'

interface Props {
  visit: Visit<unknown>
  networks: SpaceFacts[]
  /** Of the campaign, so that a second click is none. */
  id: string
  errors?: Record<string, string>
}

/** What a campaign asks of whom, filled with what was typed; nothing is sent before the review. */
export function CampaignPage({ visit, networks, id, errors }: Props) {
  const { t, language } = visit
  const title = t('checks.new.title')
  const filled = visit.values ?? {}
  const value = (name: string, otherwise = '') =>
    typeof filled[name] === 'string' ? (filled[name] as string) : otherwise
  const field = (name: string, otherwise?: string) => ({
    name,
    label: t(`checks.new.${name}`),
    value: value(name, otherwise),
    error: errors?.[name],
  })
  const labels = Object.fromEntries(
    ['network', 'announced', 'kind', 'sample', 'within', 'lasts', 'cadence'].map((name) => [
      name,
      t(`checks.new.${name}`),
    ]),
  )
  const duration = (span: string) => ({ value: span, label: formatDuration(spanMs(span), language) })
  return (
    <Framed visit={visit} title={title} current="/confidence">
      <PageHead title={title} lead={t('checks.new.lead')} />
      {networks.length === 0 ? (
        <Quiet>{t('checks.new.no-network')}</Quiet>
      ) : (
        <>
          <ErrorSummary errors={errors} labels={labels} />
          <Form action="/checks/new/review" method="get" label={title}>
            <Hidden name="id" value={value('id', id)} />
            <Select
              {...field('network', networks[0]?.id)}
              options={networks.map((space) => ({ value: space.id, label: titleIn(space, language) }))}
            />
            <RadioGroup
              {...field('announced', 'yes')}
              options={['yes', 'no'].map((one) => ({ value: one, label: t(`checks.new.announced-${one}`) }))}
            />
            <Select
              {...field('kind')}
              options={[
                { value: '', label: t('directory.now.any-kind') },
                ...contactKinds.map((kind) => ({ value: kind, label: t(`directory.kind.${kind}`) })),
              ]}
            />
            <Field
              {...field('sample')}
              hint={t('checks.new.sample-hint')}
              inputmode="numeric"
              required={false}
              width="short"
            />
            <Select
              {...field('within', 'PT1H')}
              hint={t('checks.new.within-hint')}
              options={checkWithin.map(duration)}
            />
            <Select {...field('lasts', 'P3D')} options={lengths.map(duration)} />
            <Select
              {...field('cadence')}
              options={[
                { value: '', label: t('checks.cadence.once') },
                ...cadences.map((one) => ({ value: one, label: t(`checks.cadence.${one}`) })),
              ]}
            />
            <Row>
              <Button label={t('checks.new.review')} />
              <LinkButton plain href="/checks" label={t('common.cancel')} />
            </Row>
          </Form>
        </>
      )}
    </Framed>
  )
}
