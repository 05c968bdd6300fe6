export type { CosigningContext } from './context.ts'
export { cosignHead, findUncosigned } from './own-line.ts'
export { readCosigned, readFinality } from './published-lines.ts'
export { storeCosignatures } from './take-lines.ts'
