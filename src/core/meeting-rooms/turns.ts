/** One step at a time for each name; whoever asks while one runs shares the next, which sees what is so by then. */
export function createTurns<T>() {
  const turns = new Map<string, { now: Promise<T>; next?: Promise<T> }>()

  function run(name: string, step: () => Promise<T>): Promise<T> {
    const turn: { now: Promise<T>; next?: Promise<T> } = { now: step() }
    turns.set(name, turn)
    const end = () => {
      if (!turn.next) turns.delete(name)
    }
    turn.now.then(end, end)
    return turn.now
  }

  return {
    take(name: string, step: () => Promise<T>): Promise<T> {
      const turn = turns.get(name)
      if (!turn) return run(name, step)
      const begin = () => run(name, step)
      turn.next ??= turn.now.then(begin, begin)
      return turn.next
    },
  }
}
