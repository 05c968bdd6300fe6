import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldErrors, InvalidInput } from '../../../core/http/index.ts'
import { createTranslator } from '../../../text/index.ts'
import { readDays } from './calendar-composer.tsx'
import { readWeek } from './stated-hours.tsx'

const t = createTranslator('en')

/** What a person reads when this is refused. */
function said(read: () => unknown): Record<string, string> {
  try {
    read()
  } catch (error) {
    if (error instanceof InvalidInput) return fieldErrors(error, t)
    throw error
  }
  throw new Error('it was taken')
}

test('a calendar is read line by line, in the order of its days, whatever the line ends', () => {
  const typed =
    '2026-12-25  Christmas Day\r\n\r\n2026-12-24 09:00-12:00 Christmas Eve\n2027-01-06 08:00 – 11:30 عيد الميلاد'
  assert.deepEqual(readDays(typed), [
    { date: '2026-12-24', name: 'Christmas Eve', from: '09:00', until: '12:00' },
    { date: '2026-12-25', name: 'Christmas Day' },
    { date: '2027-01-06', name: 'عيد الميلاد', from: '08:00', until: '11:30' },
  ])
  assert.deepEqual(readDays(''), [], 'every day is as usual')
})

test('a line that is no day, or a day that stands twice, is named by its number', () => {
  for (const wrong of ['Christmas', '2026-02-30 No day', '2026-12-25', '2026-12-25 9-12 Short', '25.12.2026 Day'])
    assert.match(said(() => readDays(`2026-12-24 Eve\n${wrong}`)).days ?? '', /^Line 2 is no day/, wrong)
  assert.match(said(() => readDays('2026-12-24 Eve\n\n2026-12-24 Eve')).days ?? '', /line 3 stands twice/)
  const many = Array.from(
    { length: 401 },
    (_, at) => `${new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10)} Day`,
  )
  assert.match(said(() => readDays(many.join('\n'))).days ?? '', /At most 400/)
})

test('days with the same hours are said together, and a day with one time only is shown at its field', () => {
  const typed = {
    from_1: '08:30',
    until_1: '16:00',
    from_2: '08:30:00',
    until_2: '16:00',
    from_7: '22:00',
    until_7: '06:00',
  }
  assert.deepEqual(readWeek(typed), [
    { days: [1, 2], from: '08:30', until: '16:00' },
    { days: [7], from: '22:00', until: '06:00' },
  ])
  assert.deepEqual(Object.keys(said(() => readWeek({ from_3: '08:30' }))), ['until_3'])
  assert.deepEqual(Object.keys(said(() => readWeek({ until_3: '08:30' }))), ['from_3'])
  assert.match(said(() => readWeek({ from_3: '8.30', until_3: '9' })).from_3 ?? '', /08:30/)
  assert.match(said(() => readWeek({})).from_1 ?? '', /at least one day/)
})
