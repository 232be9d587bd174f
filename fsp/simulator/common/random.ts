/** Numbers in [0, 1) that depend only on their seed. */
export type Random = () => number

/** FNV-1a, 32 bits: spreads stream names over all seeds. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/**
 * A separate stream of random numbers for each draw (`randomOf(7, 'trip', 'islington', 3, '2026-01-15')`), so that what one
 * vehicle does never depends on how often another was drawn. Generator: mulberry32.
 */
export function randomOf(seed: number, ...names: (string | number)[]): Random {
  let state = hash(`${seed}|${names.join('|')}`)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Approximately normal (sum of four uniform numbers), so limited to ±3.5 standard deviations. */
export function bellShaped(random: Random, mean: number, deviation: number): number {
  const sum = random() + random() + random() + random()
  return mean + (sum - 2) * Math.sqrt(3) * deviation
}
