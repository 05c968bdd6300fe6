import { hostChangedBody } from '../../../protocol/index.ts'
import type { ActDefinition } from '../../../core/module/types.ts'

export const hostChanged = 'space.host-changed'

/** The log itself projects it; people draft and release it as any other act. */
export const hostChangedAct: ActDefinition = {
  type: hostChanged,
  body: hostChangedBody,
  kinds: ['directory', 'case', 'channel', 'negotiation', 'forum', 'exercise', 'collection', 'bulletin'],
  who: 'the present host, or more than half of the members with the same body',
  requires: 'the new host has posted the same body',
  effect: 'the same tree goes on under the new host’s origin and key',
  release: 'two-person',
  technical: true,
}
