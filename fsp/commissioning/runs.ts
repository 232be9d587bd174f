import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, desc, eq } from 'drizzle-orm'
import type { Timer } from '../../platform/clock/index.ts'
import type { Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { CommissioningStep } from '../../schemas/fsp/commissioning.ts'
import type { FspContext } from '../app/context.ts'
import { type Setpoints, type Unit, type Upkeep, volts } from '../chargepoints/index.ts'
import { flawOf, isFollowed, outcomeOf, rebootMs, stepMs, stepsOf } from './rules.ts'
import { commissioningRun, type RunRow } from './tables.ts'

interface Parts {
  setpoints: Setpoints
  upkeep: Upkeep
  controller: { runSoon(depotId: string): void }
  /** Whether a depot is switched off in an emergency, which ends its runs. */
  isSwitchedOff(depotId: string): boolean
}

interface Live {
  row: RunRow
  unit: Unit
  /** The connection that a reboot should end. */
  linkBefore?: Unit['link']
}

/** How often a run looks whether its step is done, ms. */
const lookMs = 5_000
const most = 200

/** Commissioning runs on charge points, whatever they are reached by (I17). A charge point has one at a time. */
export class CommissioningRuns {
  readonly #context: FspContext
  readonly #parts: Parts
  readonly #live = new Map<string, Live>()

  constructor(context: FspContext, parts: Parts) {
    this.#context = context
    this.#parts = parts
  }

  /** A run that was under way when our program ended stays as far as it came. */
  async load(): Promise<void> {
    await this.#context.db
      .update(commissioningRun)
      .set({ state: 'stopped', endedAt: this.#context.clock.now() })
      .where(eq(commissioningRun.state, 'running'))
  }

  startTimer(): Timer {
    return this.#context.clock.every('fsp: commissioning', lookMs, async (at) => {
      await Promise.all([...this.#live.values()].map((live) => this.#look(live, at)))
    })
  }

  /** Begins a run. Throws a problem where a socket has no charge to try, or the charge point is being tried already. */
  async start(
    unit: Unit,
    given: { connectors: number[]; unlock: boolean; reboot: boolean; startedBy: string; firmware: string | null },
    record: (tx: Queryable) => Promise<void>,
  ): Promise<RunRow> {
    const connectors = [...new Set(given.connectors)].sort((a, b) => a - b)
    if (this.#live.has(unit.identity))
      throw new ProblemError('conflict', `${unit.identity} is being tried already: wait, or stop that run.`)
    if (!unit.link) throw new ProblemError('conflict', `${unit.identity} is not connected: wait until it is.`)
    for (const each of connectors) {
      const socket = unit.connectors.find(({ connector }) => connector === each)
      if (!socket) throw new ProblemError('not-found', `${unit.identity} has no connector ${each}.`)
      if (!socket.transaction)
        throw new ProblemError('conflict', `Socket ${each} of ${unit.identity} has no charge: plug in a vehicle first.`)
    }
    const { depotId, identity, model, route } = unit
    const row: RunRow = {
      runId: randomUUID(),
      depotId,
      identity,
      connectors,
      model: model.model,
      firmware: given.firmware,
      route,
      protocol: unit.link.protocol,
      startedBy: given.startedBy,
      startedAt: this.#context.clock.now(),
      endedAt: null,
      state: 'running',
      stoppedBy: null,
      steps: stepsOf(model, { ...given, connectors }),
    }
    this.#live.set(identity, { row, unit })
    try {
      await this.#context.db.transaction(async (tx) => {
        await record(tx)
        await tx.insert(commissioningRun).values(row)
      })
    } catch (error) {
      this.#live.delete(identity)
      throw error
    }
    for (const socket of unit.connectors) {
      if (connectors.includes(socket.connector)) Object.assign(socket, { wanted: null, triedA: model.maxCurrentA })
      else if (model.coupling === 'one-at-a-time') socket.wanted = null
    }
    this.#parts.controller.runSoon(depotId)
    return row
  }

  /** Stops a run; the optimiser takes over. Throws a conflict if it is over. */
  async stop(
    depotId: string,
    runId: string,
    stoppedBy: string,
    record: (tx: Queryable) => Promise<void>,
  ): Promise<RunRow> {
    const row = await this.read(depotId, runId)
    const live = this.#live.get(row.identity)
    if (live?.row.runId !== runId) throw new ProblemError('conflict', 'The run is over already.')
    await this.#context.db.transaction(record)
    live.row.stoppedBy = stoppedBy
    await this.#finish(live, 'stopped')
    return live.row
  }

  async read(depotId: string, runId: string): Promise<RunRow> {
    const [row] = await this.#context.db
      .select()
      .from(commissioningRun)
      .where(and(eq(commissioningRun.depotId, depotId), eq(commissioningRun.runId, runId)))
    if (!row) throw new ProblemError('not-found', `Depot ${depotId} has no commissioning run ${runId}.`)
    return row
  }

  async list(depotId: string): Promise<RunRow[]> {
    return this.#context.db
      .select()
      .from(commissioningRun)
      .where(eq(commissioningRun.depotId, depotId))
      .orderBy(desc(commissioningRun.startedAt))
      .limit(most)
  }

  /**
   * Moves a run on by what can be seen now. The sockets of one charge point are tried side by side, each at its own set point, but one after
   * the other where the unit keeps the limit of one at a time.
   */
  async #look(live: Live, at: Instant): Promise<void> {
    const { row, unit } = live
    if (this.#parts.isSwitchedOff(unit.depotId)) return this.#finish(live, 'stopped')
    for (const lane of lanesOf(row, unit.model)) {
      const step = lane.find(({ verdict }) => verdict === 'running' || verdict === 'waiting')
      if (!step) continue
      if (step.verdict === 'waiting') await this.#begin(live, step, at)
      else this.#judge(live, step, at)
    }
    if (row.state !== 'running') return
    const isOver = row.steps.every(({ verdict }) => verdict !== 'waiting' && verdict !== 'running')
    if (isOver) await this.#finish(live, outcomeOf(row.steps))
    else await this.#keep(row)
  }

  async #begin(live: Live, step: CommissioningStep, at: Instant): Promise<void> {
    const { unit } = live
    const socket = unit.connectors.find(({ connector }) => connector === step.connector)
    if (step.kind === 'set-point' && !this.#parts.setpoints.isFree(unit)) return
    Object.assign(step, { verdict: 'running', startedAt: at.toString() })
    switch (step.kind) {
      case 'set-point': {
        if (!socket?.transaction) {
          end(step, at, 'failed', 'the charge is over')
          return
        }
        const sent = await this.#parts.setpoints.sendNow(socket, step.limitA ?? 0)
        Object.assign(step, { response: sent.result, latencyMs: sent.latencyMs })
        if (sent.result !== 'accepted') end(step, at, 'failed', 'the set point was not accepted')
        return
      }
      case 'measures':
        this.#judge(live, step, at)
        return
      case 'unlock':
        return this.#command(live, step, at, { kind: 'unlock', connector: step.connector ?? 0 })
      case 'reboot':
        live.linkBefore = unit.link
        return this.#command(live, step, at, { kind: 'reset', isHard: false })
    }
  }

  async #command(
    live: Live,
    step: CommissioningStep,
    at: Instant,
    command: Parameters<Upkeep['command']>[1],
  ): Promise<void> {
    const { unit } = live
    const { link } = unit
    if (!link) {
      end(step, at, 'failed', 'the charge point is not connected')
      return
    }
    const { outcome, status } = await this.#parts.upkeep.command({ ...unit, link }, command, live.row.startedBy)
    const answeredMs = this.#context.clock.now().toEpochMilli()
    Object.assign(step, { response: status ?? outcome, latencyMs: answeredMs - at.toEpochMilli() })
    const isDone = status === 'Accepted' || status === 'Unlocked'
    if (!isDone) end(step, at, 'failed', 'the charge point did not do it')
    else if (command.kind === 'unlock') end(step, at, 'passed', null)
  }

  #judge({ row, unit, linkBefore }: Live, step: CommissioningStep, at: Instant): void {
    const sinceMs = Date.parse(step.startedAt ?? '')
    const waitedMs = at.toEpochMilli() - sinceMs
    if (step.kind === 'reboot') {
      // It has introduced itself anew.
      const isNew = unit.link !== null && unit.link !== linkBefore
      if (isNew && (unit.bootedMs ?? 0) >= sinceMs) end(step, at, 'passed', null)
      else if (waitedMs > rebootMs) end(step, at, 'failed', 'it did not come back')
      return
    }
    const socket = unit.connectors.find(({ connector }) => connector === step.connector)
    const reading = socket?.samples.findLast(({ powerW }) => powerW !== null)
    const currentA = reading ? (reading.powerW ?? 0) / volts / unit.model.phases : null
    if (step.kind === 'measures') {
      step.measuredA = currentA
      const isFresh = reading !== undefined && at.toEpochMilli() - reading.atMs <= 2 * 60_000
      const own = row.steps.filter(({ connector }) => connector === step.connector)
      const reason = isFresh ? flawOf(own) : 'no reading of the last two minutes'
      end(step, at, reason === null ? 'passed' : 'failed', reason)
      return
    }
    if (reading && reading.atMs > sinceMs && currentA !== null) {
      step.measuredA = currentA
      if (isFollowed(step.limitA ?? 0, currentA)) step.effectMs = reading.atMs - sinceMs
    }
    if (step.effectMs !== null) end(step, at, 'passed', null)
    else if (waitedMs >= stepMs)
      end(step, at, 'failed', step.measuredA === null ? 'no reading came' : 'the current did not follow the set point')
  }

  async #finish(live: Live, state: 'passed' | 'failed' | 'stopped'): Promise<void> {
    const { row, unit } = live
    for (const step of row.steps)
      if (step.verdict === 'waiting' || step.verdict === 'running')
        Object.assign(step, { verdict: 'skipped', reason: 'the run was stopped' })
    Object.assign(row, { state, endedAt: this.#context.clock.now() })
    this.#live.delete(row.identity)
    for (const socket of unit.connectors) socket.triedA = null
    await this.#keep(row)
    this.#parts.controller.runSoon(unit.depotId)
  }

  async #keep({ runId, steps, state, endedAt, stoppedBy }: RunRow): Promise<void> {
    await this.#context.db
      .update(commissioningRun)
      .set({ steps, state, endedAt, stoppedBy })
      .where(eq(commissioningRun.runId, runId))
  }
}

function end(step: CommissioningStep, at: Instant, verdict: 'passed' | 'failed', reason: string | null): void {
  Object.assign(step, { verdict, reason, endedAt: at.toString() })
}

/** Steps that go on beside each other: the set points and readings of each socket; what ends charges waits for all of them. */
function lanesOf({ steps, connectors }: RunRow, model: Pick<Unit['model'], 'coupling'>): CommissioningStep[][] {
  const isQuiet = ({ kind }: CommissioningStep) => kind === 'set-point' || kind === 'measures'
  const quiet =
    model.coupling === 'one-at-a-time'
      ? [steps.filter(isQuiet)]
      : connectors.map((each) => steps.filter((step) => step.connector === each && isQuiet(step)))
  const areDone = steps.filter(isQuiet).every(({ verdict }) => verdict === 'passed' || verdict === 'failed')
  return areDone ? [steps.filter((step) => !isQuiet(step))] : quiet
}
