import type { Visit } from '../../../core/module/types.ts'
import { direction } from '../../../text/index.ts'
import { levels } from '../plan/outlook.ts'
import type { RecoveryPlan } from '../plan/read-plans.ts'
import { stateWords } from './words.ts'

const [wide, high, gapX, gapY, edge] = [168, 46, 56, 18, 8]
/** A line that passes other services goes round under them. */
const bow = 56
const short = (words: string, most: number): string => (words.length > most ? `${words.slice(0, most - 1)}…` : words)

/** What needs what: each service stands behind all it needs; a strong line is one it waits on. The table says the same. */
export function DependencyPicture({ visit, plan }: { visit: Visit; plan: RecoveryPlan }) {
  const { services } = plan
  if (!services.some(({ content }) => content.needs.length > 0)) return null
  const level = levels(services.map(({ id, content }) => ({ id, needs: content.needs })))
  const columns = [...Map.groupBy(services, ({ id }) => level.get(id) ?? 0)].toSorted(([a], [b]) => a - b)
  const width = columns.length * (wide + gapX) - gapX + 2 * edge
  const height = Math.max(...columns.map(([, list]) => list.length)) * (high + gapY) - gapY + 2 * edge + 20
  const near = direction(visit.language) === 'rtl'
  const places = new Map(
    columns.flatMap(([, list], column) =>
      list.map(({ id }, row) => {
        const x = edge + column * (wide + gapX)
        return [id, { x: near ? width - x - wide : x, y: edge + row * (high + gapY) }] as const
      }),
    ),
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section class="table-scroll" aria-label={visit.t('recovery.picture.needs')} tabIndex={0}>
      <svg
        class="chart published severity"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={visit.t('recovery.picture.needs')}
        direction="ltr"
      >
        {services.flatMap(({ id, content, outlook }) => {
          const to = places.get(id)
          return content.needs.flatMap((need) => {
            const from = places.get(need)
            if (!from || !to) return []
            const waits = outlook?.blockers.includes(need)
            const [x1, x2] = near ? [from.x, to.x + wide] : [from.x + wide, to.x]
            const [y1, y2] = [from.y + high / 2, to.y + high / 2]
            const isFar = (level.get(id) ?? 0) - (level.get(need) ?? 0) > 1
            const [c1, c2] = isFar ? [y1 + bow, y2 + bow] : [y1, y2]
            return [
              <path
                key={`${id} ${need}`}
                class={waits ? 'cut' : 'ruled'}
                fill="none"
                stroke-width={waits ? 2.5 : 1}
                d={`M${x1} ${y1}C${(x1 + x2) / 2} ${c1} ${(x1 + x2) / 2} ${c2} ${x2} ${y2}`}
              />,
            ]
          })
        })}
        {services.map((one) => {
          const place = places.get(one.id)
          if (!place) return null
          const middle = place.x + wide / 2
          return (
            <g key={one.id}>
              <rect
                class={one.standing === 'not-enough' ? 'amount' : 'room'}
                x={place.x}
                y={place.y}
                width={wide}
                height={high}
              />
              <text x={middle} y={place.y + 19} text-anchor="middle">
                {short(one.content.name, 24)}
              </text>
              <text x={middle} y={place.y + 37} text-anchor="middle">
                {short(stateWords(visit, one), 26)}
              </text>
            </g>
          )
        })}
      </svg>
    </section>
  )
}
