import { Session } from 'node:inspector/promises'

/** Where a master's processor time goes: by the module that each sample of the profiler is in. */
export const phaseNames = ['parse', 'session', 'timers', 'sockets', 'application', 'garbage', 'runtime'] as const
export type Phase = (typeof phaseNames)[number]
type Shares = Record<Phase, number>

const samplingUs = 200

/** By the beginning of a path or of the name of a built-in module; the first that fits counts. */
const places: readonly (readonly [RegExp, Phase])[] = [
  [/dnp3\/app\/deadline\.ts/, 'timers'],
  [/node:internal\/timers|node:timers|internal\/process\/task_queues/, 'timers'],
  [/dnp3\/(link|transport)\//, 'parse'],
  [/dnp3\/app\/(fragment|passed-over|sizes|measurements|batch|numbers|records|writer)/, 'parse'],
  [/dnp3\/spec\//, 'parse'],
  [/dnp3\/(master|app)\//, 'session'],
  [/dnp3\/io\/|^node:(internal\/)?(net|stream|stream_base_commons|streams|buffer|async_hooks|events)/, 'sockets'],
  [/bench\//, 'application'],
]

/** Runs work under the sampling profiler; returns the share of its busy samples in each phase. */
export async function profiled(work: () => Promise<void>): Promise<Shares> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: samplingUs })
  await session.post('Profiler.start')
  await work()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])))
  const counts = Object.fromEntries(phaseNames.map((name) => [name, 0])) as Shares
  let busy = 0
  for (const id of profile.samples ?? []) {
    const phase = phaseOf(id)
    if (phase === null) continue
    counts[phase]++
    busy++
  }
  for (const name of phaseNames) counts[name] /= Math.max(1, busy)
  return counts

  /** Native functions belong to whoever called them; null while the process is idle. */
  function phaseOf(id: number): Phase | null {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = nodes.get(at)?.callFrame
      if (frame === undefined) break
      if (frame.functionName === '(idle)') return null
      if (frame.functionName === '(garbage collector)') return 'garbage'
      const place = places.find(([pattern]) => pattern.test(frame.url))
      if (place) return place[1]
    }
    return 'runtime'
  }
}

/** Shares as CPU seconds per 1,000 polls. */
export function phaseSeconds(shares: Shares, secondsPer1000: number): Shares {
  return Object.fromEntries(
    phaseNames.map((name) => [name, Math.round(shares[name] * secondsPer1000 * 1e4) / 1e4]),
  ) as Shares
}
