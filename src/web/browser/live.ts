import { followAnchor } from './live/follow-anchor.ts'
import { keepLive } from './live/keep-live.ts'

keepLive(document)
followAnchor(document)
