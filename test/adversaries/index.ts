import {
  alteredAct,
  backDated,
  forgedAuthor,
  reordered,
  removedMemberWrites,
  replayed,
  sameId,
  wrongSpace,
} from './inadmissible-entries.ts'
import { droppedReceipt, rolledBack, splitView } from './histories.ts'
import { falseRefusal } from './false-refusal.ts'
import { deafToOne, ignoredMember } from './ignoring.ts'
import { withheldEntries, withheldPayload, wrongPayload } from './withholding.ts'
import type { Adversary, StagedAdversary } from './scene.ts'

export type { Adversary, Scene, Stage, StagedAdversary, StageNode } from './scene.ts'

/** Misbehaviours of a host that is a process of its own as well. */
export const played: readonly StagedAdversary[] = [
  reordered,
  backDated,
  forgedAuthor,
  alteredAct,
  replayed,
  wrongSpace,
  sameId,
  falseRefusal,
  withheldEntries,
  wrongPayload,
  withheldPayload,
  deafToOne,
]

/** Every misbehaviour of a host that is played here. */
export const adversaries: readonly Adversary[] = [
  splitView,
  rolledBack,
  droppedReceipt,
  removedMemberWrites,
  ignoredMember,
  ...played,
]
