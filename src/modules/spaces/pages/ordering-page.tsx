import type { Answer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Entry, LinkButton, LiveRegion, PageHead, Pairs, Quiet, Reg, Row, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { getSpace, mayWriteIn } from '../find-space.ts'
import { hostChanged } from '../ordering/host-changed-act.ts'
import { consequences, silenceText } from '../ordering/ordering-words.ts'
import { type HostOffer, loadOrdering, type Ordering } from '../ordering/standing.ts'
import { hostText, titleOf } from '../space-words.ts'

interface Props {
  visit: Visit
  space: SpaceFacts
  ordering: Ordering
}

/** Who orders this space, who did, and who is to. */
export async function showOrdering(visit: Visit): Promise<Answer> {
  const { services, viewer, t, language, params } = visit
  const space = await getSpace(services, params.space)
  const ordering = await loadOrdering(services, viewer, space)
  if (visit.wantsJson) return { data: { space: space.id, ...ordering } }
  const props: Props = { visit, space, ordering }
  return {
    page: (
      <Framed visit={visit} title={t('spaces.ordering.title')} current="/spaces" drill={space.drill}>
        <PageHead
          form={titleOf(space, language)}
          title={t('spaces.ordering.title')}
          lead={hostText(space, services, { t, language })}
        />
        <LiveRegion topic={`space:${space.id}`} id="ordering">
          <Pairs items={facts(props)} />
          {ordering.offers.length > 0 && (
            <Section title={t('spaces.ordering.under-way')} id="offers">
              {ordering.offers.map((offer) => (
                <Offer key={offer.party} {...props} offer={offer} />
              ))}
            </Section>
          )}
          <OwnOffer {...props} />
        </LiveRegion>
        <Section title={t('spaces.ordering.means')}>
          <Pairs items={consequences(ordering, space, { services, t, language })} />
        </Section>
        <p>
          <a href={`/spaces/${space.id}`}>{t('spaces.write.back')}</a>
        </p>
      </Framed>
    ),
  }
}

function facts({ visit, ordering }: Props) {
  const { services, viewer, t, language } = visit
  const { zone } = viewer.person
  const name = (party: string) => services.nameOf(party, language)
  return [
    {
      term: t('spaces.ordering.now'),
      detail: (
        <>
          {name(ordering.host)} <Reg text={ordering.host} />
        </>
      ),
    },
    { term: t('spaces.ordering.since'), detail: t('spaces.ordering.since-entry', { number: ordering.since }) },
    { term: t('spaces.ordering.node'), detail: silenceText(ordering, { services, t, language, zone }) },
    ordering.former.length > 0 && {
      term: t('spaces.ordering.before'),
      detail: (
        <ul>
          {ordering.former.map(({ party, from }) => (
            <li key={from}>{t('spaces.ordering.from-entry', { party: name(party), number: from })}</li>
          ))}
        </ul>
      ),
    },
  ]
}

const mayDraft = ({ visit: { services, viewer }, space }: Props) =>
  space.kind !== 'register' && viewer.may(`${hostChanged}:draft`) && mayWriteIn(services, space)

function Offer({ offer, ...props }: Props & { offer: HostOffer }) {
  const { visit, space, ordering } = props
  const { services, viewer, t, language } = visit
  const party = services.nameOf(offer.party, language)
  const zone = viewer.person.zone
  return (
    <Entry
      id={`offer-${offer.party}`}
      margin={
        <p class="small">{t('spaces.ordering.voices', { count: offer.voices.length, needed: ordering.needed })}</p>
      }
    >
      <h3>{t('spaces.ordering.offer-of', { party })}</h3>
      {!offer.isOffered && <Quiet>{t('spaces.ordering.not-offered', { party })}</Quiet>}
      <ul>
        {offer.voices.map((one) => (
          <li key={one.party}>
            {services.nameOf(one.party, language)} · {formatDateTime(one.at, zone, language)}
            {one.isTendered && <> · {t('spaces.tendered.state')}</>}
          </li>
        ))}
      </ul>
      {mayDraft(props) && ordering.ours === undefined && offer.isOffered && (
        <Row>
          <LinkButton
            href={`/spaces/${space.id}/write/${hostChanged}?to=${offer.party}`}
            label={t(ordering.host === services.party ? 'spaces.ordering.hand-over' : 'spaces.ordering.agree', {
              party,
            })}
          />
        </Row>
      )}
    </Entry>
  )
}

/** The first step of every handover: the party that would order the space says so itself. */
function OwnOffer(props: Props) {
  const { visit, space, ordering } = props
  const { services, t, language } = visit
  if (!mayDraft(props)) return <Quiet>{t('spaces.ordering.may-not')}</Quiet>
  if (ordering.ours !== undefined)
    return <Quiet>{t('spaces.ordering.ours', { party: services.nameOf(ordering.ours, language) })}</Quiet>
  if (ordering.host === services.party)
    return ordering.offers.some((one) => one.isOffered) ? null : <Quiet>{t('spaces.ordering.ask-first')}</Quiet>
  const isSilent = ordering.silentSince !== undefined
  return (
    <Row>
      <LinkButton
        href={`/spaces/${space.id}/write/${hostChanged}?to=${services.party}`}
        label={t(isSilent ? 'spaces.ordering.take-over' : 'spaces.ordering.offer')}
        plain={ordering.offers.length > 0}
      />
    </Row>
  )
}
