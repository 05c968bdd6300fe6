import {
  type AdmissionState,
  isGovernance,
  limits,
  parseCanonical,
  presentMembers,
  ProtocolError,
  keySetSchema,
  keySetReaches,
  sealedSizeOf,
  type Statement,
} from '../../protocol/index.ts'

/**
 * What a host refuses before it appends, as rule and detail: whatever its members could not read alike. It needs no
 * key for that. Replicas never judge it; what stands on record all the same has no effect.
 *
 * @param contents - Stored bytes without their first 32, by hash.
 */
export function sealingFault(
  given: { statement: Statement; isSealedSpace: boolean; members: AdmissionState },
  contents: ReadonlyMap<string, Uint8Array>,
): [rule: string, detail: string] | undefined {
  const { statement, isSealedSpace, members } = given
  const { parts, type, space, author } = statement
  const sealed = parts.filter((part) => part.enc)
  if (isGovernance(type)) return sealed.length > 0 ? ['governance-sealed', type] : undefined
  if (isSealedSpace && sealed.length < parts.length) return ['not-sealed', type]
  for (const part of sealed) {
    if (part.enc?.size !== sealedSizeOf(part.size)) return ['sealed-shape', part.hash]
    if (part.role === 'body' && part.size > limits.body) return ['body-too-long', `${part.size} bytes`]
  }
  // Admission says so better: stale-membership.
  if (statement.seen.size <= members.membersChanged) return undefined
  for (const keys of new Set(sealed.map((part) => part.enc?.keys ?? ''))) {
    const keySet = readKeys(contents.get(keys))
    const isFit = keySet?.space === space && keySet.author === author && keySetReaches(keySet, presentMembers(members))
    if (!isFit) return ['key-set-readers', keys]
  }
  return undefined
}

function readKeys(content: Uint8Array | undefined) {
  if (!content) return undefined
  try {
    return keySetSchema.safeParse(parseCanonical(content)).data
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
