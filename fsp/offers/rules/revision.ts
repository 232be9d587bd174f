/** A part of a trading day that one gate is for, ms. */
export interface GateSpan {
  closesMs: number
  fromMs: number
  toMs: number
}

/** Values of a day that are sent, or why none are. */
export interface Revision<T> {
  values: T[]
  /** Why: it is the first, or what moved. */
  reason: string
}

/**
 * The schedule to send now (E5–E7, K4); `null`: none is due. The first goes as soon as there is one; a later one when the forecast has
 * moved far enough in a quarter-hour whose gate is open. Quarter-hours whose gate has closed keep what was sent.
 * @param moved how far a value is from the one that was sent, in words; `null`: not far enough to send it again.
 */
export function revisionOf<T>(given: {
  startsMs: readonly number[]
  fresh: readonly T[]
  sent: readonly T[] | null
  gates: readonly GateSpan[]
  nowMs: number
  moved: (sent: T, fresh: T) => string | null
}): Revision<T> | null {
  const { startsMs, fresh, sent, gates, nowMs, moved } = given
  const isClosed = (startMs: number) => {
    const own = gates.filter(({ fromMs, toMs }) => fromMs <= startMs && startMs < toMs)
    return own.length > 0 && own.every(({ closesMs }) => closesMs <= nowMs)
  }
  if (gates.length > 0 && gates.every(({ closesMs }) => closesMs <= nowMs)) return null
  if (sent === null) return { values: [...fresh], reason: 'the first of its day' }
  const isOpen = startsMs.map((startMs) => !isClosed(startMs))
  const words = fresh.flatMap((value, i) => (isOpen[i] ? (moved(sent[i] as T, value) ?? []) : []))
  const [first] = words
  if (first === undefined) return null
  const more = words.length > 1 ? `, and ${words.length - 1} more` : ''
  return {
    values: fresh.map((value, i) => (isOpen[i] ? value : (sent[i] as T))),
    reason: `the forecast moved: ${first}${more}`,
  }
}

/** How far a power moves before it is sent again, W and as a share. */
const movedPower = { leastW: 1_000, share: 0.05 }
/** The same for a cost. */
const movedCost = { leastGbp: 1, share: 0.02 }

/** Whether a power has moved, in words. */
export function powerMoved(sent: number | string, fresh: number | string): string | null {
  const [before, after] = [Number(sent), Number(fresh)]
  const far = Math.max(movedPower.leastW, movedPower.share * Math.abs(before))
  return Math.abs(after - before) >= far ? `${sent} W became ${fresh} W` : null
}

/** Whether a cost has moved, in words. */
export function costMoved(sent: number | string, fresh: number | string): string | null {
  const [before, after] = [Number(sent), Number(fresh)]
  const far = Math.max(movedCost.leastGbp, movedCost.share * Math.abs(before))
  return Math.abs(after - before) >= far ? `£${sent} became £${fresh}` : null
}
