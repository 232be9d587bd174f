import { Instant } from '@js-joda/core'
import { and, asc, eq, gt, isNull } from 'drizzle-orm'
import { ProblemError } from '../../platform/http/index.ts'
import { noteOnSpan } from '../../platform/tracing/index.ts'
import type { Instruction, InstructionAnswer, RefusalReason } from '../../schemas/dispatch/instructions.ts'
import { instantOf } from '../../schemas/vocabulary/time.ts'
import { instructionAttribute } from '../../schemas/vocabulary/trace.ts'
import type { MarketContext } from '../app/context.ts'
import type { Baselines } from './baselines.ts'
import { type Accepted, assess, type Target, targetOf, turnDownAt } from './rules.ts'
import { type ReceivedInstruction, receivedInstruction } from './tables.ts'
import type { FlexUnits } from './units.ts'

/** An instruction of 0 W is kept beyond its end, because the one that it ended may extend further. No instruction spans two days. */
const rememberMs = 2 * 86_400_000

/** One interval of an instruction that was received. */
export interface ReceivedInterval {
  instructionId: string
  fuId: string
  product: string
  from: Instant
  to: Instant
  turnDownW: number
  receivedAt: Instant
  outcome: 'accepted' | 'refused'
}

/** An accepted turn-down, from its beginning to its end. */
export interface Pending {
  instructionId: string
  depotId: string
  from: Instant
  fromMs: number
  toMs: number
  /** Another instruction has taken its place. */
  isReplaced: boolean
  hasBegun: boolean
}

/** Receives the DNO's instructions and determines what they mean for a depot at an instant. */
export class Instructions {
  readonly #context: MarketContext
  readonly #flexUnits: FlexUnits
  readonly #baselines: Baselines
  /** Accepted instructions that may still apply, by depot. */
  readonly #accepted = new Map<string, ReceivedInstruction[]>()
  /** Called when something about a depot changes, so that a new decision is made. */
  readonly #onChange: (depotId: string) => void

  /** Which depots can be made to draw more. */
  readonly #canTurnUp: (depotId: string) => boolean

  /**
   * @param canTurnUp by default none: vehicles and most heat pumps can be held back, but not made to draw more than they need.
   */
  constructor(
    context: MarketContext,
    flexUnits: FlexUnits,
    baselines: Baselines,
    onChange: (depotId: string) => void,
    canTurnUp: (depotId: string) => boolean = () => false,
  ) {
    this.#canTurnUp = canTurnUp
    this.#context = context
    this.#flexUnits = flexUnits
    this.#baselines = baselines
    this.#onChange = onChange
  }

  /** Loads the accepted instructions that may still apply after a restart. */
  async load(): Promise<void> {
    const rows = await this.#context.db
      .select()
      .from(receivedInstruction)
      .where(
        and(
          eq(receivedInstruction.outcome, 'accepted'),
          gt(receivedInstruction.endsAt, this.#context.clock.now().minusMillis(rememberMs)),
        ),
      )
    for (const row of rows) this.#keep(row)
  }

  /** Answers an instruction once, however often it is sent. The answer is stored before it is returned. */
  async take(instruction: Instruction): Promise<InstructionAnswer> {
    noteOnSpan({ [instructionAttribute]: instruction.instructionId }, instruction.instructionId)
    const before = await this.#find(instruction.instructionId)
    if (before) return sameAs(before, instruction)
    const depotId = this.#flexUnits.depotOf(instruction.fuId)
    let assessment = await this.#assess(instruction, depotId)
    if (!assessment.accepted && assessment.reason === 'outside-window') {
      // A contract may be newer than our copy of the DNO's list.
      await this.#flexUnits.refreshContracts()
      assessment = await this.#assess(instruction, depotId)
    }
    const [row] = await this.#context.db
      .insert(receivedInstruction)
      .values({
        ...rowOf(instruction, depotId, this.#context.clock.now()),
        ...(assessment.accepted
          ? { outcome: 'accepted' as const }
          : { outcome: 'refused' as const, reason: assessment.reason, detail: assessment.detail }),
      })
      .onConflictDoNothing()
      .returning()
    // Two concurrent deliveries: the other one has stored its answer.
    if (!row) return this.take(instruction)
    if (row.outcome === 'accepted') this.#begin(row)
    return answerOf(row)
  }

  async answerTo(instructionId: string): Promise<InstructionAnswer | null> {
    const row = await this.#find(instructionId)
    return row ? answerOf(row) : null
  }

  /** A turn-down's cap on a depot's vehicles at an instant, W; `null` without one. Marks the turn-down as begun. */
  async capW(depotId: string, at: Instant): Promise<number | null> {
    const target = await this.targetAt(depotId, at)
    return target?.way === 'turn-down' ? target.powerW : null
  }

  /** What a depot is to draw at an instant by the instruction in force; `null` without one. Marks the instruction as begun. */
  async targetAt(depotId: string, at: Instant): Promise<Target | null> {
    const kept = this.#accepted.get(depotId) ?? []
    const current = kept.filter((row) => row.endsAt.plusMillis(rememberMs).isAfter(at))
    if (current.length !== kept.length) this.#accepted.set(depotId, current)
    if (!this.#flexUnits.isHeldTo(depotId, at)) return null
    const turnDown = turnDownAt(current.map(acceptedOf), at)
    const unit = this.#flexUnits.ofDepot(depotId)
    if (!turnDown || !unit) return null
    const baselineW = await this.#baselines.powerW(depotId, unit.fuId, at)
    if (baselineW === null) {
      this.#context.log.warn({ depotId }, 'an instruction without a baseline has no effect')
      return null
    }
    const row = current.find((each) => each.instructionId === turnDown.instructionId)
    if (row && !row.begunAt) {
      row.begunAt = at
      await this.#context.db
        .update(receivedInstruction)
        .set({ begunAt: at })
        .where(and(eq(receivedInstruction.instructionId, row.instructionId), isNull(receivedInstruction.begunAt)))
    }
    return targetOf(baselineW, turnDown.turnDownW)
  }

  /** Whether a turn-down of a depot is in force at an instant. */
  runs(depotId: string, at: Instant): boolean {
    if (!this.#flexUnits.isHeldTo(depotId, at)) return false
    return turnDownAt((this.#accepted.get(depotId) ?? []).map(acceptedOf), at) !== null
  }

  /** The turn-down that is instructed for a depot at an instant, W; 0 for none. It may lie ahead. */
  turnDownW(depotId: string, at: Instant): number {
    return turnDownAt((this.#accepted.get(depotId) ?? []).map(acceptedOf), at)?.turnDownW ?? 0
  }

  /** Accepted turn-downs that may still be reported on, with the span of what they ask. */
  pending(): Pending[] {
    return [...this.#accepted].flatMap(([depotId, rows]) => {
      const replaced = new Set(rows.map(({ supersedes }) => supersedes))
      return rows.flatMap(({ instructionId, intervals, begunAt }) => {
        const asked = intervals.filter(({ turnDownW }) => turnDownW !== 0)
        if (asked.length === 0) return []
        const fromMs = Math.min(...asked.map(({ from }) => Date.parse(from)))
        const toMs = Math.max(...asked.map(({ to }) => Date.parse(to)))
        const isReplaced = replaced.has(instructionId)
        const from = Instant.ofEpochMilli(fromMs)
        return [{ instructionId, depotId, from, fromMs, toMs, isReplaced, hasBegun: begunAt !== null }]
      })
    })
  }

  /** Every instruction received, in order of receipt, by interval: our own records. */
  async received(): Promise<ReceivedInterval[]> {
    const rows = await this.#context.db
      .select()
      .from(receivedInstruction)
      .orderBy(asc(receivedInstruction.receivedAt), asc(receivedInstruction.instructionId))
    return rows.flatMap(({ instructionId, fuId, product, receivedAt, outcome, intervals }) =>
      intervals.map((i) => ({
        instructionId,
        fuId,
        product,
        receivedAt,
        outcome,
        from: instantOf(i.from),
        to: instantOf(i.to),
        turnDownW: i.turnDownW,
      })),
    )
  }

  async #assess(instruction: Instruction, depotId: string | null) {
    const [superseding] = await this.#context.db
      .select({ id: receivedInstruction.instructionId })
      .from(receivedInstruction)
      .where(
        and(eq(receivedInstruction.supersedes, instruction.instructionId), eq(receivedInstruction.outcome, 'accepted')),
      )
    return assess(instruction, {
      now: this.#context.clock.now(),
      known: depotId !== null,
      canTurnUp: depotId !== null && this.#canTurnUp(depotId),
      supersededBy: superseding?.id ?? null,
      contracts: this.#flexUnits.contractsOf(instruction.fuId),
      inService: (at) => depotId !== null && this.#flexUnits.inService(depotId, at),
    })
  }

  /** Triggers a decision for the depot at every instant at which an interval begins or ends. */
  #begin(row: ReceivedInstruction): void {
    this.#keep(row)
    const { depotId } = row
    if (!depotId) return
    const { clock } = this.#context
    for (const interval of row.intervals)
      for (const at of [interval.from, interval.to].map(instantOf))
        if (at.isAfter(clock.now())) clock.at(`turn-down of ${depotId}`, at, async () => this.#onChange(depotId))
    this.#onChange(depotId)
  }

  #keep(row: ReceivedInstruction): void {
    if (row.depotId) this.#accepted.set(row.depotId, [...(this.#accepted.get(row.depotId) ?? []), row])
  }

  async #find(instructionId: string): Promise<ReceivedInstruction | undefined> {
    const [row] = await this.#context.db
      .select()
      .from(receivedInstruction)
      .where(eq(receivedInstruction.instructionId, instructionId))
    return row
  }
}

function rowOf(instruction: Instruction, depotId: string | null, receivedAt: Instant) {
  const { instructionId, fuId, product, intervals, issuedAt, expiresAt, supersedes } = instruction
  return {
    instructionId,
    fuId,
    depotId,
    product,
    intervals,
    receivedAt,
    supersedes: supersedes ?? null,
    issuedAt: instantOf(issuedAt),
    expiresAt: instantOf(expiresAt),
    endsAt: Instant.ofEpochMilli(Math.max(...intervals.map((i) => Date.parse(i.to)))),
  }
}

/** The earlier answer to an instruction; another instruction under the same identifier is the sender's fault. */
function sameAs(before: ReceivedInstruction, instruction: Instruction): InstructionAnswer {
  const plain = (intervals: Instruction['intervals']) =>
    JSON.stringify(intervals.map((i) => [Date.parse(i.from), Date.parse(i.to), i.turnDownW]))
  if (before.fuId !== instruction.fuId || plain(before.intervals) !== plain(instruction.intervals))
    throw new ProblemError(
      'conflict',
      `Instruction ${instruction.instructionId} was received before with different content: send a new one under a new identifier.`,
    )
  return answerOf(before)
}

function answerOf(row: ReceivedInstruction): InstructionAnswer {
  const { instructionId } = row
  if (row.outcome === 'accepted') return { instructionId, outcome: 'accepted' }
  const reason = row.reason as RefusalReason
  return { instructionId, outcome: 'refused', reason, ...(row.detail ? { detail: row.detail } : {}) }
}

function acceptedOf(row: ReceivedInstruction): Accepted {
  const { instructionId, intervals, issuedAt, expiresAt, begunAt, supersedes } = row
  return { instructionId, intervals, issuedAt, expiresAt, begunAt, supersedes }
}
