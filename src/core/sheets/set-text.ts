import { direction } from '../../text/index.ts'
import type { Faces } from './fonts.ts'
import { type Line, setLines } from './set-lines.ts'
import type { Align } from './types.ts'

const lineHeight = 1.42
const arabicLineHeight = 1.75

/** How a text is set: what a block leaves out is filled in. Sizes are points. */
export interface Style {
  language: string
  align: Align
  size: number
  mono: boolean
  quiet: boolean
  auto?: boolean
}

/** The lines of a text in the direction of its language. */
export function linesOf(faces: Faces, text: string, { language, size, mono, auto }: Style, width: number): Line[] {
  const way = auto ? undefined : direction(language)
  return setLines(text, { faces: mono ? faces.mono : faces.text, size, direction: way, width })
}

/** Points from the left edge at which a line begins, of those that are free. */
export function indent({ language, align }: Pick<Style, 'language' | 'align'>, free: number): number {
  if (align === 'center') return free / 2
  return (align === 'end') === (direction(language) === 'ltr') ? free : 0
}

/** From one baseline to the next. */
export const heightOf = ({ language, size }: Pick<Style, 'language' | 'size'>): number =>
  size * (direction(language) === 'rtl' ? arabicLineHeight : lineHeight)
