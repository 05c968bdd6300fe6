export { isStixId, type StixObject, uuidOf } from './check-object.ts'
export type { MarkedBy } from './marking-of.ts'
export {
  type BundleFault,
  type BundleLimits,
  type BundleObject,
  BundleRefusal,
  maxFaults,
  type ReadBundle,
  readBundle,
  readBundleInTurns,
} from './read-bundle.ts'
export { standardDefinition, standardIds, standardTlp, tlp2Id } from './tlp-definitions.ts'
