import type { Translate } from '../../../text/index.ts'
import type { PartnerNetwork, Tie } from '../network.ts'

interface Props {
  network: PartnerNetwork
  nameOf(party: string): string
  t: Translate
}

const sideways = 230
const above = 40
const keyHeight = 104
/** Lines of two parties lie beside each other, so many units apart. */
const apart = 6

interface Point {
  x: number
  y: number
}

/** Parties on a circle, ourselves at the top; one line for channels, one for agreements, one for checks. */
export function NetworkPicture({ network, nameOf, t }: Props) {
  const drawn = network.parties.filter(
    (party, at) => at === 0 || network.ties.some(({ parties }) => parties.includes(party)),
  )
  const radius = Math.max(120, drawn.length * 9)
  const height = 2 * (radius + above)
  const width = 2 * (radius + sideways)
  const points = new Map(drawn.map((party, at) => [party, pointOf(at, drawn.length, radius)]))
  return (
    <svg
      class="chart network"
      viewBox={`0 0 ${width} ${height + keyHeight}`}
      role="img"
      aria-label={t('confidence.network.picture')}
      direction="ltr"
    >
      {network.ties.map((tie) => (
        <TieLines key={tie.parties.join(' ')} tie={tie} points={points} />
      ))}
      {drawn.map((party, at) => (
        <Party
          key={party}
          name={nameOf(party)}
          isOurs={at === 0}
          point={points.get(party) as Point}
          middle={width / 2}
        />
      ))}
      {kinds.map((kind, at) => (
        <g key={kind}>
          <line
            class={`tie ${kind}`}
            x1={sideways}
            x2={sideways + 60}
            y1={height + 20 + at * 26}
            y2={height + 20 + at * 26}
          />
          <text x={sideways + 74} y={height + 24 + at * 26}>
            {t(`confidence.network.${kind}`)}
          </text>
        </g>
      ))}
    </svg>
  )

  function pointOf(at: number, of: number, r: number): Point {
    const angle = (2 * Math.PI * at) / of - Math.PI / 2
    return { x: round(width / 2 + r * Math.cos(angle)), y: round(above + r + r * Math.sin(angle)) }
  }
}

const kinds = ['channels', 'agreements', 'checks'] as const

const round = (n: number): number => Math.round(n * 10) / 10

function TieLines({ tie, points }: { tie: Tie; points: ReadonlyMap<string, Point> }) {
  const [from, to] = tie.parties.map((party) => points.get(party))
  if (!from || !to) return null
  const present = { channels: tie.channels.length, agreements: tie.agreements, checks: tie.checks }
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const across = { x: (from.y - to.y) / length, y: (to.x - from.x) / length }
  return (
    <g>
      {kinds.map((kind, at) => {
        if (present[kind] === 0) return null
        const shift = (at - 1) * apart
        return (
          <line
            key={kind}
            class={`tie ${kind}`}
            x1={round(from.x + across.x * shift)}
            y1={round(from.y + across.y * shift)}
            x2={round(to.x + across.x * shift)}
            y2={round(to.y + across.y * shift)}
          />
        )
      })}
    </g>
  )
}

interface PartyProps {
  name: string
  isOurs: boolean
  point: Point
  middle: number
}

function Party({ name, isOurs, point: { x, y }, middle }: PartyProps) {
  const isMiddle = Math.abs(x - middle) < 1
  const anchor = isMiddle ? 'middle' : x > middle ? 'start' : 'end'
  const dx = isMiddle ? 0 : x > middle ? 16 : -16
  const dy = isMiddle ? (isOurs ? -18 : 28) : 4
  return (
    <g>
      <circle class={isOurs ? 'party ours' : 'party'} cx={x} cy={y} r={9} />
      <text x={x + dx} y={y + dy} text-anchor={anchor}>
        {name}
      </text>
    </g>
  )
}
