import { Refusal } from '../../core/http/index.ts'
import { atHome, mayLeave } from '../../core/markings/index.ts'
import type { Draft, Services, SpaceFacts, Viewer } from '../../core/module/types.ts'

/** What keeps a draft with these files from being handed on; one sentence each, by message key. */
export interface FileTrouble {
  key: 'files.trouble.undecided' | 'files.trouble.receiving' | 'files.trouble.not-for' | 'files.trouble.above-you'
  facts: { name: string; party?: string }
}

/**
 * Every file is decided on, and marked so that every party that reads the space may have it. All members read every
 * act: a file that one of them may not have belongs in another space.
 */
export async function troublesOf(
  services: Services,
  viewer: Viewer,
  draft: Draft,
  space: Pick<SpaceFacts, 'members'>,
): Promise<FileTrouble[]> {
  const files = draft.state === 'sent' ? [] : await services.attachments.list(draft.id)
  const parties = space.members.filter(({ until }) => until === undefined).map(({ party }) => party)
  return files.flatMap((file): FileTrouble[] => {
    if (file.state === 'receiving') return [{ key: 'files.trouble.receiving', facts: { name: file.name } }]
    if (file.state !== 'ready') return [{ key: 'files.trouble.undecided', facts: { name: file.name } }]
    if (!mayLeave(file.marking, { exit: 'page', reader: atHome(services, viewer) }).allowed)
      return [{ key: 'files.trouble.above-you', facts: { name: file.name } }]
    const { audience } = file.marking
    const without = audience && parties.find((party) => party !== services.party && !audience.includes(party))
    return without === undefined ? [] : [{ key: 'files.trouble.not-for', facts: { name: file.name, party: without } }]
  })
}

/** @throws Refusal `files.undecided` with the first file that keeps it */
export async function requireFilesDecided(
  services: Services,
  viewer: Viewer,
  draft: Draft,
  space: Pick<SpaceFacts, 'members'>,
): Promise<void> {
  const [trouble] = await troublesOf(services, viewer, draft, space)
  if (trouble) throw new Refusal('files.undecided', { name: trouble.facts.name })
}
