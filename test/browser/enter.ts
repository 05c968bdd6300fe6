import assert from 'node:assert/strict'
import { createFormPerson } from '../../src/cli/demo/form-person.ts'
import { type RoleKey, roles } from '../../src/cli/demo/parties.ts'
import type { NodeProcess } from './node-process.ts'

/** Somebody signed in, and the page they were served last. */
export async function enter(node: NodeProcess, role: RoleKey) {
  const { name } = roles[role]
  const last = { url: '', html: '' }
  const person = createFormPerson({
    name,
    baseUrl: node.publicUrl,
    connectUrl: node.peerUrl,
    async fetch(request) {
      const answer = await fetch(request)
      const text = await answer.clone().text()
      if (text.startsWith('<!')) Object.assign(last, { url: request.url, html: text })
      return answer
    },
  })
  const path = new URL(node.links.get(name) ?? assert.fail(name)).pathname
  await person.open(path)
  await person.send(path)
  return { person, last }
}
