export { accelerate } from './accelerate.ts'
export { createChecker, type Checker } from './create-checker.ts'
