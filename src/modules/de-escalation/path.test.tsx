import assert from 'node:assert/strict'
import { test } from 'node:test'
import { render } from 'preact-render-to-string'
import { personOf } from '../../../test/support/space-pages.ts'
import type { LoggedAct, SpaceFacts, Visit } from '../../core/module/types.ts'
import { createTranslator, isMessageKey } from '../../text/index.ts'
import { channels } from '../channels/index.ts'
import { PathPage } from './pages/path-page.tsx'
import { pathOf, stages } from './path.ts'

const act = (type: string, at: number, over: Partial<LoggedAct> = {}) =>
  ({
    space: 'case',
    hash: `${type}${at}`,
    scenarioTime: at,
    statement: { type, author: 'borovia.example' },
    ...over,
  }) as LoggedAct
const none = { acts: [], forums: [], channels: [], open: 0 }

test('a case stands where acts on its record show it, and nowhere by acts without effect; picture and table say the same', () => {
  assert.equal(pathOf(none).stands, undefined)
  const acts = [
    act('channels.note-sent', 2),
    act('channels.note-sent', 1),
    act('channels.minutes-confirmed', 3),
    act('agreements.text-agreed', 4, { withoutEffect: 'not-a-party' }),
    act('channels.offer-accepted', 5, { dark: 'no-key' as never }),
    act('channels.offer-made', 6),
  ]
  const path = pathOf({ ...none, acts, open: 1 })
  assert.deepEqual(
    path.steps.map((step) => step.acts.map(({ at }) => at)),
    [[1, 2], [3], [], [], []],
  )
  assert.equal(path.stands, 'talks', 'neither an act without effect nor one that cannot be read, nor an offer alone')
  assert.equal(pathOf({ ...none, acts: [act('calls.call-confirmed', 1)] }).stands, 'contact')
  assert.equal(pathOf({ ...none, acts: [act('talks.time-confirmed', 1)] }).stands, 'talks')
  assert.equal(pathOf({ ...none, acts, forums: [act('space.opened', 7)] }).stands, 'forum')
  assert.equal(pathOf({ ...none, acts, channels: [act('space.opened', 8)] }).stands, 'cooperation')

  const page = (language: string) => {
    const services = { party: 'aurelia.example', modules: [channels], nameOf: (one: string) => one, partyName: {} }
    const visit = {
      ...{
        services,
        viewer: personOf('drafter'),
        t: createTranslator(language),
        language,
        query: new URLSearchParams(),
      },
      request: new Request('http://node.test/spaces/case/path'),
    } as unknown as Visit
    const space = { id: 'case', title: { en: 'Gate' } } as unknown as SpaceFacts
    const proposals = [{ stage: 'norms' as const, href: '/spaces/case/write/agreements.text-proposed' }]
    return render(<PathPage visit={visit} space={space} path={path} proposals={proposals} />)
  }
  const html = page('en')
  assert.equal(html.split('class="shown"').length - 1, 2)
  assert.equal(html.split('class="to-come"').length - 1, 3)
  assert.match(
    html,
    /The case stands at: Talks\.[\s\S]*Contact[\s\S]*2 acts[\s\S]*One duty is open[\s\S]*Propose a joint text/,
  )
  const places = (text: string) => [...text.matchAll(/class="(?:shown|to-come)" cx="(\d+)"/g)].map(([, x]) => Number(x))
  assert.deepEqual(places(page('ar')), places(html).toReversed(), 'the way runs from right to left in Arabic')
  for (const stage of stages)
    assert.ok(isMessageKey(`de-escalation.stage.${stage}`) && isMessageKey(`de-escalation.propose.${stage}`))
})
