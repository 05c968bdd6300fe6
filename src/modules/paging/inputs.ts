import { z } from 'zod'

export const telephone = z
  .string()
  .trim()
  .transform((typed) => typed.replace(/[\s().-]/g, ''))
  .pipe(z.string().regex(/^\+\d{6,15}$/, 'paging.invalid.telephone'))

export const numberInput = z.object({ telephone: telephone.optional() })

/** What a browser gives when it agrees to be paged. */
export const deviceInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  label: z.string().trim().min(1).max(80),
  endpoint: z.string().max(1_000),
  p256dh: z.string().regex(/^[\w-]{87}$/),
  auth: z.string().regex(/^[\w-]{22}$/),
})

const minutes = z.coerce.number().int().min(0).max(240)

export const ruleInput = z
  .object({
    hookUrl: z.string().trim().max(300).optional(),
    push: z.enum(['on', 'off']),
    smsAfter: minutes,
    voiceAfter: minutes,
    newSecret: z.string().optional(),
  })
  .superRefine(({ hookUrl, smsAfter, voiceAfter }, context) => {
    if (hookUrl !== undefined && !isHookAddress(hookUrl))
      context.addIssue({ code: 'custom', path: ['hookUrl'], message: 'paging.invalid.hook' })
    if (voiceAfter < smsAfter)
      context.addIssue({ code: 'custom', path: ['voiceAfter'], message: 'paging.invalid.order' })
  })

/** Telephone numbers go there: in the clear only within this machine. */
function isHookAddress(typed: string): boolean {
  const url = URL.canParse(typed) ? new URL(typed) : undefined
  if (url?.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isHere)
}
