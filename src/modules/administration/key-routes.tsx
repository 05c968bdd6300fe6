import { z } from 'zod'
import { audit } from '../../core/auth/index.ts'
import { Refusal } from '../../core/http/index.ts'
import { otherUses, passphrase } from '../../core/identity/index.ts'
import {
  agreeKeyRequest,
  askKeyRequest,
  didText,
  findKeyRequest,
  recoverAsAgreed,
  refuseKeyRequest,
  revocationReasons,
} from '../../core/keys/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import type { Outcome } from './pages/administration-frame.tsx'
import { KeysPage } from './pages/keys-page.tsx'
import { statusOf, withRefusal } from './people-routes.tsx'

const others = z.array(z.enum(otherUses)).max(3).optional()
const word = z.string().max(1000)
/** Of the key to be replaced, as the page showed it: a second click finds another one and changes nothing. */
const fingerprint = z.string().max(64)
const rotateInput = z.object({ fingerprint, others })
const hostInput = z.object({ fingerprint })
const protectInput = z
  .object({ present: word.optional(), word: word.min(12, 'administration.keys.too-short'), again: word })
  .refine((typed) => typed.word === typed.again, { path: ['again'], message: 'administration.keys.differ' })
const askInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  kind: z.enum(['revoke', 'recover']),
  reason: z.enum(revocationReasons),
  others,
})
const sheetInput = z.object({ sheet: z.string().trim().min(10).max(500) })

const permission = 'keys:manage'
const invalid = (visit: Visit<any>, errors: Record<string, string>) => showKeys(visit, { errors })

/** The party's keys: what they are, replacing them, and what two administrators decide about them. */
export const keyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/.well-known/did.jsonl',
    permission: 'public',
    summary: 'The log of our DID (did:webvh 1.0)',
    handle: serveDid,
  },
  { method: 'GET', path: '/keys', permission, summary: 'Our keys', handle: (visit) => showKeys(visit) },
  {
    method: 'POST',
    path: '/keys/replace',
    permission,
    input: rotateInput,
    summary: 'Replace the act key, and others with it',
    handle: (visit) => withRefusal(visit, replace, showKeys),
    onInvalid: invalid,
  },
  {
    method: 'POST',
    path: '/keys/replace-host',
    permission,
    input: hostInput,
    summary: 'Replace the key that signs checkpoints of the spaces ordered here',
    handle: (visit) => withRefusal(visit, replaceHost, showKeys),
    onInvalid: invalid,
  },
  {
    method: 'POST',
    path: '/keys/protect',
    permission,
    input: protectInput,
    summary: 'Put the private keys under a passphrase',
    handle: (visit) => withRefusal(visit, protect, showKeys),
    onInvalid: invalid,
  },
  {
    method: 'POST',
    path: '/keys/requests',
    permission,
    input: askInput,
    summary: 'Ask a second administrator for a revocation or a recovery',
    handle: (visit) =>
      withRefusal(
        visit,
        async ({ services, viewer, input }) => {
          await askKeyRequest(services, { ...input, others: input.others ?? [], by: viewer.person.id })
          return { redirect: '/keys#request' }
        },
        showKeys,
      ),
    onInvalid: invalid,
  },
  decision('agree', 'Agree as second administrator', agreeKeyRequest),
  decision('refuse', 'Turn a request down', refuseKeyRequest),
  {
    method: 'POST',
    path: '/keys/requests/:request/sheet',
    permission,
    input: sheetInput,
    summary: 'Carry out an agreed recovery with its sheet',
    handle: (visit) =>
      withRefusal(
        visit,
        async ({ services, viewer, params, input }) => {
          await recoverAsAgreed(services, { id: params.request ?? '', by: viewer.person.id, sheet: input.sheet })
          return { redirect: '/keys', notice: 'administration.keys.recovered' }
        },
        // What was typed is a private key: the form comes back empty.
        (again, outcome) => showKeys({ ...again, values: {} }, outcome),
      ),
    onInvalid: (visit, errors) => showKeys({ ...visit, values: {} }, { errors }),
  },
]

function decision(
  verb: 'agree' | 'refuse',
  summary: string,
  decide: (services: Visit['services'], by: { id: string; by: string }) => Promise<unknown>,
): Route {
  return {
    method: 'POST',
    path: `/keys/requests/:request/${verb}`,
    permission,
    summary,
    handle: (visit) =>
      withRefusal(
        visit,
        async ({ services, viewer, params }) => {
          await decide(services, { id: params.request ?? '', by: viewer.person.id })
          return { redirect: '/keys' }
        },
        showKeys,
      ),
  }
}

async function replace({ services, viewer, input }: Visit<z.infer<typeof rotateInput>>): Promise<Answer> {
  if (await isCurrent(services, 'act', input.fingerprint)) {
    await services.keys.rotate({ others: input.others })
    const facts = { keys: ['act', ...(input.others ?? [])].join(' ') }
    await audit(services.db, { at: services.clock.now(), person: viewer.person.id, what: 'key-rotated', facts })
  }
  return { redirect: '/keys', notice: 'administration.keys.replaced' }
}

async function replaceHost({ services, viewer, input }: Visit<z.infer<typeof hostInput>>): Promise<Answer> {
  if (await isCurrent(services, 'host', input.fingerprint)) {
    await services.keys.rotateHost()
    const facts = { keys: 'host' }
    await audit(services.db, { at: services.clock.now(), person: viewer.person.id, what: 'key-rotated', facts })
  }
  return { redirect: '/keys', notice: 'administration.keys.replaced' }
}

async function isCurrent({ keys }: Visit['services'], use: 'act' | 'host', shown: string): Promise<boolean> {
  const { keys: listed } = await keys.overview()
  return listed.some((key) => key.use === use && key.state === 'current' && key.fingerprint === shown)
}

async function protect({ services, viewer, input }: Visit<z.infer<typeof protectInput>>): Promise<Answer> {
  const { keys, db, clock } = services
  const { protection } = await keys.overview()
  if (protection === 'key-file') throw new Refusal('keys.at-the-machine')
  // Who has somebody else's session for a minute must not be able to lock the party out.
  if (protection === 'passphrase' && !(await keys.opensWith(passphrase(input.present ?? '')))) {
    throw new Refusal('keys.wrong-passphrase')
  }
  await keys.protect(passphrase(input.word))
  await audit(db, { at: clock.now(), person: viewer.person.id, what: 'keys-protected' })
  return { redirect: '/keys', notice: 'administration.keys.protected' }
}

/** A resolver in a browser of another house may read it, too: there is nothing in it that is not public. */
async function serveDid({ services: { keys } }: Visit): Promise<Answer> {
  const published = await keys.did()
  if (!published) return new Response(null, { status: 404 })
  const headers = { 'content-type': 'text/jsonl; charset=utf-8', 'access-control-allow-origin': '*' }
  return new Response(didText(published), { headers })
}

async function showKeys(visit: Visit<any>, outcome: Outcome = {}): Promise<Answer> {
  const { keys, people, db } = visit.services
  const facts = {
    overview: await keys.overview(),
    reaches: await keys.reaches(),
    did: await keys.did(),
    request: await findKeyRequest(db),
    people: new Map((await people.list()).map((person) => [person.id, person.name])),
  }
  return {
    page: <KeysPage visit={visit} {...facts} {...outcome} />,
    status: statusOf(outcome),
  }
}
