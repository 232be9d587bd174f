import type { Instant } from '@js-joda/core'
import type { CycleHealth } from '../../schemas/fsp/depot-plan.ts'

/** One run of a depot's optimisation; durations in real time, ms. */
interface Run {
  atMs: number
  durationMs: number
  error: string | null
}

const hourMs = 60 * 60_000

/** How the optimisation of depots runs (H24), over the last hour. Times of runs are those of the FSP's clock. */
export class CycleWatch {
  readonly #runs = new Map<string, Run[]>()
  readonly #sent = new Map<string, number[]>()

  /** A run has ended. */
  ran(depotId: string, at: Instant, durationMs: number, error: string | null): void {
    const atMs = at.toEpochMilli()
    const kept = (this.#runs.get(depotId) ?? []).filter((run) => run.atMs > atMs - hourMs)
    this.#runs.set(depotId, [...kept, { atMs, durationMs, error }])
  }

  /** A set point went out to a charge point. */
  sent(depotId: string, at: Instant): void {
    const times = this.#sent.get(depotId) ?? []
    times.push(at.toEpochMilli())
    while ((times[0] ?? Number.POSITIVE_INFINITY) <= at.toEpochMilli() - hourMs) times.shift()
    this.#sent.set(depotId, times)
  }

  /** Set points that went out in a span before an instant. */
  sentIn(depotId: string, at: Instant, spanMs: number): number {
    const atMs = at.toEpochMilli()
    return (this.#sent.get(depotId) ?? []).filter((ms) => ms > atMs - spanMs && ms <= atMs).length
  }

  of(depotId: string, at: Instant): CycleHealth {
    const runs = (this.#runs.get(depotId) ?? []).filter((run) => run.atMs > at.toEpochMilli() - hourMs)
    const last = (this.#runs.get(depotId) ?? []).at(-1)
    const durations = runs.map(({ durationMs }) => durationMs).sort((a, b) => a - b)
    return {
      depotId,
      lastRunAt: last ? at.minusMillis(at.toEpochMilli() - last.atMs).toString() : null,
      lastDurationMs: last?.durationMs ?? null,
      medianDurationMs: durations[Math.floor(durations.length / 2)] ?? null,
      runsLastHour: runs.length,
      setpointsLastMinute: this.sentIn(depotId, at, 60_000),
      setpointsLastHour: this.sentIn(depotId, at, hourMs),
      failuresLastHour: runs.filter(({ error }) => error !== null).length,
      lastError: runs.findLast(({ error }) => error !== null)?.error ?? null,
    }
  }
}
