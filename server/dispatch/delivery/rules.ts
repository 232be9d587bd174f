import { type DeliveryPeriod, deliverySource } from '../../../schemas/dispatch/delivery.ts'
import { quarterMs } from '../../../schemas/vocabulary/time.ts'

/** A power seen at an instant, W, import positive. */
export interface Sample {
  atMs: number
  powerW: number
}

/** What has been seen of an FU, by source. */
export interface Seen {
  /** The monitor of its connection; empty unless the FU is the whole site. */
  hub: readonly Sample[]
  /** Live readings of the FU itself. */
  fu: readonly Sample[]
  /** Live readings by DER, for every DER that counts in the FU at a time; a DER that has sent nothing has an empty list. */
  ders(atMs: number): readonly (readonly Sample[])[]
}

/** An instructed turn-down of one product, or a turn-up as a negative one. Later ones lie over earlier ones. */
export interface Asked {
  product: string
  fromMs: number
  toMs: number
  turnDownW: number
}

/** Turn-down asked of an FU at an instant, over all products, W; negative for a turn-up. @param asked in the order in which they were planned. */
export function askedAt(asked: readonly Asked[], atMs: number): number {
  const latest = new Map<string, number>()
  for (const { product, fromMs, toMs, turnDownW } of asked)
    if (fromMs <= atMs && atMs < toMs) latest.set(product, turnDownW)
  return [...latest.values()].reduce((sum, turnDownW) => sum + turnDownW, 0)
}

/** Start and end, ms, of the quarter-hour to look at, cut at the present. */
interface Quarter {
  fromMs: number
  toMs: number
}

/**
 * Delivery in a quarter-hour (report §3.3.4.2), by the best source that saw any of it; `null` where nothing was asked. Only instants under
 * an instruction count, so that a quarter-hour in whose middle one begins is not judged by what came before.
 */
export function deliveryIn(
  quarter: Quarter,
  asked: readonly Asked[],
  expectedW: number | null,
  seen: Seen,
): DeliveryPeriod | null {
  const largestW = largestIn(quarter, asked)
  if (largestW === 0) return null
  const way = Math.sign(largestW)
  const isCounted = ({ atMs }: Sample) =>
    quarter.fromMs <= atMs && atMs < quarter.toMs && way * askedAt(asked, atMs) > 0
  const found = bestOf(seen, quarter.fromMs, isCounted)
  const instructedW = found ? mean(found.samples.map(({ atMs }) => askedAt(asked, atMs))) : largestW
  const seenW = found?.seenW ?? null
  const deliveredW = seenW === null || expectedW === null ? null : expectedW - seenW
  const iso = (ms: number) => new Date(ms).toISOString()
  return {
    from: iso(quarter.fromMs),
    to: iso(quarter.toMs),
    instructedW,
    expectedW,
    seenW,
    source: found?.source ?? null,
    seenAt: found ? iso(Math.max(...found.samples.map(({ atMs }) => atMs))) : null,
    deliveredW,
    fraction: deliveredW === null ? null : deliveredW / instructedW,
  }
}

/** The largest turn-down or turn-up asked in a quarter-hour: it changes only where one begins or ends. */
function largestIn({ fromMs, toMs }: Quarter, asked: readonly Asked[]): number {
  const edges = asked.flatMap((each) => [each.fromMs, each.toMs]).filter((ms) => fromMs < ms && ms < toMs)
  const all = [fromMs, ...edges].map((ms) => askedAt(asked, ms))
  return all.reduce((largest, w) => (Math.abs(w) > Math.abs(largest) ? w : largest))
}

function bestOf(seen: Seen, atMs: number, isCounted: (sample: Sample) => boolean) {
  const bySource = { hub: () => [seen.hub], fu: () => [seen.fu], ders: () => seen.ders(atMs) }
  for (const source of deliverySource.options) {
    const parts = bySource[source]().map((samples) => samples.filter(isCounted))
    // A DER that has sent nothing is not 0 W: then the sum is not known.
    if (parts.length === 0 || parts.some((samples) => samples.length === 0)) continue
    const seenW = parts.reduce((sum, samples) => sum + mean(samples.map(({ powerW }) => powerW)), 0)
    return { source, seenW, samples: parts.flat() }
  }
  return null
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The quarter-hours of a span, the last one cut at its end. */
export function quartersOf(fromMs: number, toMs: number): Quarter[] {
  const count = Math.max(0, Math.ceil((toMs - fromMs) / quarterMs))
  return Array.from({ length: count }, (_, i) => ({
    fromMs: fromMs + i * quarterMs,
    toMs: Math.min(fromMs + (i + 1) * quarterMs, toMs),
  }))
}
