/**
 * How a running turn-down is judged by the FSP itself: pure rules, so that it can say in time what its DNO would otherwise find out by
 * measurement a quarter-hour later.
 */

/** What is known of a unit while something is asked of it, in W. */
export interface Seen {
  /** What its meters say that it draws; `null`: one of them does not say. */
  powerW: number | null
  /** What it would draw; `null`: nobody knows. */
  baselineW: number | null
  /** What is asked of it; 0 before it begins; negative for a turn-up. */
  turnDownW: number
  equipment: Equipment
}

/** What of a unit can be controlled. Where it is no matter of sockets, all are 0. */
export interface Equipment {
  sockets: number
  withoutLink: number
  faulted: number
  /** Sockets with a vehicle. */
  pluggedIn: number
}

/** The share of what is asked below which it counts as not delivered: the grace of the default payment scheme (domain section 5). */
const leastShare = 0.95
/** Meters are read once a minute, and set points take seconds: what is short for less is on its way (ms). */
export const settleMs = 5 * 60_000
/** How long before its beginning a turn-down is judged by what is there: later the DNO has no time to ask another, ms. */
export const aheadMs = 15 * 60_000

/** Why a unit will not or does not deliver, in words for the DNO; `null`: it does, as far as anybody can see. */
export function shortfallOf({ powerW, baselineW, turnDownW, equipment }: Seen): string | null {
  const gone = outOfControl(equipment)
  if (equipment.sockets > 0 && gone === equipment.sockets)
    return `no charge point can be controlled: ${wordsOf(equipment)}`
  if (powerW === null) return `the power is not known: ${wordsOf(equipment)}`
  if (equipment.sockets > 0 && equipment.pluggedIn === 0)
    return 'no vehicle is plugged in, so that there is nothing to turn down'
  if (baselineW === null) return 'the unit has no baseline'
  const askedW = Math.abs(turnDownW)
  const deliveredW = Math.max(0, turnDownW < 0 ? powerW - baselineW : baselineW - powerW)
  if (deliveredW >= leastShare * askedW) return null
  const what = `${kW(deliveredW)} of ${kW(askedW)} kW: it draws ${kW(powerW)} kW and would draw ${kW(baselineW)} kW`
  return gone === 0 ? what : `${what}; ${wordsOf(equipment)}`
}

/** The same before it begins: what the meters say then is not judged yet, but a baseline below what is asked is. */
export function shortfallAhead(seen: Omit<Seen, 'powerW'>): string | null {
  const powerW = seen.turnDownW < 0 ? (seen.baselineW ?? 0) - seen.turnDownW : 0
  return shortfallOf({ ...seen, powerW })
}

/** Sockets that cannot be controlled. */
export function outOfControl({ withoutLink, faulted }: Equipment): number {
  return withoutLink + faulted
}

export function wordsOf({ sockets, withoutLink, faulted }: Equipment): string {
  if (sockets === 0) return 'a meter does not answer'
  const parts = [
    ...(withoutLink > 0 ? [`${withoutLink} without a link`] : []),
    ...(faulted > 0 ? [`${faulted} faulted`] : []),
  ]
  return `${sockets} sockets, ${parts.length === 0 ? 'one of which does not tell its power' : `of them ${parts.join(' and ')}`}`
}

function kW(watt: number): string {
  return (watt / 1_000).toFixed(1)
}

/** Share of a unit's sockets that has to be out of control for it to be out of service. */
const outShare = 0.5
/** How long it has to last, and how long control has to be back: a restart of a router is shorter, ms. */
export const declareAfterMs = 5 * 60_000

/** Whether so much of a unit is out of control that it cannot be relied on. */
export function isOut(equipment: Equipment): boolean {
  return equipment.sockets > 0 && outOfControl(equipment) >= outShare * equipment.sockets
}

export type ReportStatus = 'started' | 'delivering' | 'ended' | 'failed'

/** What was last reported of an instruction, and since when its unit has been short of what was asked, this time or just before. */
export interface Followed {
  last: ReportStatus | null
  shortSinceMs: number | null
}

/** The state of an instruction at an instant, as far as a report of it follows. */
export interface Stage {
  phase: 'ahead' | 'running' | 'over'
  /** When it began to run, ms. */
  sinceMs: number | null
  shortfall: string | null
}

/** What is to be reported of an instruction now; nothing is repeated. `failed` and `delivering` may take turns while it runs. */
export function reportsDue(
  { last, shortSinceMs }: Followed,
  { phase, sinceMs, shortfall }: Stage,
  nowMs: number,
): { status: ReportStatus; detail: string | null }[] {
  if (phase === 'over') return last === null || last === 'ended' ? [] : [{ status: 'ended', detail: null }]
  const failed = { status: 'failed' as const, detail: shortfall }
  if (phase === 'ahead') return last === null && shortfall !== null ? [failed] : []
  const due: { status: ReportStatus; detail: string | null }[] =
    last === null ? [{ status: 'started', detail: null }] : []
  const isLasting = shortSinceMs !== null && nowMs - shortSinceMs >= settleMs
  if (shortfall !== null && isLasting && last !== 'failed') return [...due, failed]
  const isSettled = sinceMs !== null && nowMs - sinceMs >= settleMs
  if (shortfall === null && isSettled && last !== 'delivering') return [...due, { status: 'delivering', detail: null }]
  return due
}
