import type { Answer, Peer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDate, formatDateTime, formatList, isMessageKey } from '../../../text/index.ts'
import {
  Entry,
  LinkButton,
  LiveRegion,
  PageHead,
  Pairs,
  Quiet,
  Reg,
  Row,
  Section,
  Table,
  Trouble,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { getSpace, mayWriteIn } from '../find-space.ts'
import {
  type AdmissionWindow,
  type AwaitedAdmission,
  loadMembership,
  type Membership,
  presides,
} from '../membership/standing.ts'
import { hostText, isMember, readersText, titleOf } from '../space-words.ts'

interface Props {
  visit: Visit
  space: SpaceFacts
  membership: Membership
  peers: Map<string, Peer>
}

/** Who is in, what each may do, who compared whose key, and what is under way. */
export async function showMembers(visit: Visit): Promise<Answer> {
  const { services, viewer, t, language, params } = visit
  const space = await getSpace(services, params.space)
  const [listed, membership] = await Promise.all([services.peers.list(), loadMembership(services, viewer, space)])
  const peers = new Map(listed.map((peer) => [peer.party, peer]))
  const props: Props = { visit, space, membership, peers }
  const title = t('spaces.members.title', { space: titleOf(space, language) })
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
        <PageHead
          form={t(`spaces.kind.${space.kind}`)}
          title={title}
          lead={readersText(space, services, { t, language })}
          actions={<MemberActions {...props} />}
        />
        <LiveRegion topic={`space:${space.id}`} id="members">
          <Awaited {...props} />
          <Windows {...props} />
          <MemberTable {...props} />
          <p>{hostText(space, services, { t, language })}</p>
          <Quiet>{t(`spaces.members.rule.${ruleOf(space)}`)}</Quiet>
        </LiveRegion>
        <Section title={t('spaces.open.terms')}>
          <Terms visit={visit} space={space} />
        </Section>
        <p>
          <a href={`/spaces/${space.id}`}>{t('spaces.write.back')}</a>
        </p>
      </Framed>
    ),
  }
}

/** Which sentence says who changes the members here. */
function ruleOf(space: SpaceFacts): string {
  if (space.kind !== 'case' && space.kind !== 'channel') return space.kind === 'register' ? 'none' : 'presiding'
  const writers = space.members.filter(({ until, role }) => until === undefined && role !== 'observer')
  return writers.length > 2 ? 'window' : 'both'
}

function MemberActions({ visit: { services, viewer, t }, space, membership }: Props) {
  const here = `/spaces/${space.id}/members`
  if (!viewer.may('spaces.open:manage')) return null
  const isIn = space.members.some((one) => one.party === services.party && one.until === undefined)
  return (
    <>
      {membership.way !== 'none' && <LinkButton href={`${here}/admit`} label={t('spaces.members.admit')} />}
      {isIn && <LinkButton href={`${here}/leave`} label={t('spaces.members.leave')} plain />}
    </>
  )
}

/** Admissions that one of two members signed and the other has not. */
function Awaited({ visit, space, membership: { awaited } }: Props) {
  const { t } = visit
  if (awaited.length === 0) return null
  return (
    <Section title={t('spaces.members.awaited', { count: awaited.length })} id="awaited">
      {awaited.map((one) => (
        <AwaitedEntry key={one.act.hash} visit={visit} space={space} one={one} />
      ))}
    </Section>
  )
}

function AwaitedEntry({ visit, space, one }: { visit: Visit; space: SpaceFacts; one: AwaitedAdmission }) {
  const { services, viewer, t, language } = visit
  const name = services.nameOf(one.party, language)
  const isOurs = one.agreedBy.includes(services.party)
  const margin = (
    <Pairs
      items={[
        { term: t('common.party'), detail: <Reg text={one.party} /> },
        { term: t('spaces.members.signed'), detail: formatDateTime(one.act.time, viewer.person.zone, language) },
      ]}
    />
  )
  return (
    <Entry margin={margin}>
      <h3>{t('spaces.members.to-come-in', { party: name, role: t(`spaces.role.${one.role}`) })}</h3>
      <p>
        {t(isOurs ? 'spaces.members.we-asked' : 'spaces.members.they-asked', {
          party: services.nameOf(one.agreedBy[0] ?? '', language),
        })}
      </p>
      {!isOurs && viewer.may('spaces.open:manage') && mayWriteIn(services, space) && (
        <Row>
          <LinkButton href={`/spaces/${space.id}/members/agree/${one.act.hash}`} label={t('spaces.members.to-agree')} />
        </Row>
      )}
    </Entry>
  )
}

/** Windows in which members may object, the newest first. */
function Windows(props: Props) {
  const { visit, membership } = props
  const shown = membership.windows.filter((one, at) => one.state === 'open' || one.state === 'free' || at < 3)
  if (shown.length === 0) return null
  return (
    <Section title={visit.t('spaces.members.windows')} id="windows">
      {shown.map((one) => (
        <WindowEntry key={one.proposal} {...props} one={one} />
      ))}
    </Section>
  )
}

function WindowEntry({ visit, space, membership, one }: Props & { one: AdmissionWindow }) {
  const { services, viewer, t, language } = visit
  const here = `/spaces/${space.id}/members/admissions/${one.proposal}`
  const time = formatDateTime(one.endsAt, viewer.person.zone, language)
  const facts = {
    party: services.nameOf(one.party, language),
    by: services.nameOf(one.vetoedBy ?? one.author, language),
    time,
  }
  const mayVeto = one.state === 'open' && one.author !== services.party && mayWriteIn(services, space)
  const mayAdmit = one.state === 'free' && membership.way === 'window' && viewer.may('spaces.open:manage')
  return (
    <Entry
      id={`window-${one.proposal}`}
      margin={
        <Pairs
          items={[
            { term: t('common.party'), detail: <Reg text={one.party} /> },
            { term: t('spaces.members.until'), detail: time },
          ]}
        />
      }
    >
      <h3>{t('spaces.members.to-come-in', { party: facts.party, role: t(`spaces.role.${one.role}`) })}</h3>
      <p>{t(`spaces.members.window.${one.state}`, facts)}</p>
      {one.reason !== undefined && <p dir="auto">{one.reason}</p>}
      {one.objection !== undefined && (
        <Trouble
          title={t('spaces.members.objection', { by: facts.by })}
          what={<span dir="auto">{one.objection}</span>}
        />
      )}
      <Row>
        {mayVeto && viewer.may('spaces.admission-vetoed:send') && (
          <LinkButton href={`${here}/veto`} label={t('spaces.members.to-veto')} plain />
        )}
        {mayAdmit && (
          <LinkButton
            href={`/spaces/${space.id}/members/admit?party=${one.party}&role=${one.role}`}
            label={t('spaces.members.admit-now')}
          />
        )}
      </Row>
    </Entry>
  )
}

function MemberTable(props: Props) {
  const { visit, space, peers, membership } = props
  const { services, t, language } = visit
  return (
    <Table
      caption={t('spaces.members.caption')}
      quietCaption
      head={['party', 'role', 'may', 'since', 'key'].map((name) => t(`spaces.members.${name}`))}
      rows={space.members.map((member) => [
        <>
          {services.nameOf(member.party, language)} <bdi class="small quiet">{member.party}</bdi>
          <RemoveLink {...props} party={member.party} isIn={member.until === undefined} />
        </>,
        t(`spaces.role.${member.role}`),
        mayText(props, member),
        <>
          {sinceText(visit, member)} <HistoryLink visit={visit} space={space} member={member} />
          {membership.irregular.has(member.party) && <p class="late">{t('spaces.members.irregular')}</p>}
        </>,
        keyText(visit, member.party, peers.get(member.party)),
      ])}
    />
  )
}

function RemoveLink({ visit, space, membership, party, isIn }: Props & { party: string; isIn: boolean }) {
  const { services, viewer, t } = visit
  const mayRemove = membership.presides && isIn && party !== services.party && party !== space.host
  if (!mayRemove || !viewer.may('spaces.open:manage')) return null
  return (
    <p class="small">
      <a href={`/spaces/${space.id}/members/remove?party=${party}`}>{t('spaces.members.remove')}</a>
    </p>
  )
}

/** What a member may do here, in words: computed from its role and the kind of space. */
function mayText({ visit: { t, language }, space, membership }: Props, member: SpaceFacts['members'][number]): string {
  if (member.until !== undefined) return t('spaces.members.may-nothing')
  const rule = ruleOf(space)
  const writes = member.role !== 'observer'
  const may = [
    'read',
    writes && 'write',
    member.party === space.host && 'order',
    presides(space, member.party) && 'admit',
    rule === 'both' && writes && 'agree',
    rule === 'window' && member.party === membership.opener && 'propose',
    rule === 'window' && writes && member.party !== membership.opener && 'veto',
  ].filter((one): one is string => typeof one === 'string')
  return formatList(
    may.map((one) => t(`spaces.members.can.${one}`)),
    language,
  )
}

/** Who came later to a sealed space has the past without its keys. */
function HistoryLink({
  visit: { services, viewer, t },
  space,
  member,
}: {
  visit: Visit
  space: SpaceFacts
  member: SpaceFacts['members'][number]
}) {
  const cameLater = space.sealed && member.since > 0 && member.until === undefined && member.party !== services.party
  if (!cameLater || !isMember(space, services.party) || !viewer.may('spaces.history:release')) return null
  return <a href={`/spaces/${space.id}/history/${member.party}`}>{t('spaces.members.history')}</a>
}

function sinceText({ t }: Visit, member: SpaceFacts['members'][number]): string {
  return member.until === undefined
    ? t('spaces.members.from-entry', { number: member.since })
    : t('spaces.members.until-entry', { number: member.since, until: member.until })
}

/** Whether a person here compared this party's key, how and when. */
export function keyText({ services, t, language, viewer }: Visit, party: string, peer: Peer | undefined): string {
  if (party === services.party) return t('spaces.key.own')
  if (peer?.state !== 'pinned' || peer.pinnedAt === undefined) return t('spaces.key.introduced')
  return t('spaces.key.pinned', {
    how: (peer.comparedBy ?? 'other').replaceAll('-', '_'),
    date: formatDate(peer.pinnedAt, viewer.person.zone, language),
  })
}

function Terms({ visit: { t }, space }: { visit: Visit; space: SpaceFacts }) {
  const terms = Object.entries(space.terms).filter(([name]) => name.endsWith('Within'))
  const { escalatesTo: to, reportsOpening } = space.terms
  const also = [
    ...(to === 'secretariat' ? [t('delivery.agreed.secretariat')] : []),
    ...(to && isMessageKey(`directory.kind.${to}`)
      ? [t('delivery.agreed.contact', { kind: t(`directory.kind.${to}`) })]
      : []),
    ...(reportsOpening === 'yes' ? [t('delivery.agreed.reports-opening')] : []),
  ]
  if (terms.length + also.length === 0) return <Quiet>{t('spaces.members.no-terms')}</Quiet>
  return (
    <>
      {terms.length > 0 && (
        <Table
          caption={t('spaces.open.terms')}
          quietCaption
          head={[t('spaces.members.term'), t('spaces.members.within')]}
          rows={terms.map(([name, value]) => [termText(name, t), <bdi>{value}</bdi>])}
        />
      )}
      {also.map((words) => (
        <p key={words}>{words}</p>
      ))}
    </>
  )
}

function termText(name: string, t: Visit['t']): string {
  const known = ['acknowledgeWithin', 'replyWithin', 'confirmWithin', 'checkWithin']
  return known.includes(name) ? t(`spaces.open.term.${name}`) : name
}
