import { plainName } from '../../../core/attachments/index.ts'
import type { Answer, Visit } from '../../../core/module/types.ts'
import { findPart } from '../files/find-part.ts'
import { file } from './proof-page.tsx'

/** STIX bundles that were annexed keep the kind they were given; it is JSON and nothing else. */
const bundle = /^application\/stix\+json(?:;version=[\d.]+)?$/

/** One attachment as bytes to be kept, never opened here: of the kind its own bytes say, or of none. */
export async function downloadAttachment(visit: Visit): Promise<Answer> {
  const { described, content } = await findPart(visit)
  const { media, format } = await visit.services.attachments.lookAtPart({ ...described, content })
  const isBundle = (format === 'json' || format === 'text') && bundle.test(described.media)
  return file(await content(), { name: plainName(described.name), media: isBundle ? described.media : media })
}
