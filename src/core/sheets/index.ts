export { fitsPages, makeSheet } from './make-sheet.ts'
export type { Align, Block, Sheet } from './types.ts'
