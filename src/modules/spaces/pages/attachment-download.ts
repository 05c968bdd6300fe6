import { plainName } from '../../../core/attachments/index.ts'
import { handOut } from '../../../core/http/index.ts'
import type { Answer, Visit } from '../../../core/module/types.ts'
import { findPart } from '../files/find-part.ts'

/** STIX bundles that were annexed keep the kind they were given; it is JSON and nothing else. */
const bundle = /^application\/stix\+json(?:;version=[\d.]+)?$/

/** One attachment as bytes to be kept, never opened here: of the kind its own bytes say, or of none. */
export async function downloadAttachment(visit: Visit): Promise<Answer> {
  const { described, content, bytes } = await findPart(visit)
  const { media, format } = await visit.services.attachments.lookAtPart({ ...described, content })
  const isBundle = (format === 'json' || format === 'text') && bundle.test(described.media)
  const { size, pieces } = await bytes()
  return handOut({ name: plainName(described.name), media: isBundle ? described.media : media, size, pieces: pieces() })
}
