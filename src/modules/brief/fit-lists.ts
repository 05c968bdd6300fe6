/**
 * How much of each list is shown so that all of it fits: the same number of each first, then more of one after the
 * other in their order.
 */
export async function fitLists(
  lengths: readonly number[],
  fits: (shown: readonly number[]) => Promise<boolean>,
): Promise<number[]> {
  const alike = (most: number) => lengths.map((length) => Math.min(length, most))
  const most = await largest(Math.max(0, ...lengths), (count) => fits(alike(count)))
  let shown = alike(most)
  for (const [at, length] of lengths.entries()) {
    const rest = shown
    const withMore = (count: number) => rest.with(at, (rest[at] ?? 0) + count)
    shown = withMore(await largest(length - (rest[at] ?? 0), (count) => fits(withMore(count))))
  }
  return shown
}

/** The largest number up to `most` that fits, where every smaller one does too; 0 is not asked for. */
async function largest(most: number, fits: (count: number) => Promise<boolean>): Promise<number> {
  if (most === 0 || (await fits(most))) return most
  let [sure, over] = [0, most]
  while (over - sure > 1) {
    const middle = Math.floor((sure + over) / 2)
    if (await fits(middle)) sure = middle
    else over = middle
  }
  return sure
}
