import type { ComponentChildren } from 'preact'
import { useContext } from 'preact/hooks'
import type { Marking } from '../protocol/types.ts'
import { direction as directionOf, formatDateTime, formatTime, isolate } from '../text/index.ts'
import { PageLanguage, useWords } from './words.ts'

/** Register number or reference, in the monospaced face. */
export function Reg({ text, children }: { text?: string; children?: ComponentChildren }) {
  return <p class="reg">{text === undefined ? children : <bdi>{text}</bdi>}</p>
}

/** A register's digits as they are read out: four groups to a line, from left to right in every language. */
export function Fingerprint({ digits }: { digits: string }) {
  return (
    <p class="reg fingerprint" dir="ltr">
      {digits}
    </p>
  )
}

/** Short facts, one to a line. Items without detail are left out. */
export function Pairs({
  items,
}: {
  items: ({ term: ComponentChildren; detail: ComponentChildren } | undefined | false)[]
}) {
  const shown = items.filter((i) => i !== undefined && i !== false)
  if (shown.length === 0) return null
  return (
    <dl class="pairs">
      {shown.map(({ term, detail }, i) => [<dt key={`t${i}`}>{term}</dt>, <dd key={`d${i}`}>{isolated(detail)}</dd>])}
    </dl>
  )
}

/** Words of either direction, kept from turning their neighbours round. */
export const isolated = (content: ComponentChildren): ComponentChildren =>
  typeof content === 'string' ? <Isolated text={content} /> : content

/** A name runs as its script does; a sentence of the page runs as the page does, also where it begins with a name. */
function Isolated({ text }: { text: string }) {
  const language = useContext(PageLanguage)
  return <bdi dir={text.includes(isolate('')[0] ?? '') ? directionOf(language) : undefined}>{text}</bdi>
}

/** `due`: running. `late`: a duty that was agreed or is law ran out. `done`: met. `open`: unanswered, owed by nobody. */
export type ClockLook = 'due' | 'late' | 'done' | 'open'

const looks: Record<string, ClockLook> = {
  due: 'due',
  late: 'late',
  done: 'done',
  open: 'open',
  running: 'due',
  met: 'done',
  'met-late': 'done',
  overdue: 'late',
  unanswered: 'open',
  cancelled: 'open',
}

/** State of a clock in words; the colour only repeats them. Takes the states of clocks or the four looks. */
export function ClockChip({ state, text }: { state: string; text: ComponentChildren }) {
  return <span class={`clock ${looks[state] ?? 'open'}`}>{text}</span>
}

/** `TLP:AMBER`, FIRST's colours on black; PAP, classification and caveats beside it. */
export function TlpLabel({ marking }: { marking: Marking }) {
  const t = useWords()
  const colour = marking.tlp === 'AMBER+STRICT' ? 'amber' : marking.tlp.toLowerCase()
  return (
    <span class="marking" dir="ltr">
      <span class={`tlp ${colour}`} title={t('frame.tlp-title', { label: marking.tlp })}>{`TLP:${marking.tlp}`}</span>
      {marking.pap && <span class={`tlp pap ${marking.pap.toLowerCase()}`}>{`PAP:${marking.pap}`}</span>}
      {marking.class && <span class="class-label">{marking.class}</span>}
      {marking.caveats?.map((caveat) => (
        <span key={caveat} class="class-label">
          {caveat}
        </span>
      ))}
    </span>
  )
}

/** The words of a marking, for print lines and titles. */
export function markingText(marking: Marking): string {
  return [`TLP:${marking.tlp}`, marking.pap && `PAP:${marking.pap}`, marking.class, ...(marking.caveats ?? [])]
    .filter(Boolean)
    .join(' · ')
}

/** How final an act is, zero to four full dots; the sentence says the same in words. */
export function Finality({ level, text }: { level: 1 | 2 | 3 | 4; text: ComponentChildren }) {
  return (
    <p class="finality">
      <span class="dots" aria-hidden="true">
        {'●'.repeat(level)}
        {'○'.repeat(4 - level)}
      </span>{' '}
      {text}
    </p>
  )
}

export interface TimeProps {
  ms: number
  zone?: string
  language: string
  /** The other side's time beside it, under its own name. */
  other?: { ms?: number; zone: string; label: string }
  seconds?: boolean
  short?: boolean
}

/** A moment, absolute, in the reader's zone; machine-readable in UTC. */
export function Time({ ms, zone, language, other, seconds, short }: TimeProps) {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return null
  return (
    <span class="moment">
      <time dateTime={new Date(ms).toISOString()}>{formatDateTime(ms, zone, language, { seconds, short })}</time>
      {other && ' · '}
      {other && (
        <bdi class="quiet other-time">
          {formatTime(other.ms ?? ms, other.zone, language, { zoneLabel: true })} {other.label}
        </bdi>
      )}
    </span>
  )
}
