import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Fragment, h } from 'preact'
import { render } from 'preact-render-to-string'
import { modules } from '../src/app/modules.ts'
import { systemClock } from '../src/core/config/index.ts'
import { saidIn, vectorOf } from '../src/core/search/index.ts'
import type { Services, Viewer, Visit } from '../src/core/module/types.ts'
import { loadJoined } from '../src/modules/incidents/merge/load-joined.ts'
import { listCarried } from '../src/modules/incidents/share/carried.ts'
import { listRooms } from '../src/modules/incidents/read/incident-rooms.tsx'
import { listAlike } from '../src/modules/incidents/alike/list-alike.ts'
import { IncidentPage } from '../src/modules/incidents/read/incident-page.tsx'
import { type IncidentFilter, listOwn } from '../src/modules/incidents/read/list-own.ts'
import { pictures, pictureNames } from '../src/modules/incidents/picture/pictures.ts'
import { readPicture } from '../src/modules/incidents/picture/asked.ts'
import { sayFor } from '../src/modules/incidents/picture/drawn.ts'
import { filterFor } from '../src/modules/incidents/read/list-query.ts'
import { loadIncident } from '../src/modules/incidents/index.ts'
import { createTranslator } from '../src/text/index.ts'
import { openBenchLedger } from './bench-ledger.ts'
import { type Figure, percentile, printFigures } from './print-figures.ts'

/**
 * The list of incidents over 100,000 of them, for somebody who may know of all and for a named reader of one in
 * twenty; pictures of them; the page of one incident with much in it; and what rooms of incidents put on Today.
 */

const incidents = Number(process.argv[2] ?? 100_000)
const rounds = Number(process.argv[3] ?? 20)
/** Only these figures: `lists`, `drawn`, `today`, `alike` or `page`. */
const only = process.argv[4]
const wanted = (part: string) => only === undefined || only === part
const limits = { listMs: 150, pageMs: 100, pictureMs: 300, alikeMs: 150 }
const heavy = '0'.repeat(32)
const start = Date.UTC(2020, 0, 1)
const apart = 2_000_000

const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
const { db, ledger, close } = await openBenchLedger(folder, 'mfa.aurelia.example')
const services = {
  ...{ db, ledger, clock: systemClock, modules: modules(), party: 'mfa.aurelia.example' },
  partyName: { en: 'Aurelia' },
  settings: { dataDir: folder, publicUrl: 'http://aurelia.test' },
  nameOf: (party: string) => party,
  people: { find: async (id: string) => ({ id, name: id, roles: [], offices: [] }), list: async () => [] },
  attachments: { kept: async () => [] },
} as unknown as Services
const figures: Figure[] = []
try {
  const loading = performance.now()
  await load()
  console.log(`${incidents} incidents loaded in ${((performance.now() - loading) / 1000).toFixed(0)} s`)
  // Named readers of one in twenty see nothing else.
  for (const [who, id] of [
    ['', 'lead'],
    [', for a reader of one in twenty', 'twentieth'],
  ] as const) {
    if (wanted('lists')) await lists(who, id)
    if (wanted('drawn')) await drawn(who, id)
    if (wanted('today')) await today(who, id)
    if (wanted('alike')) await alike(who, id)
  }
  if (wanted('page')) await page()
  process.exitCode = printFigures(`Incidents at home, ${incidents} of them, ${rounds} of each`, figures)
} finally {
  await close()
  await rm(folder, { recursive: true, force: true })
}
process.exit()

function viewerOf(id: string): Viewer {
  const office = { id: 'cyber-desk', name: { en: 'Cyber desk' } }
  return {
    person: { id, name: id, language: 'en', zone: 'Europe/Paris' },
    ...{ office, offices: [office], roles: [], ceiling: 'RED', sessionId: 's', may: () => true },
  } as unknown as Viewer
}

async function load(): Promise<void> {
  await sql`select setseed(0.4)`.execute(db)
  await sql`
    insert into home.incidents_incident (id, year, number, code_name, title, summary, category, drill, ceiling, marking,
      state, source, opened_by, office, opened_at, touched_at, lead, restricted)
    select lpad(to_hex(i), 32, '0'), 2020 + i / 17000, i, 'Name ' || i, 'Disruption of works ' || i % 997,
      'What happened at site ' || i, (array['availability', 'fraud', 'intrusions', 'malicious-code'])[1 + i % 4],
      i % 10 = 9, 'RED', (array['GREEN', 'AMBER', 'AMBER', 'RED'])[1 + i % 4],
      case when i % 50 = 0 then 'open' when i % 50 = 1 then 'contained' else 'closed' end,
      '{"kind":"form"}', 'lead', 'cyber-desk', ${start} + i::bigint * ${apart}, ${start} + i::bigint * ${apart},
      'lead', true
    from generate_series(0, ${incidents - 1}::int) i`.execute(db)
  await sql`
    insert into home.incidents_severity (id, incident, scheme, answers, why, figure, level, by_person, at)
    select 's' || number || '-' || n, id, 'chancery-1', '{}', '', 8,
      (array['minor', 'serious', 'severe', 'critical'])[1 + (number + n) % 4], 'lead', opened_at
    from home.incidents_incident cross join generate_series(1, 2) n where number % 3 > 0`.execute(db)
  const words = vectorOf(saidIn({ title: 'Disruption of works', summary: 'What happened at site' }), [])
  await sql`
    insert into home.incidents_words select id, ${words}::tsvector || to_tsvector('simple', title || ' ' || code_name || ' ' || summary)
    from home.incidents_incident`.execute(db)
  await sql`
    insert into home.incidents_reader (id, incident, kind, who, by_person, at)
    select 'r' || number, id, 'person', case when number % 20 = 0 then 'twentieth' else 'other' || number % 40 end,
      'lead', opened_at from home.incidents_incident`.execute(db)
  for (const [kind, codes] of [
    ['sector', ['energy', 'health', 'banking', 'transport', 'space']],
    ['country', ['FR', 'DE', 'PL', 'EE', 'AU', 'BR', 'KE']],
  ] as const)
    await sql`
      insert into home.incidents_particular (id, incident, kind, value, known_by, known_since, consent, by_person, at)
      select ${kind} || number, id, ${kind},
        jsonb_build_object('code', (${codes as readonly string[]}::text[])[1 + number % ${codes.length}::int]), 'us', '2026',
        'not-needed', 'lead', opened_at from home.incidents_incident`.execute(db)
  await sql`
    insert into home.incidents_link select id, 'space' || number % 300, 'lead', opened_at
    from home.incidents_incident where number % 4 = 0`.execute(db)
  await sql`
    insert into home.legal_clocks_trigger (id, matter, incident, regime, role, entity, authority, aware_at, precision,
      zone, who, what, reason, withdrawn, by_person, at)
    select 't' || number, 'm' || number, id, 'nis2', 'report', 'Works', 'CSIRT', opened_at, 'minute', 'Europe/Paris',
      'the desk', 'of an outage', '', number % 100 > 0, 'lead', opened_at
    from home.incidents_incident where number % 20 = 0`.execute(db)
  await sql`
    insert into home.response_decision (id, incident, number, decided_on, decided_by, rung, considered, chosen, why,
      despite, dissent, review_on, by_person, at)
    select 'd' || number, id, 1, '2026-01-01', 'the minister', 'retorsion', '[]', '{}', '', '', '',
      case when number % 1000 = 0 then '2026-01-02' else '2099-01-01' end, 'lead', opened_at
    from home.incidents_incident where number % 20 = 0`.execute(db)
  await sql`
    insert into home.incidents_particular (id, incident, kind, value, known_by, known_since, consent, by_person, at)
    select 'event' || number, id, 'event', jsonb_build_object('words', 'Traffic stopped', 'when', jsonb_build_object(
        'precision', (array['day', 'minute', 'month'])[1 + number % 3], 'zone', 'Europe/Paris',
        'local', left((to_timestamp(opened_at / 1000) - interval '3 days')::date::text
          || case when number % 3 = 1 then 'T10:00' else '' end, case when number % 3 = 2 then 7 else 16 end))),
      'us', '2026', 'not-needed', 'lead', opened_at
    from home.incidents_incident`.execute(db)
  await sql`
    insert into home.attributions_claim (id, claim, incident, content, tlp, why, by_person, at)
    select 'c' || number, 'c' || number, id, jsonb_build_object('maker', 'other', 'name', 'A firm', 'kind', 'technical',
        'source', 'report', 'accused', case when number % 9 = 0 then '' else 'Group ' || number % 60 end,
        'basis', (array['industry', 'government', 'third-party'])[1 + number % 3],
        'day', (to_timestamp(opened_at / 1000) + number % 200 * interval '1 day')::date::text), 'AMBER', '', 'lead',
      opened_at from home.incidents_incident where number % 3 = 0`.execute(db)
  await sql`
    insert into home.attributions_dispute (id, claim, disputed_by, day, words, by_person, at)
    select 'd' || id, id, 'A party', '2026-01-01', '', 'lead', at from home.attributions_claim
    where ordinal % 10 = 0`.execute(db)
  // Three addresses each for one in five, drawn from 20,000; victims for one in ten, from 2,000.
  await sql`
    insert into home.incidents_object (incident, ordinal, stix_id, version, type, name, tlp, marked_by, mentions, ends, text)
    select id, n, 'ipv4-addr--' || number || '-' || n, '1', 'ipv4-addr', '10.0.' || (number * 7 + n * 131) % 20000, 'AMBER', 'x',
      '{}', '{}', '{}' from home.incidents_incident cross join generate_series(1, 3) n where number % 5 = 0 and number > 0`.execute(
    db,
  )
  await sql`
    insert into home.incidents_particular (id, incident, kind, value, known_by, known_since, consent, by_person, at)
    select 'v' || number, id, 'victim', jsonb_build_object('words', 'Works number ' || number % 2000), 'us', '2026', 'not-needed',
      'lead', opened_at from home.incidents_incident where number % 10 = 0`.execute(db)
  await fill()
  await sql`vacuum (analyze)`.execute(db)
}

/** One incident with 1,000 entries, 300 items of evidence against 20 hypotheses, and 500 objects. */
async function fill(): Promise<void> {
  await sql`
    insert into home.incidents_entry (id, incident, at, written_at, by_person, kind, words, facts)
    select 'e' || i, ${heavy}, ${start}::bigint + i * 60000, ${start}::bigint + i * 60000, 'p' || i % 8, 'written',
      'At this hour the third site answered again, number ' || i, '{}' from generate_series(1, 1000) i`.execute(db)
  await sql`
    insert into home.incidents_hypothesis select 'h' || i, ${heavy}, i, 'Hypothesis number ' || i, 'lead', ${start}
    from generate_series(1, 20) i`.execute(db)
  await sql`
    insert into home.incidents_evidence (id, incident, number, words, source, reliability, credibility, tlp, by_person, at)
    select 'v' || i, ${heavy}, i, 'Item of evidence ' || i, 'A sensor', 'B', '2', 'AMBER', 'lead', ${start}
    from generate_series(1, 300) i`.execute(db)
  await sql`
    insert into home.incidents_mark select 'v' || e, 'h' || h, (array['C', 'CC', 'N', 'I', 'II'])[1 + (e * h) % 5], 'lead',
      ${start} from generate_series(1, 300) e cross join generate_series(1, 20) h`.execute(db)
  await sql`
    insert into home.incidents_object (incident, ordinal, stix_id, version, type, name, tlp, marked_by, mentions, ends, text)
    select ${heavy}, i, 'indicator--' || i, '1', 'ipv4-addr', '10.0.' || i, 'AMBER', 'x', '{}', '{}', '{}'
    from generate_series(1, 500) i`.execute(db)
  await sql`
    insert into home.incidents_fact (id, incident, state, words, by_person, since)
    select 'f' || i, ${heavy}, (array['known', 'unknown', 'contested'])[1 + i % 3], 'A line of what is known ' || i, 'lead',
      ${start} from generate_series(1, 30) i`.execute(db)
}

async function measure(what: string, limit: number, ask: () => Promise<unknown>): Promise<void> {
  const took: number[] = []
  for (let round = 0; round < rounds + 2; round += 1) {
    const began = performance.now()
    await ask()
    if (round >= 2) took.push(performance.now() - began)
  }
  figures.push({ what: `${what}, p50`, value: percentile(took, 0.5), unit: 'ms' })
  figures.push({ what: `${what}, p95`, value: percentile(took, 0.95), unit: 'ms', limit })
}

async function lists(who: string, id: string): Promise<void> {
  const asked: [what: string, filter: IncidentFilter, offset?: number][] = [
    ['everything', {}],
    ['everything, the hundredth page', {}, 4_950],
    ['open ones', { state: 'open' }],
    ['a category', { category: 'fraud' }],
    ['a category without any', { category: 'vulnerable' }],
    ['a severity', { severity: 'severe' }],
    ['a sector', { sector: 'energy' }],
    ['a country of victims', { country: 'EE' }],
    ['drills', { drill: true }],
    ['a month', { from: '2023-03-01', until: '2023-03-31' }],
    ['a space', { spaces: ['space40'] }],
    ['a party: forty spaces', { spaces: Array.from({ length: 40 }, (_, at) => `space${at * 4}`) }],
    ['with a clock that runs', { clock: true }],
    ['a marking', { marking: 'GREEN' }],
    ['a lead', { lead: 'lead' }],
    ['somebody accused', { accused: 'group 7' }],
    ['nobody accused', { accused: '' }],
    ['a common word', { words: 'works' }],
    ['a rare word', { words: '4711' }],
    ['open, a sector and a country', { state: 'open', sector: 'energy', country: 'FR' }],
  ]
  for (const [what, filter, offset = 0] of asked) {
    const { states } = await listOwn(services, viewerOf(id), filter, { limit: 50 })
    const count = filter.state ? states[filter.state] : Object.values(states).reduce((sum, n) => sum + n, 0)
    await measure(`${what}${who} (${count})`, limits.listMs, () =>
      listOwn(services, viewerOf(id), filter, { limit: 50, offset }),
    )
  }
}

async function drawn(who: string, id: string): Promise<void> {
  const t = createTranslator('en')
  for (const name of pictureNames)
    for (const asked of name === 'times'
      ? ['per=month', 'by=start']
      : name === 'targets'
        ? ['of=country', 'of=sector']
        : ['']) {
      const query = new URLSearchParams(asked)
      await measure(`picture ${name} ${asked}${who}`, limits.pictureMs, async () => {
        const viewer = viewerOf(id)
        const visit = { services, viewer, t, language: 'en', query } as unknown as Visit
        const picture = readPicture(services, query)
        const filter = await filterFor(services, picture.list)
        const say = sayFor(visit, false)
        const { chart } = await pictures[name]({ visit, asked: picture, filter, say })
        return render(h(Fragment, {}, chart))
      })
    }
}

/** What an incident is compared with: one that shares what many share, one that shares little, one full of objects. */
async function alike(who: string, id: string): Promise<void> {
  const asked: [string, string][] = [
    ['with objects, victim and a title as all others have', `${'0'.repeat(28)}0064`],
    ['with a title as all others have', `${'0'.repeat(28)}0078`],
    ['with 500 objects', heavy],
  ]
  for (const [what, incident] of asked) {
    const found = await listAlike(services, viewerOf(id), incident)
    await measure(`incidents alike one ${what}${who} (${found.length} listed)`, limits.alikeMs, () =>
      listAlike(services, viewerOf(id), incident),
    )
  }
}

async function today(who: string, id: string): Promise<void> {
  for (const name of ['response', 'legal-clocks']) {
    const room = services.modules.find((one) => one.name === name)
    const lines = await room?.needs?.(services, viewerOf(id))
    await measure(`Today: ${name}${who} (${lines?.length} lines)`, limits.pageMs, async () =>
      room?.needs?.(services, viewerOf(id)),
    )
  }
}

async function page(): Promise<void> {
  const viewer = viewerOf('lead')
  const visit = {
    ...{ services, viewer, params: { incident: heavy }, language: 'en', t: createTranslator('en') },
    ...{
      values: {},
      input: {},
      query: new URLSearchParams(),
      request: new Request('http://x.test/'),
      wantsJson: false,
    },
  } as unknown as Visit
  let bytes = 0
  await measure('page of an incident with 300 items, 1,000 entries and 500 objects', limits.pageMs, async () => {
    const loaded = await loadIncident(services, viewer, heavy)
    const rooms = await listRooms(services, viewer, heavy)
    const joined = await loadJoined(services, viewer, loaded)
    bytes = render(
      IncidentPage({ visit, loaded, joined, rooms, carried: await listCarried(services, viewer, heavy), bundles: [] }),
    ).length
  })
  figures.push({ what: 'that page', value: bytes / 1_000, unit: 'kB' })
}
