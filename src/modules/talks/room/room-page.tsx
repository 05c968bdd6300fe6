import type { Seat } from '../../../core/meeting-rooms/types.ts'
import type { Marking, Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatList } from '../../../text/index.ts'
import {
  Button,
  Field,
  Hidden,
  LeavesStays,
  LinkButton,
  LiveRegion,
  PageHead,
  Quiet,
  Row,
  Section,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Talks } from '../load-talks.ts'
import { partiesOf } from '../meetings.ts'
import { Conversation } from '../pages/conversation.tsx'
import { isRoomOpen, roomHours } from './room-of-talks.ts'

interface RoomPageProps {
  visit: Visit<any>
  talks: Talks
  seated: readonly Seat[]
  marking?: Marking
  /** One each for the session and the next remark. */
  ids: readonly [string, string]
}

/** The room of talks: before going in who may hear and what leaves; inside who is there; beside it the written floor. */
export function RoomPage(props: RoomPageProps) {
  const { visit, talks, marking, ids } = props
  const { t, services, viewer, language } = visit
  const { row, space, text } = talks
  const others = partiesOf(row).filter((party) => party !== services.party)
  const isOpen = isRoomOpen(row, services.clock.now())
  const { opensAt, closesAt } = roomHours(row)
  const shown = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const title = t('talks-room.title', { subject: text?.subject ?? t('talks.form') })
  const mayEnter = isOpen && text !== undefined && viewer.may('talks.room:send')
  return (
    <Framed
      visit={visit}
      title={title}
      current="/talks"
      drill={space.drill}
      marking={marking}
      unrecorded="sound"
      scripts={mayEnter ? ['room.js'] : []}
    >
      <PageHead
        form={t('talks.with', {
          parties: formatList(
            others.map((one) => services.nameOf(one, language)),
            language,
          ),
        })}
        title={<bdi>{title}</bdi>}
        lead={
          isOpen
            ? t('talks-room.open-until', { time: shown(closesAt) })
            : services.clock.now() < opensAt
              ? t('talks-room.opens', { time: shown(opensAt) })
              : t('talks-room.closed', { time: shown(closesAt) })
        }
        actions={<LinkButton plain href={`/spaces/${space.id}/talks/${row.hash}`} label={t('talks-room.back')} />}
      />
      <Before {...props} />
      <Section title={t('talks-room.there')} id="room">
        <div id="seated-list">
          <Seated {...props} />
        </div>
        {mayEnter ? <Inside visit={visit} talks={talks} id={ids[0]} /> : <Quiet>{t('talks-room.not-in')}</Quiet>}
      </Section>
      <Conversation visit={visit} talks={talks} id={ids[1]} inRoom />
    </Framed>
  )
}

function Before({ visit, talks }: RoomPageProps) {
  const { t, services, language } = visit
  const parties = partiesOf(talks.row).map((party) => services.nameOf(party, language))
  const servers = (services.settings.iceServers ?? []).flatMap(({ urls }) => urls)
  return (
    <Section title={t('talks-room.before')} id="before">
      <p>{t('talks-room.who', { parties: formatList(parties, language) })}</p>
      <LeavesStays
        leavesTitle={t('talks-room.leaves')}
        staysTitle={t('talks-room.stays')}
        leaves={[
          t('talks-room.sound-leaves'),
          t('talks-room.address-leaves'),
          servers.length > 0
            ? t('talks-room.servers', { servers: formatList(servers, language) })
            : t('talks-room.no-servers'),
        ]}
        stays={[t('talks-room.nothing-kept'), t('talks-room.may-record'), t('talks-room.keys')]}
      />
    </Section>
  )
}

/** Whom this node knows to be in the room; without scripts, with every look at the page. */
function Seated({ visit, talks, seated }: RoomPageProps) {
  const { t, services, language } = visit
  return (
    <LiveRegion topic={`space:${talks.space.id}`} id="seated">
      {seated.length === 0 ? (
        <Quiet>{t('talks-room.nobody')}</Quiet>
      ) : (
        <ul>
          {seated.map(({ session, party, by, state }) => (
            <li key={session}>
              <bdi>{t('talks-room.person', { party: services.nameOf(party, language), by })}</bdi>{' '}
              <span class="quiet">{t(`talks-room.seat.${state}`)}</span>
            </li>
          ))}
        </ul>
      )}
    </LiveRegion>
  )
}

const said = [
  ...['connecting', 'there', 'lost', 'silent', 'gone', 'asking', 'in', 'left', 'ended', 'away', 'unreached'],
  ...['deaf', 'blind', 'unable', 'mute', 'unmute', 'heard', 'unheard', 'said'],
  ...['camera-on', 'camera-off', 'camera-is-on', 'camera-is-off', 'picture', 'no-picture'],
]

function Inside({ visit, talks, id }: Pick<RoomPageProps, 'visit' | 'talks'> & { id: string }) {
  const { t, viewer, language } = visit
  const { name } = viewer.office
  const words = Object.fromEntries(said.map((one) => [one, t(`talks-room.said.${one}`)]))
  return (
    <div data-room={`/spaces/${talks.space.id}/talks/${talks.row.hash}/room`} data-words={JSON.stringify(words)}>
      <p data-room-without>{t('talks-room.without')}</p>
      <form class="fields" data-room-form hidden>
        <Hidden name="id" value={id} />
        <Field
          name="by"
          label={t('talks-room.by')}
          hint={t('talks-room.by-hint')}
          value={name[language] ?? name.en ?? Object.values(name)[0] ?? ''}
          required
          maxlength={80}
        />
        <p class="hint">{t('talks-room.enter-hint')}</p>
        <Row>
          <Button label={t('talks-room.enter')} />
        </Row>
      </form>
      <div role="log" aria-label={t('talks-room.happens')} class="room-log" data-room-said />
      <div data-room-inside hidden>
        <ul class="room-people" data-room-people aria-label={t('talks-room.connected')} />
        <figure class="room-own" data-room-own hidden>
          <video class="room-picture" data-room-mirror muted autoplay playsInline />
          <figcaption>{t('talks-room.mirror')}</figcaption>
        </figure>
        <Row>
          <button type="button" class="btn plain" data-room-mute>
            {words.mute}
          </button>
          <button type="button" class="btn plain" data-room-camera>
            {words['camera-on']}
          </button>
          <button type="button" class="btn plain" data-room-again hidden>
            {t('talks-room.again')}
          </button>
          <button type="button" class="btn" data-room-leave>
            {t('talks-room.leave')}
          </button>
        </Row>
      </div>
      <template>
        <li>
          <div class="room-face">
            <bdi data-face aria-hidden="true" />
            <video class="room-picture" data-picture muted autoplay playsInline hidden />
          </div>
          <bdi data-name /> <span class="quiet" data-state />
        </li>
      </template>
    </div>
  )
}
