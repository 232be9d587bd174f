import type { InstructionAnswer } from '../../../schemas/instructions.ts'
import type { ServerContext } from '../../access/index.ts'
import { clearAlarm, raiseAlarm, saveImpliedLimits } from '../../grid/index.ts'
import { findFsp, listFlexibleUnits } from '../../market/index.ts'
import { fuForecastAt } from '../../planning/index.ts'
import type { AskOutcome, ControlApi, ControlDirectory, SendOutcome } from '../transports/index.ts'
import { type InstructionRow, listInstructions, messageOf, moveOn, recordAttempt } from './store.ts'

/** How many instructions go to one FSP at once: enough to be quick, too few to look like an attack. */
const perFspLimit = 8

/**
 * Sends what is planned and asks after what is unknown, all FSPs at once and each on its own: a slow or failing one holds up nobody
 * else (FM10). Safe to run anywhere and at any time: each row is claimed by its change of state.
 */
export async function sendOutstanding(context: ServerContext, directory: ControlDirectory): Promise<void> {
  const rows = await listInstructions(context.db, { states: ['planned', 'sent', 'unknown'] })
  const byFsp = Map.groupBy(rows, (row) => row.fspId)
  await Promise.all([...byFsp].map(([fspId, own]) => sendToFsp(context, directory, fspId, own)))
  if (rows.length > 0) context.announce('dispatch')
}

async function sendToFsp(
  context: ServerContext,
  directory: ControlDirectory,
  fspId: string,
  rows: InstructionRow[],
): Promise<void> {
  const api = await directory(fspId)
  const queue = [...rows]
  const faults: string[] = []
  const worker = async () => {
    for (let row = queue.shift(); row; row = queue.shift()) {
      const fault = await handle(context, api, row)
      if (fault) faults.push(fault)
    }
  }
  await Promise.all(Array.from({ length: perFspLimit }, worker))
  await reportLink(context, fspId, faults)
}

/** One alarm per FSP that cannot be reached, cleared when all that was outstanding for it has gone through. */
async function reportLink(context: ServerContext, fspId: string, faults: string[]): Promise<void> {
  const at = context.clock.now()
  if (faults.length === 0) {
    await clearAlarm(context.db, at, { kind: 'dispatch-not-sent', sourceId: fspId })
    return
  }
  const fsp = await findFsp(context.db, fspId)
  const name = fsp?.companyName ?? fspId
  await raiseAlarm(context.db, at, {
    kind: 'dispatch-not-sent',
    source: { type: 'fsp', id: fspId, name },
    message: `${faults.length} instruction${faults.length === 1 ? '' : 's'} to ${name} not confirmed: ${faults[0]}`,
  })
}

/** Returns a fault when the instruction is still outstanding afterwards. */
async function handle(context: ServerContext, api: ControlApi, row: InstructionRow): Promise<string | null> {
  if (row.state !== 'planned') return reconcile(context, api, row)
  return expireIfLate(context, row).then((expired) =>
    expired ? `the window ${row.fromAt} came before it could be sent` : send(context, api, row),
  )
}

async function expireIfLate(context: ServerContext, row: InstructionRow): Promise<boolean> {
  if (context.clock.now().isBefore(row.expiresAt)) return false
  await moveOn(context.db, row, 'expire', { reason: 'not sent in time' })
  return true
}

async function send(context: ServerContext, api: ControlApi, row: InstructionRow): Promise<string | null> {
  const issuedAt = row.issuedAt ?? context.clock.now()
  const state = await moveOn(context.db, row, 'send', { issuedAt })
  if (state !== 'sent') return null
  const sent = { ...row, state, issuedAt }
  return settle(context, sent, await api.send(messageOf(sent, issuedAt)), 'send')
}

async function reconcile(context: ServerContext, api: ControlApi, row: InstructionRow): Promise<string | null> {
  return settle(context, row, await api.ask(row.instructionId), 'ask')
}

async function settle(
  context: ServerContext,
  row: InstructionRow,
  outcome: SendOutcome | AskOutcome,
  action: 'send' | 'ask',
): Promise<string | null> {
  const at = context.clock.now()
  return context.db.transaction(async (tx) => {
    const said = outcome.kind === 'answered' ? outcome.answer.outcome : outcome.kind
    await recordAttempt(tx, row.instructionId, at, action, 'detail' in outcome ? `${said}: ${outcome.detail}` : said)
    if (outcome.kind === 'answered') {
      await recordAnswer(tx, context, row, outcome.answer)
      return null
    }
    if (outcome.kind === 'never-seen') {
      await moveOn(tx, row, 'never-seen')
      return 'the FSP never saw it; it is sent again'
    }
    await moveOn(tx, row, outcome.kind === 'unknown' ? 'lose' : 'not-sent', { reason: outcome.detail })
    return outcome.detail
  })
}

type Tx = Parameters<Parameters<ServerContext['db']['transaction']>[0]>[0]

async function recordAnswer(
  tx: Tx,
  context: ServerContext,
  row: InstructionRow,
  answer: InstructionAnswer,
): Promise<void> {
  const at = context.clock.now()
  if (answer.outcome === 'accepted') {
    await moveOn(tx, row, 'accept', { answeredAt: at, acknowledgedAt: at, reason: null })
    await limitFu(tx, row)
    await clearAlarm(tx, at, { kind: 'dispatch-refused', sourceId: row.fuId })
    return
  }
  const reason = answer.detail ? `${answer.reason}: ${answer.detail}` : answer.reason
  await moveOn(tx, row, 'refuse', { answeredAt: at, reason })
  const [unit] = await listFlexibleUnits(tx, at, { fuIds: [row.fuId] })
  const name = unit?.name ?? row.fuId
  await raiseAlarm(tx, at, {
    kind: 'dispatch-refused',
    source: { type: 'fu', id: row.fuId, name },
    message: `${name} refused ${Math.round(row.turnDownW / 100) / 10} kW from ${row.fromAt}: ${reason}`,
  })
}

/** An accepted turn-down implies a limit on the FU's own import, which compliance then watches: what was expected, less the turn-down. */
async function limitFu(tx: Tx, row: InstructionRow): Promise<void> {
  if (row.turnDownW === 0) return
  const expectedW = await fuForecastAt(tx, row.fuId, row.fromAt)
  const [unit] = await listFlexibleUnits(tx, row.fromAt, { fuIds: [row.fuId] })
  if (expectedW === null || !unit) return
  const limitW = Math.max(0, expectedW - row.turnDownW)
  await saveImpliedLimits(tx, [
    {
      instructionId: row.instructionId,
      fuId: row.fuId,
      connectionId: unit.connectionId,
      from: row.fromAt,
      to: row.toAt,
      limitW,
      turnDownW: row.turnDownW,
    },
  ])
}
