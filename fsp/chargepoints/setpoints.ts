import { Instant } from '@js-joda/core'
import type { Timer } from '../../platform/clock/index.ts'
import type { FspContext } from '../app/context.ts'
import type { SentResult, SocketLimit } from './port.ts'
import { allowedLimitA, nextSendMs, renewBeforeMs, retryMs, safeLimitA, setpointLifeMs } from './rules.ts'
import { type SetpointResult, setpoint } from './tables.ts'
import type { Connector, OpenTransaction, Unit } from './units.ts'
import { GroupWriter } from './writer.ts'

/** A set point that was sent, and what came back. */
export interface SentSetpoint {
  unit: Unit
  /** `null`: the standing limit of the whole unit. */
  socket: Connector | null
  limitA: number
  attempt: number
  result: SentResult | 'not-connected'
  sentAt: Instant
  /** `null`: nothing came. */
  answeredAt: Instant | null
}

interface SetpointOptions {
  /** The limit that a depot's units keep without commands, A. */
  standingA?: (depotId: string) => number
  /** Hears of every set point that was sent. */
  onSent?: (sent: SentSetpoint) => Promise<void>
}

/** A message that fails is repeated; people hear of it when it has failed so often. */
const warnedAttempts = 2
/** A unit that does not take its standing limit is asked so often; then it is left alone until it boots again. */
const mostStandingAttempts = 5

/**
 * Sends set points. A unit gets one at a time, no sooner after the last than its model allows. A failed one is retried until it expires;
 * only the newest limit for a connector is sent, and every attempt is recorded with its result.
 */
export class Setpoints {
  readonly #context: FspContext
  readonly #rows: GroupWriter<typeof setpoint>
  readonly #turns = new Map<Unit, Promise<void>>()
  readonly #standingA: (depotId: string) => number
  readonly #onSent: (sent: SentSetpoint) => Promise<void>
  /** Units that have not taken their standing limit yet. */
  readonly #owedStanding = new Map<Unit, { attempts: number; retryMs: number }>()
  readonly #timers = new Map<Unit, Timer>()

  constructor(
    context: FspContext,
    { standingA = () => safeLimitA, onSent = () => Promise.resolve() }: SetpointOptions = {},
  ) {
    this.#context = context
    this.#standingA = standingA
    this.#onSent = onSent
    this.#rows = new GroupWriter(context.db, setpoint)
  }

  /** Sets the limit that a connector should have. The next `flush` sends it, unless it is already in force and fresh. */
  want(connector: Connector, givenA: number, nowMs: number): void {
    const limitA = allowedLimitA(connector.unit.model, givenA)
    const { wanted, inForce } = connector
    // If it has expired meanwhile, the flush records that and the next decision sets it again.
    if (wanted?.limitA === limitA) return
    const isFresh = inForce !== null && inForce.validToMs - nowMs > renewBeforeMs
    if ((inForce?.limitA === limitA && isFresh) || this.#standsAt(connector, limitA)) connector.wanted = null
    else
      connector.wanted = {
        limitA,
        decidedMs: nowMs,
        expiresMs: nowMs + setpointLifeMs,
        attempts: 0,
        retryMs: nowMs,
      }
  }

  /**
   * Test mode, once per change: what a connector should have is sent to the site controller or back office before it, to be checked and not
   * carried out, and recorded with the answer. Without one it is recorded only.
   */
  async pretend(connector: Connector, givenA: number, nowMs: number): Promise<void> {
    const { unit, transaction } = connector
    const limitA = allowedLimitA(unit.model, givenA)
    if (connector.wanted?.limitA === limitA) return
    const wanted = { limitA, decidedMs: nowMs, expiresMs: nowMs + setpointLifeMs, attempts: 0, retryMs: nowMs }
    connector.wanted = wanted
    const given = transaction && limitFor(connector, transaction, limitA, nowMs)
    const result = given && transaction.isTold ? await unit.link?.testLimit?.(given) : undefined
    await this.#record(unit, connector.connector, wanted, result ? `test-${result}` : 'test')
  }

  /** Sends what is due to a unit and may be sent now; schedules the rest. */
  flush(unit: Unit): Promise<void> {
    const turn = (this.#turns.get(unit) ?? Promise.resolve()).then(() => this.#flush(unit))
    this.#turns.set(
      unit,
      turn.catch(() => undefined),
    )
    return turn
  }

  /** Sends a socket one set point now, without repeating it, for a trial of the way there. */
  sendNow(connector: Connector, limitA: number): Promise<{ result: SetpointResult; latencyMs: number }> {
    const turn = (this.#turns.get(connector.unit) ?? Promise.resolve()).then(async () => {
      const nowMs = this.#context.clock.now().toEpochMilli()
      const times = { decidedMs: nowMs, expiresMs: nowMs + setpointLifeMs, retryMs: nowMs }
      connector.wanted = { limitA, ...times, attempts: 0 }
      const result = await this.#send(connector, nowMs)
      connector.wanted = null
      return { result, latencyMs: this.#context.clock.now().toEpochMilli() - nowMs }
    })
    this.#turns.set(
      connector.unit,
      turn.then(
        () => undefined,
        () => undefined,
      ),
    )
    return turn
  }

  /** Whether a unit's model allows it another set point now. */
  isFree(unit: Unit): boolean {
    const nowMs = this.#context.clock.now().toEpochMilli()
    return nextSendMs(unit.model, unit.lastSentMs, nowMs) <= nowMs
  }

  /**
   * Gives a unit the limit that it keeps without further commands, and returns what it said to it. One that has not taken it is asked again.
   * What it held before counts as forgotten.
   */
  async introduce(unit: Unit): Promise<SetpointResult> {
    for (const connector of unit.connectors) connector.inForce = null
    this.#owedStanding.set(unit, { attempts: 0, retryMs: this.#context.clock.now().toEpochMilli() })
    const result = await this.#sendStanding(unit)
    if (this.#owedStanding.has(unit) && unit.link) this.#later(unit, [], this.#context.clock.now().toEpochMilli())
    return result
  }

  /** Sends a unit its standing limit anew, as soon as its model takes another message; one without a link gets it when it is back. */
  stand(unit: Unit): Promise<void> {
    this.#owedStanding.set(unit, { attempts: 0, retryMs: this.#context.clock.now().toEpochMilli() })
    return this.flush(unit)
  }

  async #sendStanding(unit: Unit): Promise<SentResult | 'not-connected'> {
    const nowMs = this.#context.clock.now().toEpochMilli()
    const limitA = allowedLimitA(unit.model, this.#standingA(unit.depotId))
    const owed = { attempts: (this.#owedStanding.get(unit)?.attempts ?? 0) + 1, retryMs: nowMs + retryMs }
    this.#owedStanding.set(unit, owed)
    unit.lastSentMs = nowMs
    const result = (await unit.link?.standingLimit(limitA, nowMs)) ?? 'not-connected'
    await this.#record(unit, 0, { limitA, decidedMs: nowMs, expiresMs: null, attempts: owed.attempts }, result)
    await this.#tell(unit, null, { limitA, attempt: owed.attempts, result, sentMs: nowMs })
    const isSettled = result === 'accepted' || result === 'not-supported' || owed.attempts >= mostStandingAttempts
    // Another one may be owed since this was sent, as in an emergency.
    if (result !== 'not-connected' && isSettled && this.#owedStanding.get(unit) === owed)
      this.#owedStanding.delete(unit)
    if (result === 'not-supported' || (result !== 'accepted' && owed.attempts === warnedAttempts))
      this.#context.log.warn({ identity: unit.identity, result }, 'charge point did not accept its standing safe limit')
    return result
  }

  /**
   * Whether a socket has a limit without being sent it: where its unit keeps that of one socket at a time, the other is back at the standing
   * one. To send it would take the first one's limit from it.
   */
  #standsAt({ unit, inForce }: Connector, limitA: number): boolean {
    if (unit.model.coupling !== 'one-at-a-time' || inForce !== null || this.#owedStanding.has(unit)) return false
    return limitA === allowedLimitA(unit.model, this.#standingA(unit.depotId))
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel()
  }

  async #flush(unit: Unit): Promise<void> {
    this.#timers.get(unit)?.cancel()
    for (;;) {
      const nowMs = this.#context.clock.now().toEpochMilli()
      await this.#dropExpired(unit, nowMs)
      const owed = unit.connectors.filter((c) => c.wanted && c.transaction?.isTold)
      const standing = this.#owedStanding.get(unit)
      if (owed.length === 0 && !standing) return
      if (!unit.link) return this.#noteAbsence(unit, owed)
      const sendMs = nextSendMs(unit.model, unit.lastSentMs, nowMs)
      const isStandingDue = standing !== undefined && standing.retryMs <= nowMs
      const due = owed.find((c) => c.wanted && c.wanted.retryMs <= nowMs)
      if (sendMs > nowMs || !(due || isStandingDue)) return this.#later(unit, owed, sendMs)
      if (isStandingDue) await this.#sendStanding(unit)
      else if (due) await this.#send(due, nowMs)
    }
  }

  async #send(connector: Connector, nowMs: number): Promise<SetpointResult> {
    const { unit, wanted, transaction } = connector
    if (!wanted || !transaction) return 'expired'
    const validToMs = nowMs + setpointLifeMs
    wanted.attempts++
    unit.lastSentMs = nowMs
    const given = limitFor(connector, transaction, wanted.limitA, nowMs)
    const result = (await unit.link?.limit(given)) ?? 'not-connected'
    await this.#record(unit, connector.connector, { ...wanted, expiresMs: validToMs }, result)
    await this.#tell(unit, connector, { limitA: wanted.limitA, attempt: wanted.attempts, result, sentMs: nowMs })
    if (result === 'accepted') {
      const { inForce } = connector
      const isSame = inForce?.limitA === wanted.limitA && inForce.validToMs > nowMs
      const changedMs = isSame ? inForce.changedMs : nowMs
      connector.inForce = { limitA: wanted.limitA, sentMs: nowMs, validToMs, changedMs }
      if (connector.wanted === wanted) connector.wanted = null
      // A unit that keeps one charge's limit at a time has dropped the other's: that socket is back at the standing limit.
      if (unit.model.coupling === 'one-at-a-time')
        for (const other of unit.connectors) if (other !== connector) other.inForce = null
    } else {
      wanted.retryMs = nowMs + retryMs
      // Over the air a message is lost now and then: one that arrives at its second attempt is no news.
      if (wanted.attempts === warnedAttempts)
        this.#context.log.warn(
          { identity: unit.identity, connector: connector.connector, result, limitA: wanted.limitA },
          'set point not accepted',
        )
    }
    return result
  }

  #tell(
    unit: Unit,
    socket: Connector | null,
    given: Pick<SentSetpoint, 'limitA' | 'attempt' | 'result'> & { sentMs: number },
  ): Promise<void> {
    const { sentMs, ...sent } = given
    const isAnswered = sent.result !== 'no-answer' && sent.result !== 'not-connected'
    const answeredAt = isAnswered ? this.#context.clock.now() : null
    return this.#onSent({ unit, socket, ...sent, sentAt: Instant.ofEpochMilli(sentMs), answeredAt })
  }

  async #dropExpired(unit: Unit, nowMs: number): Promise<void> {
    for (const connector of unit.connectors) {
      const { wanted } = connector
      if (!wanted || nowMs < wanted.expiresMs) continue
      connector.wanted = null
      await this.#record(unit, connector.connector, wanted, 'expired')
    }
  }

  /** A unit without a link gets its set points when it is back. */
  async #noteAbsence(unit: Unit, owed: readonly Connector[]): Promise<void> {
    for (const { connector, wanted } of owed) {
      if (!wanted || wanted.attempts > 0) continue
      wanted.attempts = 1
      await this.#record(unit, connector, wanted, 'not-connected')
    }
  }

  #later(unit: Unit, owed: readonly Connector[], sendMs: number): void {
    const standingMs = this.#owedStanding.get(unit)?.retryMs ?? Number.POSITIVE_INFINITY
    const retryAtMs = Math.min(standingMs, ...owed.map((c) => c.wanted?.retryMs ?? Number.POSITIVE_INFINITY))
    const at = Instant.ofEpochMilli(Math.max(sendMs, retryAtMs))
    this.#timers.get(unit)?.cancel()
    this.#timers.set(
      unit,
      this.#context.clock.at(`set points of ${unit.identity}`, at, () => this.flush(unit)),
    )
  }

  #record(
    unit: Unit,
    connector: number,
    wanted: { limitA: number; decidedMs: number; expiresMs: number | null; attempts: number },
    result: SetpointResult,
  ): Promise<void> {
    return this.#rows.add({
      identity: unit.identity,
      connector,
      limitA: wanted.limitA,
      attempt: wanted.attempts,
      result,
      decidedAt: Instant.ofEpochMilli(wanted.decidedMs),
      validTo: wanted.expiresMs === null ? null : Instant.ofEpochMilli(wanted.expiresMs),
      at: this.#context.clock.now(),
    })
  }
}

function limitFor(
  { connector }: Connector,
  { transactionId, unitTransactionId }: OpenTransaction,
  limitA: number,
  nowMs: number,
): SocketLimit {
  return { connector, transactionId, unitTransactionId, limitA, fromMs: nowMs, untilMs: nowMs + setpointLifeMs }
}
