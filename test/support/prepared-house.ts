import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { Refusal } from '../../src/core/http/refusal.ts'
import { migrations as logMigrations } from '../../src/core/log/index.ts'
import type { Module } from '../../src/core/module/types.ts'
import { blobMigrations } from '../../src/core/storage/index.ts'
import { agreements } from '../../src/modules/agreements/index.ts'
import { directory } from '../../src/modules/directory/index.ts'
import { incidents } from '../../src/modules/incidents/index.ts'
import { preparedness } from '../../src/modules/preparedness/index.ts'
import { newId } from '../../src/protocol/index.ts'
import { incidentHouse, personOf } from './incident-house.ts'

export const head = personOf('head', /^(preparedness\.plan:release|incidents:draft)$/)
export const colleague = personOf('colleague', /^incidents/)
export const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

/** What the directory reads of the log. */
const core = { name: 'core', migrations: [...blobMigrations, ...logMigrations] }

/** A house with people and offices, and a plan of two steps that its analyst wrote. */
export async function preparedHouse(t: TestContext, rooms: Module[] = []) {
  const house = await incidentHouse(t, [incidents, core, directory, agreements, preparedness, ...rooms])
  const people = ['analyst', 'colleague', 'head', 'reader'].map((id) => ({ id, name: `Name of ${id}` }))
  Object.assign(house.services.people, {
    list: async () => people,
    offices: async () => [{ id: 'cyber-desk', name: { en: 'Cyber desk' } }],
  })
  Object.assign(house.services.ledger, { content: async () => new Map() })
  const plan = newId()
  const [role, first, second, text] = [newId(), newId(), newId(), newId()]
  const post = (viewer: typeof head, path: string, input: Record<string, unknown> = {}) =>
    house.ask('POST', path, { viewer, input: { id: newId(), ...input } })
  const seen = async () => {
    const { answer } = await house.ask('GET', `/plans/${plan}?version=next`, { viewer: house.analyst, json: true })
    return (answer as { data: { id: string } }).data.id
  }
  const write = async (part: string, input: Record<string, unknown>, viewer = house.analyst) =>
    post(viewer, `/plans/${plan}/write/${part}`, { seen: await seen(), ...input })
  const approve = async (viewer = head) =>
    house.ask('POST', `/plans/${plan}/approve`, { viewer, input: { seen: await seen() } })
  await post(house.analyst, '/plans', { id: plan, name: 'Bank raid', marking: 'GREEN', trigger: 'chancery-1:serious' })
  await write('roles', { id: role, title: 'Duty officer', who: 'office:cyber-desk', deputy: 'person:colleague' })
  await write('steps', { id: first, title: 'Call the other side', role, within: '30' })
  await write('steps', { id: second, title: 'Tell the minister', role, within: '1', unit: 'hours', after: first })
  await write('texts', {
    id: text,
    title: 'Holding line',
    language: 'en',
    words: 'We look into it.',
    validUntil: '2026-12-31',
  })
  const at = `/incidents/${house.incident}/plans`
  const start = async (viewer = house.analyst, input: Record<string, unknown> = {}) => {
    const { answer, text: shown } = await post(viewer, at, { plan, version: 1, ...input })
    return 'redirect' in answer ? answer.redirect : assert.fail(shown)
  }
  const mark = (run: string, step: string, state: string, words = '', viewer = house.analyst) =>
    post(viewer, `${run}/steps`, { step, state, [`words-${step}`]: words })
  const show = async (path: string, viewer = house.analyst, language = 'en') =>
    (await house.ask('GET', path, { viewer, language })).text
  return { ...house, plan, role, first, second, text, post, write, seen, approve, start, mark, show, path: at }
}
