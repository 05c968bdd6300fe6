import { clockLapsedBody } from '../../protocol/index.ts'
import type { ActDefinition } from '../module/types.ts'
import { recordLapse } from './projection.ts'

/** `clock.lapsed`: a party puts on record that a deadline passed unmet. Belongs to no module: every duty can lapse. */
export const lapsedAct: ActDefinition = {
  type: 'clock.lapsed',
  body: clockLapsedBody,
  kinds: ['case', 'channel', 'forum', 'negotiation', 'exercise', 'directory', 'collection', 'bulletin'],
  who: 'any member',
  requires: 'an agreed or legal deadline that has passed, not met, not withdrawn, not on record as lapsed',
  effect: 'the expiry is on the record',
  clock: 'marks the clock it names',
  release: 'direct',
  project: recordLapse,
}
