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
import type { Adversary } from './scene.ts'

export type { Adversary, Scene } from './scene.ts'

/** Every misbehaviour of a host that is played here. */
export const adversaries: readonly Adversary[] = [
  splitView,
  rolledBack,
  droppedReceipt,
  reordered,
  backDated,
  forgedAuthor,
  alteredAct,
  replayed,
  wrongSpace,
  sameId,
  removedMemberWrites,
  falseRefusal,
  withheldEntries,
  wrongPayload,
  withheldPayload,
  deafToOne,
  ignoredMember,
]
