import type { Drawing, Drawn } from './drawn.ts'
import { drawDelays } from './draw-delays.tsx'
import { drawKinds, drawRegions } from './draw-kinds.tsx'
import { drawResponses } from './draw-responses.tsx'
import { drawTargets } from './draw-targets.tsx'
import { drawTimes } from './draw-times.tsx'

/** Every picture of many incidents, by its place in addresses. */
export const pictures = {
  kinds: drawKinds,
  targets: drawTargets,
  regions: drawRegions,
  times: drawTimes,
  delays: drawDelays,
  responses: drawResponses,
} satisfies Record<string, (drawing: Drawing) => Promise<Drawn>>

export type PictureName = keyof typeof pictures
export const pictureNames = Object.keys(pictures) as PictureName[]
