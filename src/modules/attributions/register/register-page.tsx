import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatNumber } from '../../../text/index.ts'
import { Details, LinkButton, Quiet, Section, Table, TlpLabel } from '../../../web/index.ts'
import type { LoadedRegister } from '../load-register.ts'
import { type Returned, Signed } from '../../frame/index.ts'
import { AttributionFrame, dayIn, makerWords, pathOf } from '../pages/parts.tsx'
import { BetweenSection } from '../between/between-section.tsx'
import { OwnSection } from '../decide/own-section.tsx'
import { ClaimForm } from './claim-form.tsx'
import { type Claim, firstDay } from './claims.ts'
import { daysBetween, Timeline } from './timeline.tsx'

interface Props {
  visit: Visit
  register: LoadedRegister
  parties: readonly string[]
  returned?: Returned
}

/** Who attributed the incident to whom, and what we decided ourselves. */
export function RegisterPage(props: Props) {
  const { visit, register, returned } = props
  const { t, viewer } = visit
  const { incident } = register.loaded
  const isOpen = incident.state !== 'closed'
  return (
    <AttributionFrame
      visit={visit}
      incident={incident}
      title={t('attributions.title')}
      lead={t('attributions.lead')}
      actions={
        isOpen &&
        viewer.may('incidents.attribution:release') && (
          <LinkButton href={`${pathOf(incident)}/decide`} label={t('attributions.decision.minute')} />
        )
      }
    >
      <OwnSection visit={visit} register={register} />
      <BetweenSection visit={visit} register={register} />
      <Claims {...props} />
      <Published visit={visit} register={register} />
      {isOpen && viewer.may('incidents:draft') && (
        <ClaimForm visit={visit} incident={incident} parties={props.parties} returned={returned} />
      )}
    </AttributionFrame>
  )
}

/** Where an attribution stands on the line: the first moment its date can mean. */
const momentOf = ({ content: { day } }: Claim): number => Date.parse(`${firstDay(day)}T00:00:00Z`)
/** Days are counted between days. */
const dayOf = (ms: number): number => Math.floor(ms / 86_400_000) * 86_400_000

function Claims({ visit, register: { loaded, claims, withheld, start, nameOf } }: Props) {
  const { t, language, viewer } = visit
  const { incident } = loaded
  const begins = dayOf(start.at)
  const isOpen = incident.state !== 'closed'
  return (
    <Section title={t('attributions.register.title')} id="register">
      {claims.length === 0 && <Quiet>{t('attributions.register.none')}</Quiet>}
      {claims.length > 0 && (
        <>
          <Timeline
            visit={visit}
            start={begins}
            points={claims.map((one, at) => ({ number: at + 1, at: momentOf(one) }))}
          />
          <Table
            caption={t('attributions.register.caption')}
            numeric={[0, 6]}
            head={[
              t('attributions.register.number'),
              t('attributions.claim.maker'),
              t('attributions.claim.accused'),
              t('attributions.claim.basis'),
              t('attributions.claim.kind'),
              t('attributions.claim.day'),
              t('attributions.register.days'),
              t('attributions.register.contested'),
              t('markings.marking'),
            ]}
            rows={claims.map((one, at) => [
              <a href={`#claim-${one.claim}`}>{formatNumber(at + 1, language)}</a>,
              <bdi>{makerWords(visit, one.content)}</bdi>,
              one.content.accused === '' ? t('attributions.not-named') : <bdi>{one.content.accused}</bdi>,
              t(`published-incidents.basis.${one.content.basis}`),
              t(`published-incidents.kind.${one.content.kind}`),
              dayIn(one.content.day, language),
              formatNumber(daysBetween(begins, momentOf(one)), language),
              one.disputes.length === 0 ? '–' : <bdi>{one.disputes.map(({ by }) => by).join(', ')}</bdi>,
              <TlpLabel marking={{ tlp: one.tlp }} />,
            ])}
          />
          <Quiet small>
            {t(start.isKnown ? 'attributions.register.counted' : 'attributions.register.counted-opened', {
              day: formatDate(begins, 'UTC', language),
            })}
          </Quiet>
          {claims.map((one, at) => (
            <Details
              key={one.claim}
              id={`claim-${one.claim}`}
              summary={t('attributions.register.one', { number: at + 1, maker: makerWords(visit, one.content) })}
            >
              <p>
                {t('attributions.claim.source')}: <bdi>{one.content.source}</bdi>
              </p>
              <Signed visit={visit} by={nameOf(one.by)} at={one.at} />
              {one.why !== '' && (
                <p>
                  {t('attributions.claim.why')}: <bdi>{one.why}</bdi>
                </p>
              )}
              <Disputes visit={visit} claim={one} nameOf={nameOf} />
              <Before visit={visit} claim={one} nameOf={nameOf} />
              {isOpen && viewer.may('incidents:draft') && (
                <p>
                  <a href={`${pathOf(incident)}/claims/${one.claim}`}>{t('attributions.claim.change')}</a>
                </p>
              )}
            </Details>
          ))}
        </>
      )}
      {withheld > 0 && <Quiet>{t('attributions.register.withheld', { count: withheld })}</Quiet>}
    </Section>
  )
}

interface OfClaim {
  visit: Visit
  claim: Claim
  nameOf(person: string): string
}

function Disputes({ visit, claim, nameOf }: OfClaim) {
  const { t, language } = visit
  return (
    <>
      {claim.disputes.map((one) => (
        <div key={`${one.writtenBy} ${one.at}`}>
          <p>
            {t('attributions.dispute.line', { by: one.by, day: dayIn(one.day, language) })} <bdi>{one.words}</bdi>
          </p>
          <Signed visit={visit} by={nameOf(one.writtenBy)} at={one.at} />
        </div>
      ))}
    </>
  )
}

function Before({ visit, claim, nameOf }: OfClaim) {
  const { t, language } = visit
  if (claim.before.length === 0) return null
  return (
    <>
      <p>{t('attributions.register.before')}</p>
      {claim.before.map(({ content, by, at }) => (
        <div key={at}>
          <p>
            <bdi>{makerWords(visit, content)}</bdi> · <bdi>{content.accused || t('attributions.not-named')}</bdi> ·{' '}
            {t(`published-incidents.basis.${content.basis}`)} · {t(`published-incidents.kind.${content.kind}`)} ·{' '}
            {dayIn(content.day, language)} · <bdi>{content.source}</bdi>
          </p>
          <Signed visit={visit} by={nameOf(by)} at={at} />
        </div>
      ))}
    </>
  )
}

function Published({ visit, register: { published } }: Pick<Props, 'visit' | 'register'>) {
  const { t, language } = visit
  const [first] = published
  if (!first) return null
  return (
    <Section title={t('attributions.published.title')} id="published">
      <Table
        caption={t('attributions.published.title')}
        head={[
          t('attributions.claim.maker'),
          t('attributions.claim.accused'),
          t('attributions.claim.basis'),
          t('attributions.claim.kind'),
          t('attributions.claim.day'),
        ]}
        rows={published.map((one) => [
          <bdi>{one.attributedBy || '–'}</bdi>,
          one.accused === '' ? t('attributions.not-named') : <bdi>{one.accused}</bdi>,
          one.basis === null ? '–' : t(`published-incidents.basis.${one.basis}`),
          one.kind === null ? '–' : t(`published-incidents.kind.${one.kind}`),
          one.day === null ? '–' : dayIn(one.day, language),
        ])}
      />
      <p>{t('published-incidents.bias')}</p>
      <Quiet small>
        {t('attributions.published.source', {
          set: first.set,
          edition: first.edition,
          licence: first.licence,
          ref: first.ref,
        })}
      </Quiet>
    </Section>
  )
}
