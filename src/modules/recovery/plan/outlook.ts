/** What is known of a service when it is asked when it will do again. */
export interface Node {
  id: string
  /** Ids of the services it needs; one that is not given is hidden from whoever asks. */
  needs: readonly string[]
  /** `unreported`: nobody told how it stands. */
  standing: 'enough' | 'not-enough' | 'unreported'
  /** When it is expected by those who answer for it, ms. */
  stated?: number
}

export interface Outlook {
  /** Services it needs that will not do yet. */
  blockers: string[]
  /** At the end of those: what will not do and waits for nothing else. */
  roots: string[]
  /** Services, itself among them, of which nobody says when. */
  silent: string[]
  /** Services beneath it of which nobody told how they stand. */
  unreported: string[]
  /** Services beneath it that are hidden from whoever asks: ids without a name. */
  hidden: string[]
  /** The latest of what was stated for it and all it waits for: it cannot be expected sooner. */
  notBefore?: number
  /** The same, where nothing it waits for is silent: when it can be expected. */
  expected?: number
  /** From what decides over `notBefore` up to the service itself. */
  path: string[]
}

/** When each service that will not do can be expected; a service that will do has no outlook. */
export function outlooks(nodes: readonly Node[]): Map<string, Outlook> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const found = new Map<string, Outlook>()
  const visit = (node: Node): Outlook => {
    const known = found.get(node.id)
    if (known) return known
    const needed = node.needs.flatMap((id) => byId.get(id) ?? [])
    const waiting = needed.filter(({ standing }) => standing === 'not-enough')
    const beneath = waiting.map((one) => ({ id: one.id, outlook: visit(one) }))
    const unseen = node.needs.filter((id) => !byId.has(id))
    const outlook = join(node, { needed, unseen }, beneath)
    found.set(node.id, outlook)
    return outlook
  }
  for (const node of nodes) if (node.standing === 'not-enough') visit(node)
  return found
}

function join(
  node: Node,
  { needed, unseen }: { needed: readonly Node[]; unseen: readonly string[] },
  beneath: readonly { id: string; outlook: Outlook }[],
): Outlook {
  const all = (list: (outlook: Outlook) => string[]) => beneath.flatMap(({ outlook }) => list(outlook))
  const silent = distinct([...(node.stated === undefined ? [node.id] : []), ...all((one) => one.silent)])
  const unreported = needed.filter(({ standing }) => standing === 'unreported').map(({ id }) => id)
  const latest = beneath
    .filter(({ outlook }) => outlook.notBefore !== undefined)
    .toSorted((a, b) => (b.outlook.notBefore ?? 0) - (a.outlook.notBefore ?? 0))[0]?.outlook
  const isHeldUp = latest?.notBefore !== undefined && (node.stated === undefined || latest.notBefore >= node.stated)
  const notBefore = isHeldUp ? latest.notBefore : node.stated
  return {
    blockers: beneath.map(({ id }) => id),
    roots:
      beneath.length === 0
        ? []
        : distinct(beneath.flatMap(({ id, outlook }) => (outlook.roots.length ? outlook.roots : [id]))),
    silent,
    unreported: distinct([...unreported, ...all((one) => one.unreported)]),
    hidden: distinct([...unseen, ...all((one) => one.hidden)]),
    ...(notBefore !== undefined && { notBefore }),
    ...(notBefore !== undefined && silent.length === 0 && { expected: notBefore }),
    path: [...(isHeldUp ? latest.path : []), node.id],
  }
}

const distinct = (list: readonly string[]): string[] => [...new Set(list)]

/** The way round on which a service would come to need itself, from it back to it; undefined where there is none. */
export function circleFrom(
  needs: ReadonlyMap<string, readonly string[]>,
  { service, needs: given }: { service: string; needs: readonly string[] },
): string[] | undefined {
  const seen = new Set<string>()
  const walk = (id: string, way: readonly string[]): string[] | undefined => {
    if (id === service) return [...way, id]
    if (seen.has(id)) return undefined
    seen.add(id)
    for (const next of needs.get(id) ?? []) {
      const circle = walk(next, [...way, id])
      if (circle) return circle
    }
    return undefined
  }
  for (const id of given) {
    const circle = walk(id, [service])
    if (circle) return circle
  }
  return undefined
}

/** How far each service stands from the ground: 0 needs nothing of the plan. */
export function levels(nodes: readonly Pick<Node, 'id' | 'needs'>[]): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const found = new Map<string, number>()
  const level = (id: string): number => {
    const known = found.get(id)
    if (known !== undefined) return known
    const beneath = (byId.get(id)?.needs ?? []).filter((one) => byId.has(one)).map(level)
    const own = beneath.length === 0 ? 0 : Math.max(...beneath) + 1
    found.set(id, own)
    return own
  }
  for (const { id } of nodes) level(id)
  return found
}
