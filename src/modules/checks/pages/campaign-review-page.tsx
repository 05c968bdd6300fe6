import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDuration, formatList, formatNumber } from '../../../text/index.ts'
import { Button, Form, Hidden, LeavesStays, LinkButton, PageHead, Quiet, Row, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { CampaignInput } from '../campaign-input.ts'
import { fewestAsked } from '../coarse-count.ts'
import { spanMs } from '../due-in-openings.ts'
import { titleIn } from './title-in.ts'

interface Props {
  visit: Visit<unknown>
  network: SpaceFacts
  input: CampaignInput
  drawn: string[]
  askable: ReadonlyMap<string, SpaceFacts>
  /** Parties with whom we have no channel of two. */
  without: string[]
  /** Drawn, and no contact of theirs stands. */
  unlisted: string[]
}

/** What leaves with a campaign and what stays, before anything does. */
export function CampaignReviewPage({ visit, network, input, drawn, askable, without, unlisted }: Props) {
  const { t, language, services } = visit
  const title = t('checks.review.title')
  const names = (parties: string[]) =>
    formatList(
      parties.map((party) => services.nameOf(party, language)),
      language,
    )
  return (
    <Framed visit={visit} title={title} current="/confidence" drill={network.drill}>
      <PageHead form={<bdi>{titleIn(network, language)}</bdi>} title={title} lead={t('checks.review.lead')} />
      <LeavesStays
        leaves={[
          t('checks.review.challenges', { count: drawn.length, parties: names(drawn) }),
          t('checks.review.hours', { within: formatDuration(spanMs(input.within), language) }),
          input.announced === 'yes' && t('checks.review.announcement', { network: titleIn(network, language) }),
          drawn.length < fewestAsked
            ? t('checks.review.no-figures', { fewest: formatNumber(fewestAsked, language) })
            : t('checks.review.figures'),
        ].filter((one) => one !== false)}
        stays={[t('checks.review.single'), t('checks.review.sample')]}
      />
      {without.length > 0 && <Quiet>{t('checks.review.without', { parties: names(without) })}</Quiet>}
      {unlisted.length > 0 && <Quiet>{t('checks.review.unlisted', { parties: names(unlisted) })}</Quiet>}
      <Section title={t('checks.review.channels')}>
        <ul>
          {drawn.map((party) => (
            <li key={party}>
              <bdi>{services.nameOf(party, language)}</bdi>:{' '}
              <a href={`/spaces/${askable.get(party)?.id}`}>{titleIn(askable.get(party) ?? network, language)}</a>
            </li>
          ))}
        </ul>
      </Section>
      <Form action="/checks" label={title}>
        {Object.entries(input).map(([name, value]) => (
          <Hidden key={name} name={name} value={String(value ?? '')} />
        ))}
        <Row>
          <Button label={t('checks.review.begin')} />
          <LinkButton plain href="/checks/new" label={t('common.back')} />
        </Row>
      </Form>
    </Framed>
  )
}
