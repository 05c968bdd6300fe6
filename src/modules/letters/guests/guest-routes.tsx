import { z } from 'zod'
import { countAttempt } from '../../../core/auth/index.ts'
import { addressOf, nobody, Refusal } from '../../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../../core/module/types.ts'
import { languages } from '../../../text/index.ts'
import { type Letter, loadLetter } from '../load-letter.ts'
import { mayLeaveBy } from '../may-leave-by.ts'
import { GuestPage, type GuestState } from './guest-page.tsx'
import { type Invitation, noteAcknowledged, noteRead, openInvitation } from './invitations.ts'

const perAddress = 60
const perLink = 20
/** As it comes over the telephone: with spaces or hyphens. Anything else is a wrong code, told like any other. */
const guestInput = z.object({
  code: z
    .string()
    .max(40)
    .default('')
    .transform((typed) => typed.replaceAll(/\D/g, '')),
})
type GuestInput = z.infer<typeof guestInput>

/**
 * The guest door: one official, one letter, one code. It opens nothing else, keeps no session, sets no cookie, and
 * answers a wrong code, a spent link and a link that never was in the same way.
 */
export function guestRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/guest/:language/:token',
      permission: 'public',
      summary: 'The page on which a guest gives the code; opening it uses nothing up',
      handle: async (visit) => show(visit, { step: 'code', failed: false }),
    },
    {
      method: 'POST',
      path: '/guest/:language/:token',
      permission: 'public',
      input: guestInput,
      summary: 'Read one letter as a guest',
      async handle(visit: Visit<GuestInput>) {
        const opened = await open(services, visit)
        if (!opened) return show(visit, { step: 'code', failed: true })
        await noteRead(services, opened.invitation)
        return show(visit, { step: 'read', letter: opened.letter, code: visit.input.code })
      },
    },
    {
      method: 'POST',
      path: '/guest/:language/:token/acknowledge',
      permission: 'public',
      input: guestInput,
      summary: 'Acknowledge one letter as a guest: received, accepting no fact and no claim',
      async handle(visit: Visit<GuestInput>) {
        const opened = await open(services, visit)
        if (!opened || !(await noteAcknowledged(services, opened.invitation)))
          return show(visit, { step: 'code', failed: true })
        return show(visit, { step: 'done', at: services.clock.now() })
      },
    },
  ]
}

/** The letter behind link and code, asked of the gate each time: what was narrowed or erased since is not shown. */
async function open(
  services: Services,
  { params, input, request }: Visit<GuestInput>,
): Promise<{ invitation: Invitation; letter: Letter } | undefined> {
  const token = params.token ?? ''
  await countAttempt(services, { kind: 'guest-address', key: addressOf(request), limit: perAddress })
  await countAttempt(services, { kind: 'guest', key: token, limit: perLink })
  const invitation = await openInvitation(services, { token, code: input.code })
  if (!invitation) return undefined
  const reader = { ...nobody('en'), ceiling: 'AMBER+STRICT' as const }
  try {
    const letter = await loadLetter(services, reader, { act: invitation.act }, 'page')
    return mayLeaveBy(services, letter.marking, letter.note.addressee, 'guest') ? { invitation, letter } : undefined
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function show(visit: Visit<unknown>, state: GuestState): Answer {
  const { language: asked = '', token = '' } = visit.params
  const language = languages().find((one) => one === asked) ?? visit.language
  return {
    page: <GuestPage visit={visit} language={language} token={token} state={state} />,
    status: state.step === 'code' && state.failed ? 422 : 200,
  }
}
