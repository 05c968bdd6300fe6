import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Module } from '../../src/core/module/types.ts'
import { letters } from '../../src/modules/letters/index.ts'
import { newId } from '../../src/protocol/index.ts'
import { startNetwork } from './network.ts'
import { ask, modules, personOf, redirectOf, searchIndex, servicesOf } from './space-pages.ts'

export const drafter = personOf('drafter', 'RED')
export const releaser = personOf('releaser', 'RED')
export const estovia = 'mfa.estovia.example'

const note = {
  form: 'note-verbale',
  purpose: 'inform',
  addressee: estovia,
  language: 'en',
  yourRef: 'E-77',
  subject: 'Hosts used since Monday',
  opening:
    'The Ministry of Foreign Affairs of Aurelia presents its compliments to the Ministry of Foreign Affairs of Estovia.',
  text: 'Hosts of the Republic appear to have been used.\n\nThe Ministry asks that the matter be looked into.',
  closing: 'The Ministry avails itself of this opportunity.',
}

/** One ministry alone that writes to a party without a node. */
export async function ministry(t: TestContext, also: readonly Module[] = []) {
  const all = [...modules, searchIndex, letters, ...also]
  const { nodes } = await startNetwork(t, ['aurelia'], { modules: all })
  const { aurelia } = nodes
  const services = servicesOf(aurelia, all)
  Object.assign(services.settings, { dataDir: aurelia.dataDir })
  services.partyName = { en: 'Aurelia', fr: 'Aurélie', ar: 'أوريليا' }
  services.namesChanged = async () => undefined
  const get = (path: string, over: { viewer?: typeof drafter; language?: string; json?: boolean } = {}) =>
    ask('GET', path, { services, viewer: drafter, ...over })
  const post = (path: string, input: Record<string, unknown>, viewer = drafter) =>
    ask('POST', path, { services, viewer, input })
  const party = { party: estovia, 'name-en': 'Estovia', 'name-fr': 'Estovie', 'name-ar': 'إستوفيا', language: 'en' }
  await post('/letters/parties', { id: newId(), ...party, email: 'registry@mfa.estovia.example' }, releaser)
  const { answer } = await get('/letters', { json: true })
  assert.ok('data' in answer)
  const [{ space = '' } = {}] = (answer.data as { parties: { space: string }[] }).parties
  const write = (input: Record<string, unknown>) =>
    post(`/spaces/${space}/write/channels.note-sent`, { id: newId(), ...note, ...input })
  return {
    aurelia,
    services,
    space,
    party,
    get,
    post,
    write,
    /** Drafts, clears and releases; the hash of the act. */
    async send(input: Record<string, unknown> = {}): Promise<string> {
      const id = redirectOf((await write(input)).answer).split('/')[2] ?? ''
      const { approval = '' } = (await services.drafts.find(id)) ?? {}
      await services.drafts.submit(drafter, id, approval)
      const sent = await services.drafts.release(releaser, id, approval)
      await aurelia.ledger.project(space)
      assert.equal((await aurelia.ledger.findAct(sent.actHash ?? ''))?.withoutEffect, undefined)
      return sent.actHash ?? ''
    },
    async pdf(act: string, viewer = drafter) {
      const { answer } = await get(`/spaces/${space}/notes/${act}/letter.pdf`, { viewer })
      assert.ok(answer instanceof Response)
      return { headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) }
    },
    page: async (path: string, language = 'en') => (await get(path, { language })).html,
  }
}
