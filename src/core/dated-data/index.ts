export { type DatedFile, type DatedHead, datedHead, type DatedData } from './types.ts'
export { checkDated, faulty, readDated } from './read-dated.ts'
export { type Names, named, names } from './names.ts'
