export { createWitnessing, type Witnessing } from './create-witnessing.ts'
export { migrations, views } from './migrations.ts'
export { howPolicyIsSet, policySet, policySetBody, type UnfitPolicy, unfitFor } from './policy-act.ts'
export type {
  CosignedCheckpoint,
  Demanded,
  Finality,
  Level,
  OutsideState,
  OutsideWitness,
  SpacePolicy,
  Standing,
  WitnessPace,
} from './types.ts'
