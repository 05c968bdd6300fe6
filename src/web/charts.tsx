import type { ComponentChildren } from 'preact'
import { useWords } from './words.ts'

/** Short enough to stand beside a drawing; pointing at it and the table under it give the whole. */
function Short({ words, most }: { words: string; most: number }) {
  const letters = [...graphemes.segment(words)]
  if (letters.length <= most) return <>{words}</>
  const kept = letters.slice(0, most - 1).map(({ segment }) => segment)
  return (
    <>
      {`${kept.join('').trimEnd()}…`}
      <title>{words}</title>
    </>
  )
}
const graphemes = new Intl.Segmenter()

/** Words on two lines of `most` letters each, the first as long as whole words allow. */
function inTwo(words: string, most: number): string[] {
  if (words.length <= most) return [words]
  const space = words.lastIndexOf(' ', most)
  return space <= 0 ? [words] : [words.slice(0, space), words.slice(space + 1)]
}
const round = (n: number): number => Math.round(n * 10) / 10
const rowHeight = 26

/** Pictures are wider than small screens: they scroll by themselves, from the end where their scale begins. */
export function ChartScroll({ title, children }: { title: string; children: ComponentChildren }) {
  const t = useWords()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section class="table-scroll" dir="ltr" aria-label={t('common.picture', { title })} tabIndex={0}>
      {children}
    </section>
  )
}

interface Drawing {
  /** What a reader that does not see it is told; the table under it says the rest. */
  label: string
}

/** A small picture is not blown up to the width of the page. */
const narrowest = 640

function Svg({
  label,
  width,
  height,
  more = '',
  children,
}: Drawing & { width: number; height: number; more?: string; children: ComponentChildren }) {
  return (
    <svg
      class={`chart published${more}`}
      viewBox={`0 0 ${Math.max(width, narrowest)} ${height}`}
      role="img"
      aria-label={label}
      direction="ltr"
    >
      {children}
    </svg>
  )
}

export interface MatrixCell {
  n: number
  /** As it is shown. */
  words: string
  /** Somebody contests a part of it: drawn with a broken line. */
  isContested?: boolean
}

/** Rows against columns: the more, the larger the square. */
export function MatrixChart({
  label,
  rows,
  columns,
  at,
}: Drawing & { rows: string[]; columns: string[]; at(row: number, column: number): MatrixCell | undefined }) {
  const [left, top, cell] = [190, 130, 46]
  const most = Math.max(1, ...rows.flatMap((_, y) => columns.map((__, x) => at(y, x)?.n ?? 0)))
  return (
    <Svg label={label} width={left + columns.length * cell + 80} height={top + rows.length * cell + 8} more=" matrix">
      {columns.map((column, x) => (
        <text key={x} transform={`translate(${left + x * cell + cell / 2} ${top - 10}) rotate(-45)`}>
          <Short words={column} most={18} />
        </text>
      ))}
      {rows.map((row, y) => (
        <g key={y}>
          <text x={left - 10} y={top + y * cell + cell / 2 + 4} text-anchor="end">
            <Short words={row} most={24} />
          </text>
          <line class="ruled" x1={left} x2={left + columns.length * cell} y1={top + y * cell} y2={top + y * cell} />
          {columns.map((_, x) => (
            <MatrixSquare
              key={x}
              cell={at(y, x)}
              most={most}
              size={cell}
              x={left + x * cell + cell / 2}
              y={top + y * cell + cell / 2}
            />
          ))}
        </g>
      ))}
    </Svg>
  )
}

function MatrixSquare({
  cell,
  most,
  size,
  x,
  y,
}: {
  cell: MatrixCell | undefined
  most: number
  size: number
  x: number
  y: number
}) {
  if (!cell || cell.n === 0) return null
  const side = round(8 + (size - 10) * Math.sqrt(cell.n / most))
  return (
    <g>
      <rect
        class={cell.isContested ? 'amount contested' : 'amount'}
        x={round(x - side / 2)}
        y={round(y - side / 2)}
        width={side}
        height={side}
      />
      <text class="count" x={x} y={y + 4} text-anchor="middle">
        {cell.words}
      </text>
    </g>
  )
}

export interface TimeRow {
  label: string
  /** One value per stretch of time. */
  values: readonly number[]
}

/** One row of bars per thing, all on one scale; time runs from left to right. `ticks` stand under the last row. */
export function TimeRowsChart({
  label,
  rows,
  ticks,
  top,
}: Drawing & { rows: TimeRow[]; ticks: { at: number; label: string }[]; top(most: number): string }) {
  const [left, height, gap, width] = [190, 56, 20, 640]
  const count = Math.max(1, ...rows.map(({ values }) => values.length))
  const step = width / count
  const most = Math.max(1, ...rows.flatMap(({ values }) => values))
  const bottom = (row: number) => (row + 1) * (height + gap)
  return (
    <Svg label={label} width={left + width + 50} height={bottom(rows.length - 1) + 28}>
      {rows.map((row, y) => (
        <g key={y}>
          <text x={left - 12} y={bottom(y) - 4} text-anchor="end">
            <Short words={row.label} most={26} />
          </text>
          <line class="ruled" x1={left} x2={left + width} y1={bottom(y)} y2={bottom(y)} />
          {row.values.map((n, x) => {
            const tall = round((height * n) / most)
            return n === 0 ? null : (
              <rect
                key={x}
                class="bar"
                x={round(left + x * step)}
                y={round(bottom(y) - tall)}
                width={round(Math.max(1, step - 2))}
                height={tall}
              />
            )
          })}
        </g>
      ))}
      <text x={left + width + 6} y={bottom(0) - height + 6}>
        {top(most)}
      </text>
      <line class="ruled" x1={left} x2={left + width} y1={bottom(0) - height} y2={bottom(0) - height} />
      {ticks.map((tick) => (
        <text
          key={tick.at}
          x={round(left + (tick.at + 0.5) * step)}
          y={bottom(rows.length - 1) + 20}
          text-anchor="middle"
        >
          {tick.label}
        </text>
      ))}
    </Svg>
  )
}

const marks = [1, 7, 30, 365, 3650]

export interface QuartileRow {
  label: string
  quartiles: readonly [number, number, number]
  /** Of how many. */
  words: string
}

/** Middle half and median of days, on a scale that shows days and years alike. */
export function QuartilesChart({ label, rows, days }: Drawing & { rows: QuartileRow[]; days(count: number): string }) {
  const [left, width] = [190, 600]
  const far = Math.log10(Math.max(3650, ...rows.map(({ quartiles }) => quartiles[2])) + 1)
  const x = (count: number) => round(left + (width * Math.log10(count + 1)) / far)
  const height = rows.length * rowHeight + 46
  return (
    <Svg label={label} width={left + width + 70} height={height}>
      {marks.map((count) => (
        <g key={count}>
          <line class="ruled" x1={x(count)} x2={x(count)} y1={6} y2={height - 30} />
          <text x={x(count)} y={height - 10} text-anchor="middle">
            {days(count)}
          </text>
        </g>
      ))}
      {rows.map(({ label: name, quartiles: [low, middle, high], words }, row) => {
        const y = 22 + row * rowHeight
        return (
          <g key={row}>
            <text x={left - 12} y={y + 4} text-anchor="end">
              <Short words={name} most={26} />
            </text>
            <line class="half" x1={x(low)} x2={Math.max(x(high), x(low) + 1)} y1={y} y2={y} />
            <circle class="median" cx={x(middle)} cy={y} r={6} />
            <text x={left + width + 8} y={y + 4}>
              {words}
            </text>
          </g>
        )
      })}
    </Svg>
  )
}

export interface BarRow {
  label: string
  n: number
  /** The part of it that is drawn darker; all of it unless given. */
  part?: number
  words: string
}

/** Bars from one line, each with its number. */
export function BarsChart({ label, rows }: Drawing & { rows: BarRow[] }) {
  const [left, width] = [210, 540]
  const most = Math.max(1, ...rows.map(({ n }) => n))
  return (
    <Svg label={label} width={left + width + 110} height={rows.length * rowHeight + 8}>
      {rows.map(({ label: name, n, part, words }, row) => {
        const y = 4 + row * rowHeight
        return (
          <g key={row}>
            <text x={left - 12} y={y + 16} text-anchor="end">
              <Short words={name} most={28} />
            </text>
            {part !== undefined && (
              <rect class="bar all" x={left} y={y + 4} width={round((width * n) / most)} height={16} />
            )}
            <rect class="bar" x={left} y={y + 4} width={round((width * (part ?? n)) / most)} height={16} />
            <text x={left + round((width * n) / most) + 8} y={y + 17}>
              {words}
            </text>
          </g>
        )
      })}
    </Svg>
  )
}

export interface Tile {
  row: number
  column: number
  label: string
  n: number
  words: string
}

/** Tiles on a grid: a place each, no land and no border. The more, the larger the square within the tile. */
export function TilesChart({ label, tiles }: Drawing & { tiles: Tile[] }) {
  const [wide, tall] = [124, 92]
  const most = Math.max(1, ...tiles.map(({ n }) => n))
  const far = (name: 'row' | 'column') => Math.max(0, ...tiles.map((tile) => tile[name])) + 1
  return (
    <Svg label={label} width={far('column') * wide} height={far('row') * tall} more=" tiles">
      {tiles.map(({ row, column, label: name, n, words }) => {
        const [x, y] = [column * wide, row * tall]
        const side = n === 0 ? 0 : round(10 + 32 * Math.sqrt(n / most))
        return (
          <g key={`${row} ${column}`}>
            <rect class="tile" x={x + 3} y={y + 3} width={wide - 6} height={tall - 6} />
            {n > 0 && (
              <rect
                class="amount"
                x={round(x + wide / 2 - side / 2)}
                y={round(y + 62 - side / 2)}
                width={side}
                height={side}
              />
            )}
            {inTwo(name, 20).map((line, at) => (
              <text key={at} class="name" x={x + wide / 2} y={y + 18 + at * 13} text-anchor="middle">
                <Short words={line} most={21} />
              </text>
            ))}
            <text class="count" x={x + wide / 2} y={y + 66} text-anchor="middle">
              {words}
            </text>
          </g>
        )
      })}
    </Svg>
  )
}

export interface Lane {
  label: string
  /** Moments or stretches, as shares of the whole from 0 to 1. */
  marks: readonly { from: number; until?: number; isOpen?: boolean }[]
}

/** Lanes over one stretch of time, with what happened in each. */
export function LanesChart({ label, lanes, ends }: Drawing & { lanes: Lane[]; ends: [string, string] }) {
  const [left, width] = [210, 600]
  const x = (share: number) => round(left + 8 + (width - 16) * share)
  const foot = lanes.length * rowHeight + 8
  return (
    <Svg label={label} width={left + width + 20} height={foot + 26} more=" lanes">
      {lanes.map((lane, row) => {
        const y = 4 + row * rowHeight + rowHeight / 2
        return (
          <g key={row}>
            <text x={left - 10} y={y + 4} text-anchor="end">
              <Short words={lane.label} most={28} />
            </text>
            <line class="ruled" x1={left} x2={left + width} y1={y} y2={y} />
            {lane.marks.map(({ from, until, isOpen }, at) =>
              until === undefined ? (
                <circle key={at} class="bar" cx={x(from)} cy={y} r={5} />
              ) : (
                <rect
                  key={at}
                  class={isOpen ? 'bar all' : 'bar'}
                  x={x(from)}
                  y={y - 6}
                  width={Math.max(3, round(x(until) - x(from)))}
                  height={12}
                />
              ),
            )}
          </g>
        )
      })}
      <text x={left} y={foot + 18}>
        {ends[0]}
      </text>
      <text x={left + width} y={foot + 18} text-anchor="end">
        {ends[1]}
      </text>
    </Svg>
  )
}
