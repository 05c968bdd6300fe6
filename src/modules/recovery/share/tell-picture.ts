import { sha256 } from '../../../protocol/index.ts'
import type { Stretch } from '../../incidents/index.ts'
import type { PictureWords, SharedBody, ToldService } from '../acts.ts'
import type { RecoveryPlan, Service } from '../plan/read-plans.ts'

/** Id of a service in one space: others cannot tell by it that two spaces speak of the same. */
export function keyIn(space: string, service: string): string {
  const bytes = sha256(new TextEncoder().encode(`recovery ${space} ${service}`))
  return Buffer.from(bytes).toString('hex').slice(0, 32)
}

/**
 * What a plan says of chosen services to the other members of a space. Owners, operators, targets, and who said what on
 * which ground have no place in it.
 *
 * @param plan - Read for the marking it leaves under: nothing narrower was reckoned with.
 */
export function tellPicture(
  { services, now }: Pick<RecoveryPlan, 'services' | 'now'>,
  { space, chosen, words = [] }: { space: string; chosen: readonly string[]; words?: readonly string[] },
): { body: SharedBody; text: PictureWords } {
  const told = services.filter(({ id }) => chosen.includes(id))
  const keys = new Map(told.map(({ id }) => [id, keyIn(space, id)]))
  return {
    body: { asOf: now, services: told.map((one) => tellService(one, keys)) },
    text: {
      names: Object.fromEntries(told.map(({ id, content }) => [keys.get(id) ?? id, content.name])),
      paragraphs: [...words],
    },
  }
}

function tellService({ id, course, outlook, content }: Service, keys: ReadonlyMap<string, string>): ToldService {
  const { expected, notBefore } = outlook ?? {}
  return {
    key: keys.get(id) ?? id,
    ...(course && { state: course.state, outSince: whole(course.began.at), since: whole(course.since) }),
    ...(course?.backSince && { backSince: whole(course.backSince) }),
    ...(notBefore !== undefined && { notBefore }),
    ...(expected !== undefined && { expected }),
    needs: content.needs.flatMap((need) => keys.get(need) ?? []).toSorted(),
  }
}

const whole = ({ from, until }: Stretch): Stretch => ({
  ...(from !== undefined && { from }),
  ...(until !== undefined && { until }),
})
