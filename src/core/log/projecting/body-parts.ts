import type { Act, Part } from '../../../protocol/index.ts'
import type { PartRef } from '../part-reader.ts'

function bodyPart(act: Act): Part | undefined {
  return act.statement.parts.find((part) => part.role === 'body')
}

export function plainBody(act: Act): Part | undefined {
  const part = bodyPart(act)
  return part?.enc ? undefined : part
}

export function sealedBody(act: Act): PartRef | undefined {
  const part = bodyPart(act)
  const { space, author } = act.statement
  return part?.enc && { space, author, part }
}
