/** Several short things in one cell, a line each. */
export function Lines({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return <>–</>
  return (
    <>
      {lines.map((one, at) => (
        <div key={at}>{one}</div>
      ))}
    </>
  )
}
