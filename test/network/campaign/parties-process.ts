import { newId } from '../../../src/protocol/index.ts'
import { makeParty, type PartyNode } from './make-party.ts'
import type { Asked, Told } from './process-words.ts'

/** Several parties of a network as one process of their own; told what to do by the test, and what time it is. */

const parties: PartyNode[] = []
let aheadMs = 0

const doing: { [W in Asked['do']]: (words: Extract<Asked, { do: W }>) => Promise<unknown> } = {
  async make({ databases, firstPort }) {
    const ports = { from: firstPort }
    for (const [name, url] of databases) parties.push(await makeParty(name, url, ports, () => aheadMs))
    return parties.map(({ party, url, fingerprint }) => ({ party, url, fingerprint }))
  },
  async meet({ party, url, fingerprint }) {
    for (const { node } of parties) {
      await node.federation.peers.introduce(url)
      await node.federation.peers.pin(party, { person: 'p1', how: 'voice', fingerprint })
    }
  },
  async nominate({ space }) {
    for (const { node } of parties) {
      while (!(await node.ledger.find(space))) await new Promise((resolve) => setTimeout(resolve, 50))
      await node.federation.outbox.send({
        space,
        type: 'directory.contact-nominated',
        id: newId(),
        office: 'duty-desk',
        body: { contact: newId(), kind: 'technical', zone: 'UTC', languages: ['en'], hours: 'always' },
        text: { post: 'Duty desk' },
        marking: { tlp: 'AMBER' },
      })
    }
  },
  async advance({ ms }) {
    aheadMs += ms
    for (const one of parties) await one.signIn()
  },
  async answer() {
    const told: string[] = []
    for (const { officer } of parties) {
      const { forms } = await officer.open('/checks')
      const challenge = forms.find(({ action }) => /\/challenges\/.*\/answer$/.test(action))
      if (challenge) await officer.send(challenge.action)
      told.push(challenge ? 'answered' : 'nothing to answer')
    }
    return told
  },
  async read() {
    return Promise.all(parties.map(async ({ officer }) => (await officer.open('/checks')).text))
  },
  async end() {
    await Promise.all(parties.map((one) => one.stop()))
  },
}

process.on('message', (asked: Asked & { number: number }) => {
  const act = doing[asked.do] as (words: Asked) => Promise<unknown>
  act(asked).then(
    (answer) => tell({ number: asked.number, answer }),
    (error: unknown) => tell({ number: asked.number, error: error instanceof Error ? error.stack : String(error) }),
  )
})

function tell(told: Told): void {
  process.send?.(told)
}
