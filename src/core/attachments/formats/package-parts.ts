import type { Parts } from './xml.ts'

/**
 * Parts of an Office Open XML package that are of a kind by what the package says of them: the content type of the
 * part, or the type of a relation that leads to it. Names say nothing: programs put parts where they like.
 */
export function partsOfKind(parts: Parts, kind: RegExp): string[] {
  const found = new Set<string>()
  for (const [override] of (parts.text('[Content_Types].xml') ?? '').matchAll(/<Override\s[^>]*>/g)) {
    const part = attribute(override, 'PartName')?.replace(/^\//, '')
    if (part && kind.test(attribute(override, 'ContentType') ?? '')) found.add(part)
  }
  for (const name of parts.names.filter((one) => one.endsWith('.rels')))
    for (const [relation] of (parts.text(name) ?? '').matchAll(/<Relationship\s[^>]*>/g)) {
      const target = attribute(relation, 'Target')
      const isInside = !/TargetMode\s*=\s*["']External["']/i.test(relation)
      if (target && isInside && kind.test(attribute(relation, 'Type') ?? '')) found.add(targetOf(name, target))
    }
  return parts.names.filter((name) => found.has(name))
}

/** Name of the part that a relation leads to, by the name of the part that holds the relation. */
export function targetOf(relations: string, target: string): string {
  const folder = relations.replace(/_rels\/[^/]+$/, '')
  try {
    return decodeURI(new URL(target, `http://part/${folder}`).pathname).slice(1)
  } catch {
    return target
  }
}

const attribute = (element: string, name: string): string | undefined =>
  new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(element)?.[1]
