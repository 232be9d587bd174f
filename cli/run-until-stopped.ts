import type { SystemClock } from '../platform/clock/index.ts'
import type { Tracing } from '../platform/tracing/index.ts'

/** Longest time that ending may take before the process ends anyway. */
const graceMs = 30_000

/**
 * Keeps a started process running until Ctrl-C or SIGTERM; then lets the periodic work under way end, closes it, and delivers the last of its
 * traces. A second signal, or an end that takes longer than half a minute, ends it at once.
 */
export async function runUntilStopped(
  { clock, tracing }: { clock: Pick<SystemClock, 'stop'>; tracing?: Pick<Tracing, 'close'> },
  running: { close(): Promise<void> },
): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, resolve)
  })
  process.stderr.write(`${signal === 'SIGINT' ? '\n' : ''}Stopping…\n`)
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1))
  setTimeout(() => process.exit(1), graceMs).unref()
  await clock.stop()
  await running.close()
  await tracing?.close()
  process.exit(0)
}
