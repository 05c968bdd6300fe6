import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TOTP } from 'otpauth'
import { parties } from '../../src/cli/demo/parties.ts'
import { until } from '../../src/cli/demo/person.ts'
import { actsOf, awaitAct, draftOf, letTimePass, release, write } from '../../src/cli/demo/stage.ts'
import type { BrowserPerson } from './browser-person.ts'
import { countSteps } from './journeys/steps.ts'
import { dutyNumber, setScene } from './journeys/scene.ts'

const borovia = parties.borovia.party
const noteText = 'The Ministry would be grateful for assistance in establishing the facts.'
const noteTyped = (subject: string, tlp = 'AMBER') => ({ subject, text: noteText, tlp })

/** Sheets of A4 that a browser prints of the page before somebody. */
async function sheetsOf({ page }: BrowserPerson): Promise<number> {
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
  return pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0
}

test('the ten interactions that decide adoption, each by its user’s own steps', async (t) => {
  const scene = await setScene(t)
  const { caseSpace, incident, telephones } = scene
  const { analyst, drafter, releaser, dutyOfficer, deskOfficer } = scene.people
  const journey = (title: string, play: (steps: ReturnType<typeof countSteps>) => Promise<void>) =>
    t.test(title, async (step) => {
      const steps = countSteps()
      await play(steps)
      step.diagnostic(steps.figure())
    })
  const letter = { note: '', number: '' }

  await journey(
    '3. a note in the own letterhead and number, cleared by two, sent, and what left is told exactly',
    async (steps) => {
      const [tomas, nadia] = [steps.of(drafter), steps.of(releaser)]
      await drafter.open('/')
      await tomas.follow('/spaces')
      await tomas.follow(`/spaces/${caseSpace}`)
      await tomas.follow(`/spaces/${caseSpace}/write`)
      await tomas.follow('/write/channels.note-sent')
      const review = await tomas.send('/write/channels.note-sent', noteTyped('Intrusions into banks'))
      assert.match(review.text, /Stays home/)
      const at = `/drafts/${draftOf(review)}`
      await tomas.send(`${at}/submit`)
      await releaser.open('/')
      await nadia.follow(`${at}/review`)
      await nadia.send(`${at}/release`)
      await letTimePass(releaser, caseSpace)
      letter.note = (await awaitAct(releaser, caseSpace, { type: 'channels.note-sent' })).hash
      await releaser.open(`${at}/review`)
      const receipt = await nadia.follow(`/acts/${letter.note}`)
      assert.match(receipt.text, /Intrusions into banks/)
      const paper = await nadia.follow(`/notes/${letter.note}/letter`)
      letter.number = /\b\S*\d+\/\d{4}\b|\b\d{4}\/\S*\d+\b/.exec(paper.text)?.[0] ?? assert.fail(paper.text)
      assert.ok(paper.text.includes('Aurelia') && paper.text.includes(noteText), paper.text)
      assert.equal(steps.taps, 10)
    },
  )

  await journey('1. paged at 03:00: acknowledged in two taps on the duty telephone', async (steps) => {
    const { link } = await telephones.sms(dutyNumber)
    const marek = steps.of(dutyOfficer)
    const page = await marek.openSent(link)
    for (const shown of ['Aurelia', 'Note verbale', 'AMBER', 'agreed in the terms', 'Intrusions into banks'])
      assert.ok(page.text.includes(shown), `${shown} is not on ${page.text}`)
    await marek.send(`/notes/${letter.note}/acknowledge`)
    const { scenarioTime } = await awaitAct(releaser, caseSpace, { type: 'channels.note-acknowledged' })
    assert.equal(scenarioTime?.slice(0, 16), '2026-03-10T01:00', '03:00 in Borovia')
    assert.equal(steps.taps, 2)
  })

  await journey('2. who answers in Borovia now: the telephone one tap away, on paper with the next', async (steps) => {
    const nadia = steps.of(releaser)
    await releaser.open('/')
    const page = await nadia.follow('/directory/now')
    assert.match(page.text, /Borovia[\s\S]*\+999 2 555 0199/)
    assert.equal(steps.taps, 1)
    const sheet = await nadia.follow('/directory/print')
    assert.ok(sheet.text.replaceAll('\u00A0', ' ').includes('+999 2 555 0199'))
    assert.equal(await sheetsOf(releaser), 1)
    // What was opened stays readable when the line is gone.
    await releaser.context.setOffline(true)
    assert.ok(await releaser.page.getByText('0199').first().isVisible())
    await releaser.context.setOffline(false)
  })

  await journey(
    '4. the same to a party without a node: noted, written, cleared, and taken along as PDF',
    async (steps) => {
      const [tomas, nadia] = [steps.of(drafter), steps.of(releaser)]
      await releaser.open('/')
      await nadia.follow('/letters')
      await nadia.follow('/letters/parties')
      await nadia.send('/letters/parties', {
        party: 'mfa.dorlan.example',
        'name-en': 'Dorlan',
        'name-fr': 'Dorlanie',
        'name-ar': 'دورلان',
      })
      await drafter.open('/')
      await tomas.follow('/letters')
      await tomas.follow('/write/channels.note-sent?to=')
      const review = await tomas.send('/write/channels.note-sent', noteTyped('To a party without a node'))
      const at = `/drafts/${draftOf(review)}`
      await tomas.send(`${at}/submit`)
      await releaser.open('/')
      await nadia.follow(`${at}/review`)
      await nadia.send(`${at}/release`)
      await until('the letter to be signed', async () =>
        (await releaser.open('/letters')).links.some(({ href }) => /^\/letters\/[\w-]{43}$/.test(href)),
      )
      const list = await releaser.open('/letters')
      const own = list.links.find(({ href }) => /^\/letters\/[\w-]{43}$/.test(href))?.href ?? ''
      const sheet = await nadia.follow(`/notes/${own.split('/').at(-1)}/letter`)
      assert.match(sheet.text, /Dorlan/)
      const [file] = await Promise.all([
        releaser.page.waitForEvent('download'),
        releaser.page.locator('a[href$="/letter.pdf"]').click(),
      ])
      assert.match(file.suggestedFilename(), /\.pdf$/)
      assert.equal(steps.taps, 12)
    },
  )

  await journey('5. the duty is handed over with what the next must know, and taken', async (steps) => {
    const [marek, lena] = [steps.of(dutyOfficer), steps.of(deskOfficer)]
    await dutyOfficer.open('/')
    await marek.follow('/directory')
    await marek.follow('/directory/rota')
    await marek.follow('/directory/rota/hand-over')
    await marek.send('/directory/rota/hand-over', {
      to: { option: 'Lena Sorin' },
      note: 'Aurelia’s note on intrusions is acknowledged; a reply is being drafted.',
    })
    await deskOfficer.open('/')
    const sheet = await lena.follow('/directory/rota/hand-overs/')
    assert.match(sheet.text, /a reply is being drafted/)
    await lena.send('/take')
    assert.match((await deskOfficer.open('/')).text, /Lena Sorin/)
    assert.equal(steps.taps, 6)
  })

  await journey('6. a brief of one page with lines to take, cleared by a second person', async (steps) => {
    const [ilse, nadia] = [steps.of(analyst), steps.of(releaser)]
    await analyst.open('/')
    await ilse.follow('/incidents')
    await ilse.follow(`/incidents/${incident}`)
    await ilse.follow(`/incidents/${incident}/record`)
    await ilse.send(`/incidents/${incident}/bottom-line`, {
      first: 'Three banks of Aurelia stand still since Sunday.',
      second: 'Payments wait; no customer has lost money.',
      third: 'Borovia was asked for assistance and has acknowledged.',
    })
    await ilse.follow(`/incidents/${incident}/brief`)
    await ilse.send('/brief/lines', {
      lines: 'The banks are being helped.\nWe are in touch with Borovia.\nWe accuse nobody.',
    })
    await releaser.open('/')
    await nadia.follow(`/incidents/${incident}/brief`)
    const brief = await nadia.send('/brief/clear')
    assert.match(brief.text, /Cleared by Nadia Brandt[\s\S]*We accuse nobody/)
    assert.equal(await sheetsOf(releaser), 1)
    assert.equal(steps.taps, 8)
  })

  await journey('7. a wrong marking is caught at review, and a released note stopped in the hold', async (steps) => {
    const [tomas, nadia] = [steps.of(drafter), steps.of(releaser)]
    const before = (await actsOf(releaser, caseSpace)).length
    const review = await write(drafter, caseSpace, 'channels.note-sent', noteTyped('A second note', 'RED'))
    const at = `/drafts/${draftOf(review)}`
    await drafter.send(`${at}/submit`)
    await releaser.open('/')
    const seen = await nadia.follow(`${at}/review`)
    assert.match(seen.text, /Nothing so marked/)
    await nadia.send(`${at}/give-back`, { why: 'Borovia is not cleared for this: AMBER.' })
    await drafter.open('/')
    await tomas.follow(at)
    await tomas.follow(at)
    await tomas.send(at, { tlp: 'AMBER' })
    await tomas.send(`${at}/submit`)
    await releaser.open('/')
    await nadia.follow(`${at}/review`)
    await nadia.send(`${at}/release`)
    const stopped = await nadia.send(`${at}/stop`)
    assert.equal(steps.taps, 9)
    assert.doesNotMatch(stopped.text, /Held/)
    await letTimePass(releaser, caseSpace)
    const after = await actsOf(releaser, caseSpace)
    assert.deepEqual(
      after.slice(before).filter(({ type }) => type === 'channels.note-sent'),
      [],
    )
  })

  await journey(
    '8. forwarding is refused for lack of the originator’s consent, which is asked for on the spot',
    async (steps) => {
      const tomas = steps.of(drafter)
      const theirs = { ...noteTyped('What our hosts saw'), orcon: 'yes' }
      const written = await write(dutyOfficer, caseSpace, 'channels.note-sent', theirs)
      await release({ drafter: dutyOfficer, releaser: deskOfficer }, written)
      await letTimePass(releaser, caseSpace)
      const { hash } = await awaitAct(drafter, caseSpace, { type: 'channels.note-sent', author: borovia })
      await drafter.open(`/spaces/${caseSpace}`)
      await tomas.follow(`/acts/${hash}/forward`)
      const refused = await tomas.send('/forward', { to: { option: 'Calenia' } })
      assert.match(refused.text, /Not without the consent of Borovia/)
      await tomas.follow('originator.consent-requested')
      const review = await tomas.send('/write/originator.consent-requested', {
        reason: 'Calenia sees the same hosts and could confirm it.',
      })
      const at = `/drafts/${draftOf(review)}`
      await tomas.send(`${at}/submit`)
      assert.equal(steps.taps, 5)
    },
  )

  await journey('9. what did we tell them: by reference, person, form and month, printed', async (steps) => {
    const nadia = steps.of(releaser)
    await releaser.open('/')
    await nadia.follow('/search')
    const byReference = await nadia.send('/search', { ref: letter.number })
    assert.match(byReference.text, /Intrusions into banks/)
    assert.equal(steps.taps, 2)
    const today = new Date().toISOString()
    const found = await nadia.send('/search', {
      ref: '',
      party: borovia,
      direction: 'to',
      person: { option: 'Nadia Brandt' },
      form: { option: 'Note verbale' },
      from: `${today.slice(0, 8)}01`,
      until: today.slice(0, 10),
    })
    assert.match(found.text, /Intrusions into banks/)
    assert.doesNotMatch(found.text, /A second note|What our hosts saw/)
    const printed = await nadia.follow('/search/print')
    assert.ok(printed.text.includes(noteText))
    assert.equal(steps.taps, 4)
  })

  await journey('10. signed in on a locked-down PC by code; the key is lost, and its owner is back', async (steps) => {
    const [pia, omar] = [scene.people.aureliaAdministrator, scene.people.secondAdministrator]
    const [ilse, first, second] = [steps.of(analyst), steps.of(pia), steps.of(omar)]
    const enrol = async () => {
      const secret = ((await analyst.page.locator('#secret').textContent()) ?? '').replace(/\s/g, '')
      return new TOTP({ secret, digits: 6, period: 30 })
    }
    await analyst.open('/account/enrol')
    const codes = await enrol()
    await analyst.send('/account/code', { code: codes.generate() })
    await analyst.context.clearCookies()
    await analyst.open('/sign-in')
    await ilse.follow('/sign-in?with=code')
    // A code counts once: this one follows the one that was used to set codes up.
    const next = codes.generate({ timestamp: Date.now() + 30_000 })
    assert.equal((await ilse.send('/sign-in', { name: 'Ilse Maron', code: next })).path, '/')
    assert.equal(steps.taps, 2)

    await analyst.context.clearCookies()
    await pia.open('/')
    const everybody = await first.follow('/people')
    await first.follow(everybody.links.find(({ text }) => text.includes('Ilse Maron'))?.href ?? '')
    await first.send('/recovery', { reason: 'Telephone lost; I know her voice and asked her back.' })
    await omar.open('/')
    await second.follow('/people')
    const approved = await second.send('/approve')
    const link = approved.links.find(({ href }) => href.includes('/sign-in/link/'))?.href ?? assert.fail(approved.text)
    const { pathname } = new URL(link, scene.aurelia.publicUrl)
    await ilse.openSent(pathname)
    await ilse.send(pathname)
    // The link leads straight to where a new way in is chosen.
    const renewed = await enrol()
    await ilse.send('/account/code', { code: renewed.generate() })
    assert.equal((await analyst.open('/')).path, '/')
    assert.ok(steps.taps <= 12, `${steps.taps} taps`)
  })
})
