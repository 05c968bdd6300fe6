import type { SchemeInput, SeverityScheme } from './scheme.ts'

/** Question → chosen answer. */
export type SeverityAnswers = Readonly<Record<string, string>>

/** What one question adds. */
export interface Contribution {
  input: string
  choice?: string
  points?: number
  weight?: number
  counts: SchemeInput['counts']
  /** Part of the figure; under `highest`, its points. None where it is not answered or only noted. */
  part?: number
  /** Most it could add with the other answers as they are. */
  most: number
  /** Of `highest`: no answer is graver. */
  decides?: boolean
}

export interface ComputedSeverity {
  /** Undefined while a question that counts is not answered. */
  figure?: number
  level?: string
  /** What the figure can still be, by the answers that are there. */
  range: { from: number; to: number; lowest: string; highest: string }
  /** Greatest figure of the scheme. */
  most: number
  contributions: Contribution[]
  /** Questions that count and are not answered. */
  missing: string[]
}

/** What answers give under a scheme. An answer that the scheme does not have counts as none. */
export function computeSeverity(scheme: SeverityScheme, answers: SeverityAnswers): ComputedSeverity {
  const chosen = (input: SchemeInput) => input.choices.find(({ id }) => id === answers[input.id])
  const missing = scheme.inputs.filter((input) => input.counts !== 'noted' && !chosen(input)).map(({ id }) => id)
  const from = figureOf(scheme, (input) => chosen(input)?.points ?? least(input))
  const to = figureOf(scheme, (input) => chosen(input)?.points ?? greatest(input))
  const factor = factorOf(scheme, (input) => chosen(input)?.points ?? 1)
  const gravest = Math.max(
    0,
    ...scheme.inputs.filter(({ counts }) => counts === 'points').map((input) => chosen(input)?.points ?? 0),
  )
  const weights = weightsOf(scheme)
  return {
    ...(missing.length === 0 && { figure: from, level: levelAt(scheme, from) }),
    range: { from, to, lowest: levelAt(scheme, from), highest: levelAt(scheme, to) },
    most: figureOf(scheme, greatest),
    missing,
    contributions: scheme.inputs.map((input): Contribution => {
      const choice = chosen(input)
      const { counts, weight } = input
      const part = (points: number) =>
        tidy(scheme.formula === 'mean' ? ((weight ?? 0) * points) / weights : points * factor)
      const counted = counts === 'points'
      return {
        input: input.id,
        counts,
        most: counted ? part(greatest(input)) : 0,
        ...(weight !== undefined && { weight }),
        ...(choice && { choice: choice.id, points: choice.points }),
        ...(choice && counted && { part: part(choice.points) }),
        ...(scheme.formula === 'highest' && counted && { decides: choice !== undefined && choice.points === gravest }),
      }
    }),
  }
}

/** The level a figure lies in. */
export function levelAt(scheme: SeverityScheme, figure: number): string {
  return scheme.levels.findLast(({ from }) => figure >= from)?.id ?? (scheme.levels[0]?.id as string)
}

const least = ({ choices }: SchemeInput): number => Math.min(...choices.map(({ points }) => points))
const greatest = ({ choices }: SchemeInput): number => Math.max(...choices.map(({ points }) => points))
const weightsOf = ({ inputs }: SeverityScheme): number => inputs.reduce((sum, { weight = 0 }) => sum + weight, 0)

type PointsOf = (input: SchemeInput) => number

const factorOf = ({ inputs }: SeverityScheme, points: PointsOf): number =>
  inputs.filter(({ counts }) => counts === 'factor').reduce((product, input) => product * points(input), 1)

function figureOf(scheme: SeverityScheme, points: PointsOf): number {
  const counted = scheme.inputs.filter(({ counts }) => counts === 'points')
  if (scheme.formula === 'highest') return Math.max(...counted.map(points))
  const sum = counted.reduce((total, input) => total + (input.weight ?? 1) * points(input), 0)
  if (scheme.formula === 'mean') return tidy(sum / weightsOf(scheme))
  return tidy(sum * factorOf(scheme, points))
}

/** Binary fractions leave 35.99999 where 36 was meant, and a cut between levels would fall on the wrong side. */
const tidy = (figure: number): number => Math.round(figure * 1e6) / 1e6
