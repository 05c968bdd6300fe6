import { type AdmissionState, cosignCheckpoint, hostAt, isMemberAt, splitNote } from '../../../protocol/index.ts'
import { cosignerKeyOf } from '../signers.ts'
import type { SpaceState } from '../space-state.ts'
import type { CosigningContext } from './context.ts'
import { readLine } from './take-lines.ts'

/** A member's line as it is stored. `time` in ms. */
export interface MemberLine {
  party: string
  time: number
  line: string
}

/**
 * Our line on a checkpoint that is about to be stored with the payloads of its new entries. Undefined where we did not
 * cosign what came before: then {@link cosignHead} has to look first what is here.
 */
export function ownLineAlong(
  { identity, clock, gate }: Pick<CosigningContext, 'identity' | 'clock' | 'gate'>,
  before: SpaceState | undefined,
  { admission, note }: { admission: AdmissionState; note: string },
): MemberLine | undefined {
  const { party } = identity
  const { space, size } = admission
  if (!before?.cosigned || gate.isShut(space) || !isMemberAt(admission, party, size)) return undefined
  const seconds = Math.floor(clock.now() / 1000)
  const key = cosignerKeyOf(identity, admission)
  return { party, time: seconds * 1000, line: cosignCheckpoint(note, { name: party, key }, seconds) }
}

/** Lines of members that came on a checkpoint, those that verify. */
export function memberLinesOn(admission: AdmissionState, note: string): MemberLine[] {
  const { body, lines } = splitNote(note)
  const { size } = admission
  const host = hostAt(admission, size).origin
  return lines
    .filter(({ name }) => name !== host)
    .flatMap(({ text }) => readLine(admission, { body, size }, `${text}\n`) ?? [])
}
