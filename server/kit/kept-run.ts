import type { Clock } from '../../platform/clock/index.ts'

/** How often a server says that the run it works on is alive. Half a dozen may fail before others take the run for lost. */
const aliveEveryMs = 20_000

/** A run that nobody has called alive for so long was left by a server that died. */
export const lostAfterS = 120

/**
 * A run is begun no more often than this: one that ends two servers would end the next as well, so that it fails instead of going round
 * for ever.
 */
export const mostAttempts = 2

/** What somebody is told whose run ended `mostAttempts` servers. */
export const lostFailure =
  'The server that worked on it stopped, twice. Start the run again; if that fails too, tell the operator of this system.'

/** Why work on a run is given up: somebody cancelled it, or another server took it over. */
export class RunGivenUp extends Error {
  constructor() {
    super('the run was cancelled, or another server has it')
  }
}

/** How work on a run says how far it is, and learns that nobody wants it any more. */
export interface RunWatch {
  signal: AbortSignal
  note(progress: number): void
}

/**
 * Does the work of a run, and says at times that it is alive and how far it is.
 * @param alive stores the progress; answers whether the run is still to be worked on by this server.
 */
export async function keepRun<T>(
  clock: Clock,
  name: string,
  alive: (progress: number) => Promise<boolean>,
  work: (watch: RunWatch) => Promise<T>,
): Promise<T> {
  const given = new AbortController()
  let progress = 0
  const timer = clock.every(name, aliveEveryMs, async () => {
    if (!(await alive(progress))) given.abort(new RunGivenUp())
  })
  const note = (share: number) => {
    progress = share
  }
  try {
    return await work({ signal: given.signal, note })
  } finally {
    timer.cancel()
  }
}
