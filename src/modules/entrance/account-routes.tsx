import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import { z } from 'zod'
import {
  beginOneTimeCode,
  beginPasskeyEnrolment,
  changePerson,
  chooseOffice,
  confirmOneTimeCode,
  finishPasskeyEnrolment,
  hasOneTimeCode,
  listPasskeys,
  removeOneTimeCode,
  removePasskey,
} from '../../core/auth/index.ts'
import { cookieHeader, Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { isZone, languages } from '../../text/index.ts'
import { AccountPage } from './pages/account-page.tsx'
import { EnrolPage } from './pages/enrol-page.tsx'
import { passkeysPossible } from './sign-in-methods.ts'

const detailsInput = z.object({
  language: z.string().refine((value) => languages().includes(value), 'entrance.account.choose-language'),
  zone: z.string().max(60).refine(isZone, 'entrance.account.choose-zone'),
})
const confirmInput = z.object({
  code: z
    .string()
    .transform((typed) => typed.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'entrance.sign-in.six-digits')),
})
const officeInput = z.object({ office: z.string().max(64) })
const keyInput = z.object({ key: z.string().max(1024) })
const passkeyInput = z.object({
  challenge: z.string().max(64),
  label: z.string().trim().min(1).max(100),
  response: z.custom<RegistrationResponseJSON>(
    (value) => typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string',
  ),
})

/** What each person may change about themselves. */
export const accountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/account',
    permission: 'signed-in',
    summary: 'My account',
    handle: (visit) => showAccount(visit),
  },
  {
    method: 'POST',
    path: '/account/details',
    permission: 'signed-in',
    input: detailsInput,
    summary: 'Change my language and time zone',
    handle: changeDetails,
    onInvalid: (visit, errors) => showAccount(visit, errors),
  },
  {
    method: 'POST',
    path: '/account/office',
    permission: 'signed-in',
    input: officeInput,
    summary: 'Choose the office I act for',
    async handle({ services, viewer, input }: Visit<z.infer<typeof officeInput>>) {
      if (!viewer.offices.some((office) => office.id === input.office)) throw new Refusal('office-unknown')
      await chooseOffice(services, viewer.sessionId, input.office)
      return { redirect: '/account', notice: 'entrance.account.saved' }
    },
  },
  {
    method: 'GET',
    path: '/account/enrol',
    permission: 'signed-in',
    summary: 'Choose how to sign in',
    handle: (visit) => showEnrol(visit),
  },
  {
    method: 'POST',
    path: '/account/code',
    permission: 'signed-in',
    input: confirmInput,
    summary: 'Prove the secret of one-time codes by a first code',
    handle: confirmCode,
    onInvalid: (visit, errors) => showEnrol(visit, errors),
  },
  {
    method: 'POST',
    path: '/account/code/remove',
    permission: 'signed-in',
    summary: 'Give up one-time codes',
    async handle({ services, viewer }) {
      if ((await listPasskeys(services, viewer.person.id)).length === 0) throw new Refusal('last-way-in')
      await removeOneTimeCode(services, viewer.person.id)
      return { redirect: '/account', notice: 'entrance.account.code-removed' }
    },
  },
  {
    method: 'POST',
    path: '/account/passkey/options',
    permission: 'signed-in',
    summary: 'Begin to enrol a passkey',
    handle: async ({ services, viewer }) => ({ data: await beginPasskeyEnrolment(services, viewer.person) }),
  },
  {
    method: 'POST',
    path: '/account/passkey',
    permission: 'signed-in',
    input: passkeyInput,
    summary: 'Enrol a passkey',
    async handle({ services, viewer, input }: Visit<z.infer<typeof passkeyInput>>) {
      await finishPasskeyEnrolment(services, { person: viewer.person.id, ...input })
      return { redirect: '/account', notice: 'entrance.account.passkey-added' }
    },
  },
  {
    method: 'POST',
    path: '/account/passkey/remove',
    permission: 'signed-in',
    input: keyInput,
    summary: 'Revoke one of my passkeys',
    handle: removeKey,
  },
]

async function changeDetails(visit: Visit<z.infer<typeof detailsInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const { id } = viewer.person
  await services.db.transaction().execute((tx) => changePerson(services, tx, { id, by: id, ...input }))
  if (visit.wantsJson) return { data: input }
  const language = cookieHeader(services.settings, 'language', input.language, { maxAgeSeconds: 365 * 86_400 })
  return new Response(null, { status: 303, headers: { Location: '/account', 'Set-Cookie': language } })
}

async function confirmCode(visit: Visit<z.infer<typeof confirmInput>>): Promise<Answer> {
  const { services, viewer, input, wantsJson, t } = visit
  try {
    await confirmOneTimeCode(services, viewer.person.id, input.code)
  } catch (error) {
    if (!(error instanceof Refusal) || wantsJson || error.code !== 'code-wrong') throw error
    return showEnrol(visit, { code: t('refusal.code-wrong') })
  }
  return { redirect: '/account', notice: 'entrance.account.code-set' }
}

async function removeKey({ services, viewer, input }: Visit<z.infer<typeof keyInput>>): Promise<Answer> {
  const { id } = viewer.person
  const others = (await listPasskeys(services, id)).filter((key) => key.id !== input.key)
  if (others.length === 0 && !(await hasOneTimeCode(services, id))) throw new Refusal('last-way-in')
  await removePasskey(services, id, input.key)
  return { redirect: '/account', notice: 'entrance.account.passkey-removed' }
}

async function showAccount(visit: Visit<any>, errors: Record<string, string> = {}): Promise<Answer> {
  const { services, viewer } = visit
  const passkeys = await listPasskeys(services, viewer.person.id)
  const hasCode = await hasOneTimeCode(services, viewer.person.id)
  return { page: <AccountPage visit={visit} passkeys={passkeys} hasCode={hasCode} errors={errors} /> }
}

async function showEnrol(visit: Visit<any>, errors: Record<string, string> = {}): Promise<Answer> {
  const { services, viewer } = visit
  const hasCode = await hasOneTimeCode(services, viewer.person.id)
  const code = hasCode ? undefined : await beginOneTimeCode(services, viewer.person)
  const canUsePasskeys = passkeysPossible(services.settings.publicUrl)
  const hasPasskey = (await listPasskeys(services, viewer.person.id)).length > 0
  return {
    page: (
      <EnrolPage
        visit={visit}
        code={code}
        canUsePasskeys={canUsePasskeys}
        isReady={hasCode || hasPasskey}
        errors={errors}
      />
    ),
    status: Object.keys(errors).length > 0 ? 422 : 200,
  }
}
