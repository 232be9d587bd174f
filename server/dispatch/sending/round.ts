import { messageOf as errorMessage } from '../../../platform/errors/index.ts'
import { inTraceOf } from '../../../platform/tracing/index.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { instructionAttribute } from '../../../schemas/vocabulary/trace.ts'
import type { ServerContext } from '../../kit/index.ts'
import { type InstructionRow, moveOn } from '../instructions/index.ts'
import { alarmFaults, type ControlApi, type ControlDirectory } from '../transports/index.ts'
import { recordAccepted, recordOutcome } from './answers.ts'
import { loadFacts, type RoundFacts } from './facts.ts'
import { claimQuestion, claimSending, waitUntil } from './leases.ts'
import { messageOf } from './message.ts'
import { type Asking, isGivenUp } from './rules.ts'

/** How many instructions are sent to one FSP at once: enough to be quick, too few to look like an attack. */
const perFspLimit = 8
/** After this many faults a round stops calling an FSP: the rest would only time out too. The next round tries again. */
const faultLimit = 3

/** One round of calls to one FSP. */
export class Round {
  readonly #context: ServerContext
  readonly #rules: Asking
  readonly #fspId: string
  readonly #faults: string[] = []
  #linkFaults = 0

  constructor(context: ServerContext, rules: Asking, fspId: string) {
    this.#context = context
    this.#rules = rules
    this.#fspId = fspId
  }

  /** Never rejects: a failure here affects this FSP only. */
  async run(directory: ControlDirectory, rows: readonly InstructionRow[]): Promise<void> {
    try {
      const facts = await loadFacts(this.#context.db, this.#context.clock.now(), rows)
      const api = await directory(this.#fspId)
      await this.#askAll(
        api,
        facts,
        rows.filter((row) => row.state !== 'planned'),
      )
      await this.#sendAll(
        api,
        facts,
        rows.filter((row) => row.state === 'planned'),
      )
      await this.#report()
    } catch (error) {
      this.#context.log.error({ err: error, fspId: this.#fspId }, 'a round of instructions failed')
      this.#faults.push(errorMessage(error))
      await this.#report().catch((err) => this.#context.log.error({ err }, 'its alarm failed too'))
    }
  }

  async #askAll(api: ControlApi, facts: RoundFacts, rows: readonly InstructionRow[]): Promise<void> {
    const queue = [...rows]
    const worker = async () => {
      for (let row = queue.shift(); row; row = queue.shift()) await this.#ask(api, facts, row)
    }
    await Promise.all(Array.from({ length: Math.min(perFspLimit, rows.length) }, worker))
  }

  /** Sends in batches of the concurrency limit per FSP, and records each batch in one statement. */
  async #sendAll(api: ControlApi, facts: RoundFacts, rows: readonly InstructionRow[]): Promise<void> {
    const ready: InstructionRow[] = []
    for (const row of rows) if (await this.#isReady(facts, row)) ready.push(row)
    for (let i = 0; i < ready.length; i += perFspLimit)
      await this.#sendBatch(api, facts, ready.slice(i, i + perFspLimit))
  }

  /** Expires what is too late, and drops what must no longer be sent. */
  async #isReady(facts: RoundFacts, row: InstructionRow): Promise<boolean> {
    const { db, clock } = this.#context
    if (!clock.now().isBefore(row.expiresAt)) {
      const expired = await moveOn(db, row, 'expire', { reason: row.reason ?? 'not sent in time' })
      if (expired)
        this.#faults.push(
          `the gate for ${momentInWords(row.fromAt)} passed before it could be sent (${expired.reason})`,
        )
      return false
    }
    const obstacle = facts.obstacle(row)
    if (obstacle) await moveOn(db, row, 'supersede', { reason: obstacle })
    return obstacle === null
  }

  async #sendBatch(api: ControlApi, facts: RoundFacts, batch: readonly InstructionRow[]): Promise<void> {
    if (this.#linkFaults >= faultLimit) {
      for (const _ of batch) this.#faults.push(this.#faults[0] ?? 'the link is down')
      return
    }
    const issuedAt = this.#context.clock.now()
    const sent = await claimSending(this.#context.db, batch, issuedAt)
    const outcomes = await Promise.all(
      sent.map(async (row) => {
        const message = messageOf(row, row.issuedAt ?? issuedAt)
        return { row, outcome: await traced('instruction sending', row, () => api.send(message)) }
      }),
    )
    const isAccepted = ({ outcome }: (typeof outcomes)[number]) =>
      outcome.kind === 'answered' && outcome.answer.outcome === 'accepted'
    const accepted = outcomes.filter(isAccepted).map(({ row }) => row)
    if (accepted.length > 0) await recordAccepted(this.#context, facts, accepted)
    for (const { row, outcome } of outcomes.filter((o) => !isAccepted(o))) {
      if (outcome.kind === 'not-sent' || outcome.kind === 'unknown')
        this.#linkFaults += outcome.isFinal ? faultLimit : 1
      const { fault } = await recordOutcome(this.#context, this.#rules, facts, row, 'send', outcome)
      if (fault) this.#faults.push(fault)
    }
  }

  async #ask(api: ControlApi, facts: RoundFacts, row: InstructionRow): Promise<void> {
    const now = this.#context.clock.now()
    if (!api.isAnswering && now.isBefore(row.toAt)) return this.#sendCutOff(api, facts, row)
    if (!api.isAnswering || isGivenUp(this.#rules, now, row.toAt)) {
      const reason = api.isAnswering
        ? 'the FSP never said whether it took it'
        : 'not confirmed by the end of its window'
      if (await moveOn(this.#context.db, row, 'expire', { reason, nextAttemptAt: null })) this.#faults.push(reason)
      return
    }
    if (this.#linkFaults >= faultLimit) {
      this.#faults.push(this.#faults[0] ?? 'the link is down')
      return
    }
    const claimed = await claimQuestion(this.#context.db, now, row)
    if (!claimed) return
    const outcome = await traced('instruction question', claimed, () => api.ask(claimed.instructionId))
    if (outcome.kind === 'unknown') this.#linkFaults += outcome.isFinal ? faultLimit : 1
    const settled = await recordOutcome(this.#context, this.#rules, facts, claimed, 'ask', outcome)
    if (settled.fault) this.#faults.push(settled.fault)
    if (settled.row?.state === 'planned') await this.#sendAll(api, facts, [settled.row])
  }

  /**
   * A sheet whose hand-over to the mail server is not recorded: its sender was cut off, before or after it. It is sent again under the same
   * number and message identifier, so that its reader recognises it (FM06). After its gate it is not sent: then only the FSP's people know.
   */
  async #sendCutOff(api: ControlApi, facts: RoundFacts, row: InstructionRow): Promise<void> {
    if (!this.#context.clock.now().isBefore(row.expiresAt)) {
      await waitUntil(this.#context.db, row, row.toAt)
      this.#faults.push(`it is not known whether the sheet for ${momentInWords(row.fromAt)} went out before its gate`)
      return
    }
    const again = await moveOn(this.#context.db, row, 'never-seen', { nextAttemptAt: null })
    if (again) await this.#sendAll(api, facts, [again])
  }

  #report(): Promise<void> {
    return alarmFaults(this.#context, this.#fspId, 'dispatch-not-sent', 'instruction', this.#faults)
  }
}

/** A call about an instruction, in the instruction's own trace, with the kind of what came of it. */
function traced<T extends { kind: string }>(
  name: string,
  { instructionId }: InstructionRow,
  call: () => Promise<T>,
): Promise<T> {
  return inTraceOf(instructionId, { name, attributes: { [instructionAttribute]: instructionId } }, async (span) => {
    const outcome = await call()
    span?.setAttribute('ringmain.outcome', outcome.kind)
    return outcome
  })
}
