import { clearLabels, labelHeight, labelWidth, spreadLabels } from '../../../web/index.ts'

/** One moment of the course: how the ranking stood. */
export interface CourseStop {
  label: string
  /** Hypothesis → weighted inconsistency; what was not ranked then is not in it. */
  points: ReadonlyMap<string, number>
}

/** A text of the chart, by the box it takes. */
export interface LabelBox {
  words: string
  x: number
  y: number
  width: number
  height: number
}

interface CourseLine {
  hypothesis: string
  points: { x: number; y: number }[]
  label: LabelBox
}

export interface CourseLayout {
  width: number
  height: number
  axis: { left: number; right: number; top: number; bottom: number }
  /** Numbers of the scale and names of the moments. */
  ticks: LabelBox[]
  lines: CourseLine[]
}

const width = 640
const [left, right, top] = [64, 540, 28]
/** Of the drawing itself; names of many hypotheses make it taller. */
const least = 208
/** Between a line and its name. */
const gap = 18

/** Where lines and words of the course stand: no two words touch, however many hypotheses and assessments there are. */
export function layCourse(
  hypotheses: readonly { id: string; label: string }[],
  stops: readonly CourseStop[],
): CourseLayout {
  const ranked = hypotheses.filter(({ id }) => stops.some(({ points }) => points.has(id)))
  const bottom = top + Math.max(least, ranked.length * labelHeight)
  const most = Math.max(1, ...stops.flatMap(({ points }) => [...points.values()]))
  const x = (stop: number) => left + ((right - left) * stop) / Math.max(1, stops.length - 1)
  const y = (points: number) => top + ((bottom - top) * points) / most
  const drawn = ranked.map(({ id, label }, at) => ({
    hypothesis: id,
    label,
    // Lines that lie on one another are set apart by a few units so that both can be seen.
    points: stops.flatMap(({ points }, stop) => {
      const found = points.get(id)
      return found === undefined ? [] : [{ x: x(stop), y: y(found) + (at % 5) * 3 - 6 }]
    }),
  }))
  const wishes = drawn.map(({ points }) => ({ at: points.at(-1)?.y ?? top, size: labelHeight }))
  const places = spreadLabels(wishes, { from: top - labelHeight / 2, until: bottom + labelHeight / 2 })
  return {
    ...{ width: Math.max(width, right + gap + Math.max(0, ...drawn.map(({ label }) => labelWidth(label)))) },
    ...{ height: bottom + 44, axis: { left, right, top, bottom } },
    ticks: [...scale(most, bottom), ...moments(stops, x, bottom)],
    lines: drawn.map(({ label, ...line }, at) => ({
      ...line,
      label: { ...boxOf(label), x: right + gap, y: (places[at] ?? top) - labelHeight / 2 },
    })),
  }
}

const boxOf = (words: string) => ({ words, width: labelWidth(words), height: labelHeight })

function scale(most: number, bottom: number): LabelBox[] {
  return [
    { words: '0', at: top },
    { words: String(most), at: bottom },
  ].map(({ words, at }) => {
    const box = boxOf(words)
    return { ...box, x: left - 10 - box.width, y: at - labelHeight / 2 }
  })
}

/** As many moments are named as there is room for, the last always. */
function moments(stops: readonly CourseStop[], x: (stop: number) => number, bottom: number): LabelBox[] {
  const kept = clearLabels(stops.map(({ label }, at) => ({ at: x(at), size: labelWidth(label) + 4 })))
  return stops.flatMap(({ label }, at) => {
    const box = boxOf(label)
    return kept.has(at) ? [{ ...box, x: x(at) - box.width / 2, y: bottom + 14 }] : []
  })
}
