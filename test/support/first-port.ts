/**
 * Where this test process looks for free ports. Files run side by side, and between finding a port and listening on
 * it another process could take it: so each has fifty of its own.
 */
export function firstPort(): number {
  return 20_000 + (process.pid % 200) * 50
}
