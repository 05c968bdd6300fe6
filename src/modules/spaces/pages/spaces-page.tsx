import type { Answer, Visit } from '../../../core/module/types.ts'
import type { SpaceKind } from '../../../protocol/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ClockChip, Entry, FormLine, LinkButton, LiveRegion, PageHead, Quiet, Section } from '../../../web/index.ts'
import { clockState } from '../../../core/clocks/index.ts'
import { Framed } from '../../frame/index.ts'
import { clockStateText, owedText } from '../clock-words.ts'
import { listSpaces, type ListedSpace } from '../list-spaces.ts'
import { partiesText, stateSentence, titleOf } from '../space-words.ts'

/** Headings of the list, and the kinds of space under each. */
const groups: { name: string; kinds: SpaceKind[] }[] = [
  { name: 'cases', kinds: ['case'] },
  { name: 'channels', kinds: ['channel', 'negotiation'] },
  { name: 'forums', kinds: ['forum', 'exercise', 'collection', 'bulletin'] },
  { name: 'directory', kinds: ['directory'] },
]

/** All spaces by kind, each with its state in one sentence. */
export async function showSpaces(visit: Visit): Promise<Answer> {
  const { services, viewer, t } = visit
  const listed = await listSpaces(services, viewer)
  const requests = await services.peers.requests()
  return {
    page: (
      <Framed visit={visit} title={t('spaces.list.title')} current="/spaces">
        <PageHead
          title={t('spaces.list.title')}
          lead={t('spaces.list.lead')}
          actions={
            <>
              {viewer.may('spaces.open:manage') && <LinkButton href="/spaces/open" label={t('spaces.list.open')} />}
              <a href="/drafts">{t('spaces.drafts.title')}</a>
            </>
          }
        />
        {requests.length > 0 && (
          <p>
            <a href="/peers">{t('spaces.list.requests', { count: requests.length })}</a>
          </p>
        )}
        <LiveRegion topic={['spaces', ...listed.slice(0, 15).map((one) => `space:${one.space.id}`)]} id="spaces">
          {listed.length === 0 && <Quiet>{t('spaces.list.none')}</Quiet>}
          {groups.map(({ name, kinds }) => {
            const ofGroup = listed.filter((one) => kinds.includes(one.space.kind))
            return (
              ofGroup.length > 0 && (
                <Section key={name} title={t(`spaces.list.group.${name}`)}>
                  {ofGroup.map((one) => (
                    <SpaceEntry key={one.space.id} visit={visit} listed={one} />
                  ))}
                </Section>
              )
            )
          })}
        </LiveRegion>
      </Framed>
    ),
  }
}

function SpaceEntry({ visit, listed: { space, open, unread, now } }: { visit: Visit; listed: ListedSpace }) {
  const { services, viewer, t, language } = visit
  const reading = { services, t, language, zone: viewer.person.zone, now }
  const margin = (
    <>
      <p>{formatDateTime(space.time, viewer.person.zone, language, { short: true })}</p>
      {open.slice(0, 3).map((clock) => (
        <p key={clock.id}>
          {owedText(clock, reading)} <ClockChip state={clockState(clock, now)} text={clockStateText(clock, reading)} />
        </p>
      ))}
      {open.length > 3 && <p>{t('spaces.list.more-open', { count: open.length - 3 })}</p>}
    </>
  )
  return (
    <Entry margin={margin} unread={unread > 0} id={`space-${space.id}`}>
      <FormLine>
        {space.drill && <strong class="drill-word">{t('frame.drill')} · </strong>}
        {partiesText(space, services, language)}
      </FormLine>
      <h3>
        <a href={`/spaces/${space.id}`}>{titleOf(space, language)}</a>
      </h3>
      <p>{stateSentence(space, open, reading)}</p>
      {unread > 0 && <p class="small">{t('spaces.list.unread', { count: unread })}</p>}
    </Entry>
  )
}
