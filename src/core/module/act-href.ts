/** Address of an act in the timeline of its space; the page that holds it, however old it is. */
export function actHref(space: string, act: string): string {
  return `/spaces/${space}?act=${act}#act-${act}`
}
