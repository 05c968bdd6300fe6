import type { ActFace, FaceProps } from '../../../core/module/types.ts'
import { hostFace } from './host-face.tsx'
import { formatDateTime } from '../../../text/index.ts'

/** Acts of the space itself. They are record-keeping: a sentence says what each did. */
const recordKeeping = [
  'space.opened',
  'space.member-admitted',
  'space.member-left',
  'space.keys-changed',
  'space.tender-recorded',
  'space.payload-erased',
  'space.erasure-confirmed',
  'space.history-granted',
  'space.closed',
  'drill.clock-set',
  'clock.lapsed',
  'register.founded',
  'register.rotated',
  'register.revoked',
  'register.recovered',
  'register.anchored',
  'spaces.policy-set',
] as const

const sentence = ({ shown, services, viewer, t, language }: FaceProps, type: string): string => {
  const body = (shown.content?.body ?? {}) as {
    scenario?: number
    rate?: number
    member?: { party?: string }
    party?: string
    to?: string
  }
  const subject = body.member?.party ?? body.party ?? body.to
  return t(`spaces.record.${type.replace('.', '-')}`, {
    party: services.nameOf(shown.act.statement.author, language),
    subject: subject === undefined ? '' : services.nameOf(subject, language),
    time: formatDateTime(body.scenario ?? shown.act.time, viewer.person.zone, language),
    rate: body.rate ?? 1,
  })
}

const faceOf = (type: string): ActFace => ({
  type,
  form: (t) => t('spaces.record.form'),
  headline: (props) => sentence(props, type),
  Document: (props) => <p>{sentence(props, type)}</p>,
})

export const spaceFaces: readonly ActFace[] = [...recordKeeping.map(faceOf), hostFace]
