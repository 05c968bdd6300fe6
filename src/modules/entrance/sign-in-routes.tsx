import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { z } from 'zod'
import {
  beginPasskeySignIn,
  closeSession,
  countAttempt,
  readHouse,
  signInWithCode,
  signInWithPasskey,
  useSignInLink,
} from '../../core/auth/index.ts'
import { addressOf, isSignedIn, localPath, Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { forgetHeader } from '../../core/offline/index.ts'
import { LinkPage } from './pages/link-page.tsx'
import { SignInPage } from './pages/sign-in-page.tsx'
import { passkeysPossible } from './sign-in-methods.ts'

const attemptsPerAddress = 60

const codeInput = z.object({
  name: z.string().trim().min(1).max(200),
  code: z
    .string()
    .transform((typed) => typed.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'entrance.sign-in.six-digits')),
  to: z.string().max(2000).optional(),
})

const passkeyInput = z.object({
  challenge: z.string().max(64),
  response: z.custom<AuthenticationResponseJSON>(
    (value) => typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string',
  ),
  to: z.string().max(2000).optional(),
})

/** Ways in and out. All are public: whoever stands here has not proved anything yet. */
export const signInRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/sign-in',
    permission: 'public',
    summary: 'The sign-in page',
    handle: async (visit) =>
      isSignedIn(visit.viewer) ? { redirect: localPath(visit.query.get('to')) } : showSignIn(visit),
  },
  {
    method: 'POST',
    path: '/sign-in',
    permission: 'public',
    input: codeInput,
    summary: 'Sign in by name and one-time code',
    handle: signIn,
    onInvalid: (visit, errors) => showSignIn(visit, { errors, status: 422 }),
  },
  {
    method: 'POST',
    path: '/sign-in/passkey/options',
    permission: 'public',
    summary: 'Begin to sign in with a passkey',
    async handle({ services, request }) {
      await countAttempt(services, { kind: 'address', key: addressOf(request), limit: attemptsPerAddress })
      return { data: await beginPasskeySignIn(services) }
    },
  },
  {
    method: 'POST',
    path: '/sign-in/passkey',
    permission: 'public',
    input: passkeyInput,
    summary: 'Sign in with a passkey',
    async handle({ services, input }: Visit<z.infer<typeof passkeyInput>>) {
      const { cookie } = await signInWithPasskey(services, input)
      return Response.json({ location: localPath(input.to) }, { headers: { 'Set-Cookie': cookie } })
    },
  },
  {
    method: 'GET',
    path: '/sign-in/link/:token',
    permission: 'public',
    summary: 'The page of a single-use link; opening it uses nothing up',
    handle: async (visit) => ({ page: <LinkPage visit={visit} /> }),
  },
  {
    method: 'POST',
    path: '/sign-in/link/:token',
    permission: 'public',
    summary: 'Use a single-use link',
    handle: useLink,
  },
  {
    method: 'POST',
    path: '/sign-out',
    permission: 'public',
    summary: 'End this session',
    async handle({ services, viewer, request }) {
      if (!isSignedIn(viewer)) return { redirect: '/sign-in' }
      const { cookie } = await closeSession(services, viewer.sessionId)
      return away('/sign-in', cookie, await forgetHeader(services, request))
    },
  },
]

async function signIn(visit: Visit<z.infer<typeof codeInput>>): Promise<Answer> {
  const { services, input, request } = visit
  try {
    await countAttempt(services, { kind: 'address', key: addressOf(request), limit: attemptsPerAddress })
    const { cookie } = await signInWithCode(services, input)
    if (visit.wantsJson) return Response.json({ location: localPath(input.to) }, { headers: { 'Set-Cookie': cookie } })
    return away(localPath(input.to), cookie)
  } catch (error) {
    if (!(error instanceof Refusal) || visit.wantsJson) throw error
    return showSignIn(visit, { refusal: error.code, status: error.code === 'sign-in-slow' ? 429 : 401 })
  }
}

async function useLink(visit: Visit): Promise<Answer> {
  const { services, params, request } = visit
  try {
    await countAttempt(services, { kind: 'link', key: addressOf(request), limit: attemptsPerAddress })
    const { cookie } = await useSignInLink(services, params.token ?? '')
    if (visit.wantsJson) return Response.json({ location: '/account/enrol' }, { headers: { 'Set-Cookie': cookie } })
    return away('/account/enrol', cookie)
  } catch (error) {
    if (!(error instanceof Refusal) || visit.wantsJson) throw error
    return { page: <LinkPage visit={visit} refusal={error.code} />, status: error.code === 'sign-in-slow' ? 429 : 410 }
  }
}

async function showSignIn(
  visit: Visit,
  { errors = {}, refusal, status = 200 }: { errors?: Record<string, string>; refusal?: string; status?: number } = {},
): Promise<Answer> {
  const house = await readHouse(visit.services.db)
  const canUsePasskeys = passkeysPossible(visit.services.settings.publicUrl)
  const withCode = !canUsePasskeys || visit.query.get('with') === 'code' || visit.request.method === 'POST'
  const props = { visit, house, withCode, canUsePasskeys, errors, refusal }
  return { page: <SignInPage {...props} />, status }
}

function away(location: string, cookie: string, more: Record<string, string> = {}): Response {
  return new Response(null, { status: 303, headers: { Location: location, 'Set-Cookie': cookie, ...more } })
}
