import type { Answer, Peer, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import { PageHead, Quiet, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { getSpace } from '../find-space.ts'
import { hostText, isMember, readersText, titleOf } from '../space-words.ts'

/** Who is in, since when, who compared whose key, and what that lets each of them see. */
export async function showMembers(visit: Visit): Promise<Answer> {
  const { services, t, language, params } = visit
  const space = await getSpace(services, params.space)
  const peers = new Map((await services.peers.list()).map((peer) => [peer.party, peer]))
  const title = t('spaces.members.title', { space: titleOf(space, language) })
  return {
    page: (
      <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
        <PageHead form={t(`spaces.kind.${space.kind}`)} title={title} />
        <p>{readersText(space, services, { t, language })}</p>
        <p>{hostText(space, services, { t, language })}</p>
        <Table
          caption={t('spaces.members.caption')}
          quietCaption
          head={['party', 'role', 'since', 'key'].map((name) => t(`spaces.members.${name}`))}
          rows={space.members.map((member) => [
            <>
              {services.nameOf(member.party, language)} <bdi class="small quiet">{member.party}</bdi>
            </>,
            t(`spaces.role.${member.role}`),
            <>
              {sinceText(visit, member)} <HistoryLink visit={visit} space={space} member={member} />
            </>,
            keyText(visit, member.party, peers.get(member.party)),
          ])}
        />
        <Terms visit={visit} space={space} />
        <p>
          <a href={`/spaces/${space.id}`}>{t('spaces.write.back')}</a>
        </p>
      </Framed>
    ),
  }
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
  if (terms.length === 0) return <Quiet>{t('spaces.members.no-terms')}</Quiet>
  return (
    <Table
      caption={t('spaces.open.terms')}
      head={[t('spaces.members.term'), t('spaces.members.within')]}
      rows={terms.map(([name, value]) => [termText(name, t), <bdi>{value}</bdi>])}
    />
  )
}

function termText(name: string, t: Visit['t']): string {
  const known = ['acknowledgeWithin', 'replyWithin', 'confirmWithin', 'checkWithin']
  return known.includes(name) ? t(`spaces.open.term.${name}`) : name
}
