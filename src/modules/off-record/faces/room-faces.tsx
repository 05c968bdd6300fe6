import type { ActAction, ActFace, FaceProps, Services, ShownAct } from '../../../core/module/types.ts'
import { formatDateTime, formatDuration, formatList } from '../../../text/index.ts'
import { ClockChip } from '../../../web/index.ts'
import { hasJoined, listRooms, partiesOf, type Room } from '../rooms.ts'

interface OpenedBody {
  with: string[]
  keepHours: number
  until: number
}
type Props = FaceProps<OpenedBody> & { facts?: Room }

const addressOf = ({ shown }: Pick<Props, 'shown'>) => `/spaces/${shown.space.id}/off-record/${shown.act.hash}`

async function loadRooms(services: Services, acts: ShownAct[]): Promise<Map<string, Room>> {
  const rooms = await listRooms(services, { hashes: acts.map((one) => one.act.hash) })
  return new Map(rooms.map((room) => [room.hash, room]))
}

export const roomOpenedFace: ActFace<OpenedBody> = {
  type: 'off-record.room-opened',
  form: (t) => t('off-record.form'),
  headline: ({ shown, services, t, language }) =>
    t('off-record.headline', {
      parties: formatList(
        (shown.content?.body?.with ?? []).map((party) => services.nameOf(party, language)),
        language,
      ),
    }),
  load: loadRooms,
  Document({ shown, services, t, language, viewer }: Props) {
    const body = shown.content?.body
    if (!body) return null
    const names = body.with.map((party) => services.signedNameOf(party, language))
    return (
      <>
        <p>
          {t('off-record.sentence', {
            opener: services.signedNameOf(shown.act.statement.author, language),
            parties: formatList(names, language),
          })}
        </p>
        <p>
          {t('off-record.rule-sentence', {
            keep: formatDuration(body.keepHours * 3_600_000, language),
            until: formatDateTime(body.until, viewer.person.zone, language),
          })}
        </p>
        <p>{t('off-record.meaning')}</p>
      </>
    )
  },
  async margin({ services, t, language, facts }: Props) {
    if (!facts) return null
    if (facts.closed_at !== null) return <ClockChip state="met" text={t('off-record.closed')} />
    const missing = facts.with_parties.filter((party: string) => !hasJoined(facts, party))
    if (missing.length === 0) return <ClockChip state="met" text={t('off-record.all-joined')} />
    const names = missing.map((party: string) => services.nameOf(party, language))
    return <ClockChip state="running" text={t('off-record.waits-for', { parties: formatList(names, language) })} />
  },
  async actions(props: Props): Promise<ActAction[]> {
    const { facts, services } = props
    if (!facts || !partiesOf(facts).includes(services.party)) return []
    return [
      { label: 'off-record.action.enter', method: 'GET', href: addressOf(props), primary: facts.closed_at === null },
    ]
  },
}

function sentenceFace(type: string, name: string): ActFace {
  return {
    type,
    form: (t) => t(`off-record.${name}.form`),
    headline: ({ t }) => t(`off-record.${name}.headline`),
    Document: ({ shown, services, t, language }) => (
      <p>{t(`off-record.${name}.sentence`, { party: services.signedNameOf(shown.act.statement.author, language) })}</p>
    ),
  }
}

export const roomJoinedFace = sentenceFace('off-record.room-joined', 'joined')
export const roomClosedFace = sentenceFace('off-record.room-closed', 'ended')
