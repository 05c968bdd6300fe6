import { actHref } from '../../../core/module/act-href.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ButtonForm, ClockChip, LinkButton, Quiet, Row } from '../../../web/index.ts'
import { type Confidence, mayPass, type Said } from '../offices.ts'
import { endedFacts, type OfficesProps } from './offices-props.ts'

type Props = OfficesProps & { confidence: Confidence }

/** What was said between the mediator and one side; at the mediator's also what of it was passed on and what was not. */
export function ConfidenceColumn({ visit, offices, confidence }: Props) {
  const { services, t, language } = visit
  const { space, side, said } = confidence
  return (
    <section class="side" aria-label={services.nameOf(side, language)}>
      <h3>
        <bdi>{services.nameOf(side, language)}</bdi>
      </h3>
      <Consent visit={visit} offices={offices} confidence={confidence} />
      {said.length === 0 && <Quiet>{t('good-offices.nothing-said')}</Quiet>}
      {said.map((one) => (
        <SaidEntry key={one.hash} visit={visit} offices={offices} confidence={confidence} said={one} />
      ))}
      <Verbs visit={visit} offices={offices} confidence={confidence} />
      <p>
        <a href={`/spaces/${space.id}`}>{t('good-offices.to-record')}</a>
      </p>
    </section>
  )
}

function Consent({ visit, offices: { isMediator }, confidence: { space, consentedAt, ended } }: Props) {
  const { t, viewer } = visit
  if (ended) return <ClockChip state="met" text={t('good-offices.ended-at', endedFacts(visit, ended))} />
  if (consentedAt !== undefined) return <ClockChip state="done" text={t('good-offices.consent.given')} />
  const mayConsent = !isMediator && viewer.may('good-offices.offer-taken:send')
  return (
    <>
      <ClockChip state="due" text={t('good-offices.consent.not-yet')} />
      {mayConsent && (
        <>
          <p>{t('good-offices.consent.means')}</p>
          <ButtonForm action={`/spaces/${space.id}/good-offices/consent`} label={t('good-offices.consent.do')} />
        </>
      )}
    </>
  )
}

function Verbs({ visit: { t, viewer }, offices: { isMediator }, confidence: { space, ended } }: Props) {
  if (ended) return null
  const write = `/spaces/${space.id}/write/good-offices`
  return (
    <Row>
      {viewer.may('good-offices.confidence-said:draft') && (
        <LinkButton href={`${write}.confidence-said`} label={t('good-offices.say')} plain={isMediator} />
      )}
      {isMediator && viewer.may('good-offices.passed-on:draft') && (
        <LinkButton plain href={`${write}.passed-on`} label={t('good-offices.passed.own-words')} />
      )}
      {!isMediator && viewer.may('good-offices.mediation-ended:draft') && (
        <LinkButton plain href={`${write}.mediation-ended`} label={t('good-offices.wish.ended')} />
      )}
    </Row>
  )
}

function SaidEntry({ visit, offices, confidence: { space }, said }: Props & { said: Said }) {
  const { services, t, language, viewer } = visit
  const { author, at, passing, hash, text } = said
  return (
    <article>
      <p class="small quiet">
        <bdi>{services.nameOf(author, language)}</bdi> · {formatDateTime(at, viewer.person.zone, language)} ·{' '}
        {t(`good-offices.form.${passing === null ? 'passed' : 'said'}`)}
      </p>
      <h4>
        <a href={actHref(space.id, hash)}>
          <bdi>{text?.subject ?? t('channels.note.withheld-subject')}</bdi>
        </a>
      </h4>
      {text?.paragraphs.map((paragraph, index) => (
        <p key={index} dir="auto">
          {paragraph}
        </p>
      ))}
      {author !== offices.mediator && <Passing visit={visit} offices={offices} space={space.id} said={said} />}
    </article>
  )
}

/** Whether what a side said may be passed on and was, with the step that is next for whoever looks. */
function Passing({ visit, offices, space, said }: OfficesProps & { space: string; said: Said }) {
  const { services, t, language, viewer } = visit
  const { isMediator, confidences } = offices
  const isAllowed = mayPass(said)
  const other = confidences.find((one) => one.space.id !== space)
  return (
    <>
      <p class="small">
        {t(`good-offices.passing.${isAllowed ? 'allowed' : (said.passing ?? 'keep')}`)}
        {isMediator && ` · ${t(`good-offices.passed.${said.passedTo.length > 0 ? 'was' : 'was-not'}`)}`}
      </p>
      {isMediator && isAllowed && other && !other.ended && viewer.may('good-offices.passed-on:draft') && (
        <p>
          <a href={`/spaces/${other.space.id}/write/good-offices.passed-on?said=${said.hash}`}>
            {t('good-offices.passed.to', { side: services.nameOf(other.side, language) })}
          </a>
        </p>
      )}
      {!isMediator && !isAllowed && viewer.may('good-offices.passing-allowed:send') && (
        <ButtonForm
          plain
          action={`/spaces/${space}/good-offices/${said.hash}/allow`}
          label={t('good-offices.action.allow')}
        />
      )}
    </>
  )
}
