import type { Person } from '../person.ts'

const hypotheses = [
  'A group in Borovia runs the servers itself',
  'The hosts in Borovia are themselves victims; somebody routes through them',
  'A paid affiliate of a criminal service, of no country in particular',
  'Somebody within a bank of Aurelia opened the way',
]

interface Item {
  words: string
  source: string
  /** Admiralty: reliability of the source, credibility of the information. */
  grade: `${string}${number}`
  /** How it stands to each hypothesis, in their order. */
  marks: readonly string[]
}

const items: readonly Item[] = [
  {
    words: 'The control servers answered from hosts of three hosting firms located in Borovia',
    source: 'CERT Aurelia, traffic records of two banks',
    grade: 'B2',
    marks: ['+', '+', '0', '0'],
  },
  {
    words: 'Operators were active during office hours of Borovia',
    source: 'Vendor report',
    grade: 'C3',
    marks: ['+', '-', '-', '0'],
  },
  {
    words: 'The malware shares code with a family sold openly since 2024',
    source: 'CERT Aurelia, code comparison',
    grade: 'B2',
    marks: ['0', '0', '+', '0'],
  },
  {
    words: 'Two banks wrote to the address of the ransom note; nobody ever answered',
    source: 'Security desks of two banks',
    grade: 'B1',
    marks: ['0', '0', '--', '-'],
  },
  {
    words: 'First entry was by a valid account of a supplier’s remote maintenance',
    source: 'CERT Aurelia, sign-in records',
    grade: 'B2',
    marks: ['0', '0', '+', '+'],
  },
  {
    words: 'No employee had access at more than one of the three banks',
    source: 'Supervisory authority',
    grade: 'B2',
    marks: ['0', '0', '0', '--'],
  },
  {
    words: 'No traffic between the hosts and networks of public bodies in Borovia was seen',
    source: 'Transit operator, sampled flows',
    grade: 'D4',
    marks: ['-', '0', '0', 'na'],
  },
  {
    words: 'A voice on a forum claims the attack for a group that nobody knows',
    source: 'Open source, account of one day',
    grade: 'E5',
    marks: ['+', '-', '0', '-'],
  },
]

/** What Borovia’s contest brought home. */
const takeover: Item = {
  words: 'Traces of a takeover from outside on 14 November on the three hosts',
  source: 'Borovia, contested facts of 18 November',
  grade: 'B2',
  marks: ['--', '++', '0', '0'],
}

/** Hypotheses and graded items on one matrix, and the first judgement; each form leads back to the page. */
export async function weigh(analyst: Person, incident: string): Promise<void> {
  await analyst.open(`/incidents/${incident}/weighing`)
  for (const statement of hypotheses) await analyst.send('/hypotheses', { statement })
  for (const item of items) await addItem(analyst, item)
  await analyst.send('/assessments', {
    hypothesis: { option: 'runs the servers itself' },
    probability: 'icd-203:likely',
    confidence: 'moderate',
    sources: 'CERT Aurelia is proven; the vendor is usually reliable',
    independence: 'Three sources of our own and one vendor, none drawing on another',
    assumptions: 'The hours of activity were not chosen to mislead',
    gaps: 'Nothing is known of who rented the hosts',
    why: 'The location and the hours of activity point there; little yet contradicts it.',
  })
}

export async function weighAgain(analyst: Person, incident: string): Promise<void> {
  await analyst.open(`/incidents/${incident}/weighing`)
  await addItem(analyst, takeover)
  await analyst.send('/assessments', {
    hypothesis: { option: 'themselves victims' },
    probability: 'icd-203:very-likely',
    confidence: 'moderate',
    sources: 'Traces told by the party concerned; records of our own',
    independence: 'The account of Borovia is not confirmed by anybody else yet',
    assumptions: 'The traces were not made afterwards',
    gaps: 'The images of the three hosts were not seen here',
    why: 'The takeover from outside contradicts the first hypothesis and fits the second.',
  })
}

/** What Borovia’s investigators told of the account behind the hosts. */
const wallet: Item = {
  words: 'Whoever took over the hosts paid from the same wallet as the sellers of the malware',
  source: 'Cybercrime unit of Borovia, told between authorities; confirmed by payment records in Aurelia',
  grade: 'A1',
  marks: ['--', '0', '++', '--'],
}

/** Weeks later: one item more, from the other side, and the third judgement. */
export async function weighTogether(analyst: Person, incident: string): Promise<void> {
  await analyst.open(`/incidents/${incident}/weighing`)
  await addItem(analyst, wallet)
  await analyst.send('/assessments', {
    hypothesis: { option: 'paid affiliate' },
    probability: 'icd-203:almost-certain',
    confidence: 'high',
    sources: 'Two authorities, each with records of its own',
    independence: 'Payment records of two countries, neither drawn from the other',
    assumptions: 'The wallet was not handed on between the two payments',
    gaps: 'Who ordered this attack of the service is not known',
    why: 'The same wallet paid for the hosts and was paid for the malware; the hosts were victims, and somebody rented them out.',
  })
}

async function addItem(analyst: Person, { words, source, grade, marks }: Item): Promise<void> {
  const [reliability = '', credibility = ''] = grade
  await analyst.send('/evidence', {
    ...{ words, source, reliability, credibility, tlp: 'AMBER' },
    ...Object.fromEntries(marks.map((mark, at) => [`mark-${at + 1}`, mark])),
  })
}
