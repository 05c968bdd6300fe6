import { z } from 'zod'
import { fileInput } from '../../../core/http/index.ts'
import { hash } from '../../../core/module/fields.ts'
import { id, line, tlp } from '../input-fields.ts'
import categories from '../reference/categories.json' with { type: 'json' }

export const categoryCodes: readonly string[] = categories.categories

/** Bytes of a bundle that a form brings. */
export const bundleBytes = 32 * 1024 * 1024

export const openInput = z.object({
  id,
  codeName: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} '’-]{2,59}$/u, 'incidents.invalid.code-name')
    .optional(),
  title: line(200),
  summary: z.string().trim().max(4_000).default(''),
  category: z.enum(categories.categories as [string, ...string[]]),
  drill: z
    .union([z.literal('yes').transform(() => true), z.literal('no').transform(() => false), z.boolean()])
    .default(false),
  /** `named`: nobody but whoever opens it knows of it, until they name readers. */
  readers: z.enum(['house', 'named']).default('house'),
  ceiling: tlp.default('RED'),
  marking: tlp.default('AMBER'),
  file: fileInput.optional(),
  act: hash.optional(),
  part: hash.optional(),
})
