import { edges, type Press, pageSize } from './press.ts'

/** A press that draws nothing and counts its pages. */
export interface Measure extends Press {
  pages(): number
}

export function createMeasure(): Measure {
  const bottom = pageSize.height - edges.foot
  let y = edges.head
  let pages = 1
  const measure: Measure = {
    left: edges.side,
    width: pageSize.width - 2 * edges.side,
    headAt: 0,
    footAt: 0,
    pages: () => pages,
    y: () => y,
    moveTo: (to) => {
      y = to
    },
    gap: (height) => {
      y += height
    },
    keep: (height) => {
      if (y + height > bottom && y > edges.head) measure.newPage()
    },
    newPage: () => {
      pages += 1
      y = edges.head
    },
    rule() {},
    line() {},
    tagged: (_tag, _said, draw) => {
      measure.keep(0)
      draw()
    },
    within: (_tag, draw) => draw(),
    onEveryPage() {},
    end: () => Promise.reject(new Error('a measure makes no file')),
  }
  return measure
}
