import assert from 'node:assert/strict'
import { parties } from '../../../src/cli/demo/parties.ts'
import { playSecretariatDown } from '../../../src/cli/demo/secretariat-down.ts'
import { actsOf } from '../../../src/cli/demo/stage.ts'
import {
  type Envelope,
  fromBase64url,
  openBlob,
  parseCanonical,
  readLeaf,
  readTenderReceipt,
  registerFoundedBody,
} from '../../../src/protocol/index.ts'
import type { LaunchedCase } from './launched-case.ts'
import { assertSameActsOnce, awaitAgreement } from './what-nodes-hold.ts'

type MemberKey = ReturnType<typeof registerFoundedBody.parse>['act']

/** The act key that a party's register founds, as anybody can read it. */
async function actKeyOf(peerUrl: string): Promise<MemberKey> {
  const { register } = (await (await fetch(`${peerUrl}/.well-known/chancery`)).json()) as { register: string }
  const answer = await fetch(`${peerUrl}/fed/v1/spaces/${register}/newest?from=0`)
  const { entries, blobs } = (await answer.json()) as { entries: string[]; blobs: Record<string, string> }
  const body = readLeaf(fromBase64url(entries[0] ?? '')).act.statement.parts.find((part) => part.role === 'body')
  const content = openBlob(fromBase64url(blobs[body?.hash ?? ''] ?? ''), body?.hash ?? '')
  return registerFoundedBody.parse(parseCanonical(content)).act
}

/** Plays the outage of the Secretariat over a hotline and looks at what both parties hold afterwards. */
export async function checkOutage({ nodes, people, stage }: LaunchedCase, space: string): Promise<void> {
  const { said, receipts, check } = await playSecretariatDown(stage, { hotline: space, secretariat: nodes.mosc })

  const held = await awaitAgreement(people)
  assertSameActsOnce(held)
  const acts = await actsOf(people.releaser, space)
  const places = said.map((hash) => acts.findIndex((act) => act.hash === hash))
  assert.deepEqual(
    places.map((place) => acts[place]?.type),
    ['channels.check-answered', 'channels.note-sent', 'channels.note-acknowledged'],
  )
  // What does not answer another may come before it: each party brings its own.
  const [, note = 0, acknowledged = 0] = places
  assert.ok(acknowledged > note)

  const keys = new Map<string, MemberKey>()
  for (const key of ['aurelia', 'borovia'] as const) keys.set(parties[key].party, await actKeyOf(nodes[key].peerUrl))
  const keyOf = (party: string) => [keys.get(party)].filter((one) => one !== undefined)
  const other = { [parties.aurelia.party]: parties.borovia.party, [parties.borovia.party]: parties.aurelia.party }
  for (const [at, hash] of said.entries()) {
    const author = acts[places[at] ?? 0]?.author ?? ''
    const kept = (receipts[hash] as Envelope[]).map((receipt) => readTenderReceipt(receipt, keyOf))
    assert.ok(kept.length > 0 && kept.every((one) => one?.act === hash && one.by === other[author]))
  }

  // Both parties’ nodes compute the same: late by its entry, met by the time another party had it.
  for (const person of [people.releaser, people.dutyOfficer]) {
    const { clocks } = await person.read<{ clocks: { state: string; dueAt: string }[] }>(
      `/api/v1/clocks?about=${check}`,
    )
    assert.deepEqual(
      clocks.map(({ state }) => state),
      ['met'],
    )
    const answer = (await actsOf(person, space)).find((act) => act.hash === said[0])
    assert.ok(Date.parse(answer?.scenarioTime ?? '') > Date.parse(clocks[0]?.dueAt ?? ''))
  }
}
