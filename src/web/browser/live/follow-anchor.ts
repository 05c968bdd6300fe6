/** An address kept from before, `/spaces/x#act-…`, whose act stands on an older page: asks for the page that holds it. */
export function followAnchor(page: Document): void {
  const { hash, href, pathname } = page.location
  const act = /^#act-([A-Za-z0-9_-]{43})$/.exec(hash)?.[1]
  if (!act || !/^\/spaces\/[0-9a-f]{32}$/.test(pathname) || page.getElementById(`act-${act}`)) return
  const there = new URL(href)
  // Asked for already and not there: the act is not of this space.
  if (there.searchParams.get('act') === act) return
  there.search = new URLSearchParams({ act }).toString()
  page.location.replace(there)
}
