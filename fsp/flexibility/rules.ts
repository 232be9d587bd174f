import type { Instant } from '@js-joda/core'
import type { Instruction, InstructionInterval, RefusalReason } from '../../schemas/dispatch/instructions.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import { instantOf, momentInWords } from '../../schemas/vocabulary/time.ts'
import { type Direction, directionOf } from '../../schemas/vocabulary/units.ts'
import { contractFor } from './windows.ts'

/** What an instruction is checked against. */
export interface Circumstances {
  now: Instant
  /** Whether the unit is ours. */
  known: boolean
  contracts: readonly Contract[]
  /** Whether the unit can be made to draw more, or export less. */
  canTurnUp: boolean
  /** Whether the unit is declared in service at an instant. */
  inService(at: Instant): boolean
  /** The instruction that has already replaced this one, if any. */
  supersededBy: string | null
}

export type Assessment = { accepted: true } | { accepted: false; reason: RefusalReason; detail: string }

const refuse = (reason: RefusalReason, detail: string): Assessment => ({ accepted: false, reason, detail })

/** Whether an instruction is accepted, and if not, why. 0 W ends a turn-down or turn-up, which is always possible, so it needs no window. */
export function assess(instruction: Instruction, given: Circumstances): Assessment {
  const { fuId, product, expiresAt, intervals } = instruction
  if (!given.known) return refuse('unknown-unit', `${fuId} is not one of our units.`)
  const fault = intervalFault(intervals)
  if (fault) return refuse('malformed', fault)
  if (!given.now.isBefore(instantOf(expiresAt))) return refuse('expired', `It expired at ${momentInWords(expiresAt)}.`)
  if (given.supersededBy) return refuse('expired', `${given.supersededBy} has replaced it.`)
  for (const interval of intervals) {
    if (interval.turnDownW === 0) continue
    const way = directionOf(interval.turnDownW)
    if (way === 'turn-up' && !given.canTurnUp) return refuse('exceeds-availability', 'The unit cannot turn up.')
    const [from, to] = [instantOf(interval.from), instantOf(interval.to)]
    const own = given.contracts.filter((each) => each.direction === way)
    const contract = contractFor(own, product, from, to)
    if (!contract)
      return refuse(
        'outside-window',
        `No contract for ${way === 'turn-up' ? 'turn-up of ' : ''}product ${product} covers ${interval.from} to ${interval.to}.`,
      )
    if (!given.inService(from)) return refuse('out-of-service', `The unit is out of service at ${interval.from}.`)
    if (Math.abs(interval.turnDownW) > contract.turnDownW)
      return refuse(
        'exceeds-availability',
        `${Math.abs(interval.turnDownW)} W is more than the ${contract.turnDownW} W contracted.`,
      )
  }
  return { accepted: true }
}

function intervalFault(intervals: readonly InstructionInterval[]): string | null {
  const ordered = [...intervals].sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
  const clash = ordered.find((interval, i) => {
    const next = ordered[i + 1]
    return next && Date.parse(next.from) < Date.parse(interval.to)
  })
  return clash ? `The interval from ${momentInWords(clash.from)} overlaps the next.` : null
}

/** The parts of an accepted instruction that determine what applies when. */
export interface Accepted {
  instructionId: string
  intervals: readonly InstructionInterval[]
  issuedAt: Instant
  expiresAt: Instant
  begunAt: Instant | null
  supersedes: string | null
}

/** The turn-down in force for a unit, and its instruction; a turn-up is negative. */
export interface TurnDown {
  instructionId: string
  turnDownW: number
}

/** An instruction begins with the decision for its minute, so one that begins within a minute after its expiry is in time. */
const beginGraceMs = 60_000

/**
 * The turn-down in force at an instant; `null` if none is. Of instructions for the same time the last one issued applies. An interval of
 * 0 W permanently ends earlier instructions that reach into it, at its own start (E2EPA009). An instruction not begun by its expiry never begins.
 */
export function turnDownAt(accepted: readonly Accepted[], at: Instant): TurnDown | null {
  const replaced = new Set(accepted.map(({ supersedes }) => supersedes))
  const live = accepted
    .filter(({ instructionId }) => !replaced.has(instructionId))
    .sort((a, b) => a.issuedAt.compareTo(b.issuedAt) || (a.instructionId < b.instructionId ? -1 : 1))
  const atMs = at.toEpochMilli()
  let found: { entry: Accepted; interval: InstructionInterval } | null = null
  for (const entry of live) {
    for (const interval of entry.intervals) {
      const [fromMs, toMs] = [Date.parse(interval.from), Date.parse(interval.to)]
      const endsFound = interval.turnDownW === 0 && found && fromMs <= atMs && Date.parse(found.interval.from) <= fromMs
      if (endsFound) found = null
      if (fromMs <= atMs && atMs < toMs) found = interval.turnDownW !== 0 ? { entry, interval } : null
    }
  }
  if (!found) return null
  const { begunAt, expiresAt, instructionId } = found.entry
  if (!begunAt && atMs > expiresAt.toEpochMilli() + beginGraceMs) return null
  return { instructionId, turnDownW: found.interval.turnDownW }
}

/** What a unit is to draw, W: at most, under a turn-down from its baseline, or at least, under a turn-up. */
export interface Target {
  way: Direction
  powerW: number
}

/** @param turnDownW negative for a turn-up. */
export function targetOf(baselineW: number, turnDownW: number): Target {
  return { way: directionOf(turnDownW), powerW: Math.max(0, baselineW - turnDownW) }
}
