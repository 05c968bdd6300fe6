import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Visit } from '../../core/module/types.ts'
import type { ScrubReport, StoredSpace } from '../../core/scrub/types.ts'
import { storageRoutes } from './storage-routes.tsx'

const idOf = (number: number) => number.toString(16).padStart(32, '0')

test('the page of stored bytes asks for what it shows of thousands of spaces, registers too, and for nothing else', async () => {
  const listed = Array.from({ length: 50 }, (_, n): StoredSpace => {
    return { space: idOf(n), size: 1, next: 0, isDamaged: n === 0 }
  })
  const report: ScrubReport = {
    spaces: 5_000,
    checked: 5_000,
    open: [{ space: idOf(0), what: 'entry', index: 0, detail: 'another hash', foundAt: 1 }],
    mended: [{ space: idOf(4_000), foundAt: 1, mendedAt: 2, from: 'borovia.example', faults: 1, found: [] }],
    shut: [idOf(4_999)],
    isErasing: false,
  }
  const asked: unknown[] = []
  const services = {
    stored: { report: async () => report, list: async () => listed },
    ledger: {
      async list(filter: unknown) {
        asked.push(filter)
        return []
      },
    },
    peers: { list: async () => [] },
  }
  const [page] = storageRoutes
  await page?.handle({ services, input: {}, wantsJson: false } as unknown as Visit<{ from?: number }>)
  assert.deepEqual(asked, [{ among: [...listed.map(({ space }) => space), idOf(4_000), idOf(4_999)] }])
})
