import type { Visit } from '../../../core/module/types.ts'
import { direction } from '../../../text/index.ts'
import { type Corner, corners, edges, endsOf } from './places.ts'
import { type Diamond, doubtsOf, standingAt } from './read-diamonds.ts'

const [width, height, wide, high] = [680, 430, 216, 74]
/** Middles of the four boxes; the technical corners lie on one axis, who and whom on the other. */
const middles: Record<Corner, { x: number; y: number }> = {
  adversary: { x: width / 2, y: 45 },
  infrastructure: { x: wide / 2 + 8, y: height / 2 },
  capability: { x: width - wide / 2 - 8, y: height / 2 },
  victim: { x: width / 2, y: height - 45 },
}
const short = (words: string, most: number): string => (words.length > most ? `${words.slice(0, most - 1)}…` : words)

/**
 * The four corners with what stands there and the lines that join them: whole where something was placed at the edge,
 * broken where nothing was. The table beneath says the same.
 */
export function DiamondPicture({ visit, diamond }: { visit: Visit; diamond: Diamond }) {
  const { t } = visit
  const near = direction(visit.language) === 'rtl'
  const at = (corner: Corner) => {
    const { x, y } = middles[corner]
    return { x: near ? width - x : x, y }
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section class="table-scroll" aria-label={t('frame.scrolls', { caption: t('diamond.picture') })} tabIndex={0}>
      <svg
        class="chart published diamond"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={t('diamond.picture')}
        direction="ltr"
      >
        {edges.map((edge) => {
          const [from, to] = endsOf(edge).map(at)
          const isSupported = standingAt(diamond, edge).length > 0
          return (
            <line
              key={edge}
              class={isSupported ? 'cut' : 'ruled'}
              stroke-width={isSupported ? 2.5 : 1}
              stroke-dasharray={isSupported ? undefined : '4 5'}
              {...{ x1: from?.x, y1: from?.y, x2: to?.x, y2: to?.y }}
            />
          )
        })}
        {corners.map((corner) => {
          const standing = standingAt(diamond, corner)
          const { x, y } = at(corner)
          const [first] = standing
          const words = first ? short(first.item.words, 24) : t('diamond.unknown')
          return (
            <g key={corner}>
              <rect
                class={
                  first
                    ? `amount${standing.some((one) => doubtsOf(one).includes('contested')) ? ' contested' : ''}`
                    : 'room'
                }
                stroke-dasharray={first ? undefined : '4 5'}
                x={x - wide / 2}
                y={y - high / 2}
                width={wide}
                height={high}
              />
              <text x={x} y={y - 16} text-anchor="middle" class="corner">
                {t(`diamond.place.${corner}`)}
              </text>
              <text x={x} y={y + 6} text-anchor="middle">
                {words}
              </text>
              {standing.length > 1 && (
                <text x={x} y={y + 26} text-anchor="middle">
                  {t('diamond.more', { count: standing.length - 1 })}
                </text>
              )}
            </g>
          )
        })}
      </svg>
    </section>
  )
}
