import type { ActFace, FaceProps } from '../../../core/module/types.ts'
import { Pairs } from '../../../web/index.ts'
import { hostChanged } from '../ordering/host-changed-act.ts'
import { consequences } from '../ordering/ordering-words.ts'
import type { HostChange } from '../ordering/standing.ts'

type Props = FaceProps<HostChange>

function sentence({ shown, services, t, language }: Props): string {
  const { space, act, content } = shown
  const party = services.nameOf(act.statement.author, language)
  const to = content?.body?.host.party
  if (to === undefined) return t('spaces.record.space-host-changed', { party })
  const facts = { party, to: services.nameOf(to, language), host: services.nameOf(space.host, language) }
  return t(to === act.statement.author ? 'spaces.ordering.offers' : 'spaces.ordering.wants', facts)
}

function HostDocument(props: Props) {
  const { shown, services, t, language } = props
  const { space } = shown
  const members = space.members.filter(({ until }) => until === undefined).map(({ party }) => party)
  const needed = Math.floor(members.length / 2) + 1
  return (
    <>
      <p>{sentence(props)}</p>
      <Pairs items={consequences({ host: space.host, members, needed }, space, { services, t, language })} />
    </>
  )
}

/** Who is to order the space, in the words that all members read. */
export const hostFace: ActFace<HostChange> = {
  type: hostChanged,
  form: (t) => t('spaces.ordering.form'),
  headline: sentence,
  Document: HostDocument,
}
