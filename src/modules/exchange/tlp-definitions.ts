import type { Json, Tlp } from '../../protocol/types.ts'

/** Ids that STIX 2.1 §7.2.1 (TLP 1) and the OASIS TLP 2.0 extension fix. Nobody may make other instances of them. */
const tlp1: Record<string, { tlp: Tlp; value: string }> = {
  'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9': { tlp: 'CLEAR', value: 'white' },
  'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da': { tlp: 'GREEN', value: 'green' },
  'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82': { tlp: 'AMBER', value: 'amber' },
  'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed': { tlp: 'RED', value: 'red' },
}

const tlp2: Record<string, { tlp: Tlp; value: string }> = {
  'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487': { tlp: 'CLEAR', value: 'clear' },
  'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb': { tlp: 'GREEN', value: 'green' },
  'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421': { tlp: 'AMBER', value: 'amber' },
  'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003': { tlp: 'AMBER+STRICT', value: 'amber+strict' },
  'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1': { tlp: 'RED', value: 'red' },
}

/** Key of the TLP 2.0 property extension (oasis-open/cti-stix-common-objects). */
export const tlp2Extension = 'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d'

/** Ids of all standard definitions, TLP 1 and TLP 2.0. */
export const standardIds: readonly string[] = [...Object.keys(tlp1), ...Object.keys(tlp2)]

/** The label a standard marking definition stands for, by its id alone; undefined for any other id. */
export const standardTlp = (id: string): Tlp | undefined => (tlp1[id] ?? tlp2[id])?.tlp

/** Value that a standard definition's content must carry, e.g. `amber+strict`. */
export const standardValue = (id: string): string | undefined => (tlp1[id] ?? tlp2[id])?.value

/** Id of the TLP 2.0 marking definition of a label. */
export function tlp2Id(tlp: Tlp): string {
  const found = Object.entries(tlp2).find(([, definition]) => definition.tlp === tlp)
  if (!found) throw new Error(`no TLP 2.0 definition of ${tlp}`)
  return found[0]
}

/** The standard definition as an object, for bundles that refer to it without bringing it along. */
export function standardDefinition(id: string): Json | undefined {
  const older = tlp1[id]
  if (older) {
    return {
      type: 'marking-definition',
      spec_version: '2.1',
      id,
      created: '2017-01-20T00:00:00.000Z',
      definition_type: 'tlp',
      name: `TLP:${older.value.toUpperCase()}`,
      definition: { tlp: older.value },
    }
  }
  const newer = tlp2[id]
  return (
    newer && {
      type: 'marking-definition',
      spec_version: '2.1',
      id,
      created: '2022-10-01T00:00:00.000Z',
      name: `TLP:${newer.tlp}`,
      extensions: { [tlp2Extension]: { extension_type: 'property-extension', tlp_2_0: newer.value } },
    }
  )
}
