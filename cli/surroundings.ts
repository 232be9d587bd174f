import { SystemClock } from '../platform/clock/index.ts'
import { createLog, type Log } from '../platform/log/index.ts'

/** Clock and log of a process that runs alone. */
export function surroundings(name: string): { clock: SystemClock; log: Log } {
  const log = createLog(name)
  return { clock: new SystemClock((task, err) => log.error({ task, err }, 'periodic task failed')), log }
}
