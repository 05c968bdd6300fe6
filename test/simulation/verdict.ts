import type { Adversary, Stage, StageNode } from '../adversaries/index.ts'
import { type Detected, listAttested, listDetected, verifiers } from './oracle.ts'

/** Undetected, wrongly accused, or accused by evidence that a verifier refuses: each is a failure. */
export async function judge<S extends Stage>(
  scene: S,
  adversary: Adversary<S>,
  honest: readonly StageNode[],
): Promise<string | undefined> {
  const detected = await listDetected(honest, scene.space)
  const wrong = detected.find(({ accused }) => accused !== scene.host.party)
  if (wrong) return `${wrong.by} accuses ${wrong.accused}, who is honest`
  const contradictsNothing = adversary.evidence === 'nothing' || adversary.evidence === 'ignored-tender'
  if (contradictsNothing && detected.length > 0)
    return `${detected[0]?.by} accuses a host against whom there is no such evidence`
  if (adversary.evidence === 'nothing') return adversary.endured?.(scene)
  const found = await listFound(adversary, honest, scene.space)
  if (found.length === 0) {
    const others = detected.map(({ kind }) => kind).join(', ')
    return `undetected: nobody holds ${adversary.evidence}${others ? `, but ${others}` : ''}`
  }
  const wanted = adversary.evidence === 'ignored-tender' ? 'attested' : 'proven'
  for (const { by, accused, evidence } of found) {
    if (!evidence) return `${by} has no evidence file`
    if (accused !== scene.host.party) return `${by} accuses ${accused}, who is honest`
    for (const verifier of verifiers) {
      const verdict = await verifier.judge(evidence)
      if (verdict !== wanted) return `${verifier.name} calls the evidence of ${by} ${verdict}`
    }
  }
  const lack = lackOf(adversary, found)
  return lack && `undetected: nobody holds more than evidence ${lack}`
}

/** Whether there is already what {@link judge} will ask for: then nobody waits any longer. */
export async function isShown<S extends Stage>(
  scene: S,
  adversary: Adversary<S>,
  honest: readonly StageNode[],
): Promise<boolean> {
  if (adversary.evidence === 'nothing') return (await adversary.endured?.(scene)) === undefined
  const found = await listFound(adversary, honest, scene.space)
  return found.length > 0 && lackOf(adversary, found) === undefined
}

type Wanted = Pick<Adversary, 'evidence' | 'demands'>

/** Evidence of the kind that this misbehaviour must leave. */
async function listFound({ evidence }: Wanted, honest: readonly StageNode[], space: string): Promise<Detected[]> {
  const found = await (evidence === 'ignored-tender' ? listAttested(honest, space) : listDetected(honest, space))
  return found.filter(({ kind }) => kind === evidence)
}

/** What every file lacks of what this misbehaviour demands. */
function lackOf({ demands }: Wanted, found: readonly Detected[]): string | undefined {
  const lacks = found.map(({ evidence }) => (evidence ? demands?.(evidence) : 'that is not on file'))
  return lacks.includes(undefined) ? undefined : lacks[0]
}
