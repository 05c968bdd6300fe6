import type { SpaceFacts } from '../../../core/module/types.ts'

/** Title of a space in the reader's language, else in another it has. */
export const titleIn = ({ title }: Pick<SpaceFacts, 'title'>, language: string): string =>
  title[language] ?? title.en ?? Object.values(title)[0] ?? ''
