import { z } from 'zod'
import { hash, isoDuration, language, partyName } from '../../../core/module/fields.ts'
import { evidenceInput } from '../../incidents/index.ts'
import { overruleReasons, requestKindNames } from '../requests/request-kinds.ts'
import { statedFields } from '../requests/stated-input.ts'
import { translationFields } from '../translations/translation-input.ts'
import { deadlineSources, noteForms, notePurposes, replyKinds } from '../acts.ts'

const empty = z.literal('').transform(() => undefined)
const contactId = z.string().regex(/^[0-9a-f]{32}$/)

export const noteInput = z
  .object({
    form: z.enum(noteForms),
    purpose: z.enum(notePurposes),
    addressee: partyName,
    language,
    yourRef: z.union([empty, z.string().trim().max(60)]).optional(),
    inReplyTo: z.union([empty, hash]).optional(),
    supersedes: z.union([empty, hash]).optional(),
    replyKind: z.union([empty, z.enum(replyKinds)]).optional(),
    subject: z.string().trim().min(1).max(300),
    opening: z.string().trim().max(2_000).default(''),
    /** What a request states can stand in fields of its own instead. */
    text: z.string().trim().max(100_000).default(''),
    ...statedFields,
    closing: z.string().trim().max(2_000).default(''),
    /** Delegation under which it is signed. */
    signedUnder: z.union([empty, z.string().regex(/^[0-9a-f]{32}$/)]).optional(),
    signatory: z.string().trim().max(300).default(''),
    impliesNoAttribution: z.union([empty, z.literal('yes')]).optional(),
    deadlineWhat: z.union([empty, z.enum(['acknowledge', 'reply'])]).optional(),
    deadlineSource: z.union([empty, z.enum(deadlineSources)]).optional(),
    deadlineWithin: z.union([empty, isoDuration]).optional(),
    requestKind: z.union([empty, z.enum(requestKindNames)]).optional(),
    requestFrom: z.union([empty, contactId]).optional(),
    requestTo: z.union([empty, contactId]).optional(),
    requestOverrules: z.union([empty, z.enum(overruleReasons)]).optional(),
    /** Acts that a request follows: what was asked orally, what is kept for it. */
    follows: z.array(hash).max(8).default([]),
    ...translationFields,
    ...evidenceInput,
    incident: z.union([empty, z.string().regex(/^[0-9a-f]{32}$/)]).optional(),
  })
  .refine(({ form, text }) => form === 'request' || text !== '', {
    path: ['text'],
    message: 'http.invalid.required',
    // Named together with whatever else is missing.
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
export type NoteInput = z.infer<typeof noteInput>
