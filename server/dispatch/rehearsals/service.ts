import { randomUUID } from 'node:crypto'
import { LocalDate } from '@js-joda/core'
import { asc, desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { codeOf } from '../../../platform/errors/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { newPseudoNetwork, newRehearsal, PseudoNetwork, Rehearsal } from '../../../schemas/dispatch/rehearsals.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { explain, solveModel, usualEffort } from '../optimisation/runs/index.ts'
import { currentSchedules, saveManualSchedule } from '../schedules/index.ts'
import { readMembers } from './inputs.ts'
import { networkFault } from './rules.ts'
import { pseudoNetwork, rehearsal } from './tables.ts'

/** Makes a pseudo-network. Its nodes are nobody's but its own: the real network stays as it is. */
export async function makeNetwork(
  context: ServerContext,
  actor: Actor,
  given: z.infer<typeof newPseudoNetwork>,
): Promise<PseudoNetwork> {
  const at = context.clock.now()
  const fault = networkFault(given) ?? (await unknownMember(context, given.members))
  if (fault) throw new ProblemError('contract-broken', `${fault.field}: ${fault.message}.`, { errors: [fault] })
  const row = { ...given, pseudoNetworkId: randomUUID(), createdAt: at, createdBy: nameOf(actor) }
  try {
    await context.db.transaction(async (tx) => {
      await tx.insert(pseudoNetwork).values(row)
      await recordAudit(tx, at, actor, {
        action: 'pseudo-network.made',
        subject: { type: 'pseudo-network', id: row.pseudoNetworkId },
        detail: { name: given.name, nodes: given.nodes.length, members: given.members.length },
      })
    })
  } catch (error) {
    if (codeOf(error) !== '23505') throw error
    throw new ProblemError('conflict', `There is a pseudo-network called ${given.name} already.`)
  }
  return { ...row, createdAt: at.toString() }
}

async function unknownMember(
  { db, clock }: ServerContext,
  members: PseudoNetwork['members'],
): Promise<{ field: string; message: string } | null> {
  const units = await listFlexibleUnits(db, clock.now(), { fuIds: members.map((member) => member.fuId) })
  const known = new Set(units.map((unit) => unit.fuId))
  const i = members.findIndex((member) => !known.has(member.fuId))
  return i < 0 ? null : { field: `members[${i}].fuId`, message: `there is no FU ${members[i]?.fuId}` }
}

/** Pseudo-networks by name. */
export async function listNetworks({ db }: ServerContext): Promise<PseudoNetwork[]> {
  const rows = await db.select().from(pseudoNetwork).orderBy(asc(pseudoNetwork.name))
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toString() }))
}

async function findNetwork(context: ServerContext, id: string): Promise<PseudoNetwork> {
  const found = (await listNetworks(context)).find((network) => network.pseudoNetworkId === id)
  if (!found) throw new ProblemError('not-found', `There is no pseudo-network ${id}.`)
  return found
}

/** Optimises a scenario on a pseudo-network, and keeps what was chosen. No schedule changes, and nothing is sent. */
export async function rehearse(
  context: ServerContext,
  actor: Actor,
  pseudoNetworkId: string,
  given: z.infer<typeof newRehearsal>,
): Promise<Rehearsal> {
  const at = context.clock.now()
  const network = await findNetwork(context, pseudoNetworkId)
  const tradingDay = LocalDate.parse(given.tradingDay)
  const inputs = await readMembers(context.db, at, network, tradingDay, given.scenario, given.needW)
  const solved = await solveModel(inputs.model, inputs.starts, at, usualEffort)
  const { nodes, units } = explain(inputs, solved)
  const row = {
    rehearsalId: randomUUID(),
    pseudoNetworkId,
    ...given,
    tradingDay,
    startedAt: at,
    startedBy: nameOf(actor),
    method: solved.method,
    gap: solved.gap,
    nodes: [...nodes.values()],
    units: [...units].map(([fuId, periods]) => ({ fuId, periods })),
    adoptedAt: null,
    adoptedBy: null,
  }
  await context.db.transaction(async (tx) => {
    await tx.insert(rehearsal).values(row)
    await recordAudit(tx, at, actor, {
      action: 'rehearsal.run',
      subject: { type: 'rehearsal', id: row.rehearsalId },
      detail: { pseudoNetwork: network.name, ...given },
    })
  })
  return viewRehearsal(row)
}

/** Rehearsals on a pseudo-network, the latest first. */
export async function listRehearsals(context: ServerContext, pseudoNetworkId: string): Promise<Rehearsal[]> {
  await findNetwork(context, pseudoNetworkId)
  const rows = await context.db
    .select()
    .from(rehearsal)
    .where(eq(rehearsal.pseudoNetworkId, pseudoNetworkId))
    .orderBy(desc(rehearsal.startedAt))
    .limit(100)
  return rows.map(viewRehearsal)
}

/**
 * Makes what a rehearsal chose the manual schedules of its FUs. What is then sent is as with any manual schedule: where somebody selects
 * it, and as far as the FU is contracted.
 */
export async function adoptRehearsal(context: ServerContext, actor: Actor, rehearsalId: string): Promise<Rehearsal> {
  const { db, clock } = context
  const [row] = await db.select().from(rehearsal).where(eq(rehearsal.rehearsalId, rehearsalId))
  if (!row) throw new ProblemError('not-found', `There is no rehearsal ${rehearsalId}.`)
  if (row.adoptedAt) throw new ProblemError('conflict', `${row.adoptedBy} adopted it at ${row.adoptedAt}.`)
  const day = row.tradingDay
  const fuIds = row.units.map((unit) => unit.fuId)
  const current = await currentSchedules(db, day, fuIds)
  for (const { fuId, periods } of row.units) {
    const chosen = new Map(periods.map((period) => [period.from, period.turnDownW]))
    const values = periodStarts(day, 'PT15M').map((from) => chosen.get(from.toString()) || null)
    const version = current.find((s) => s.fuId === fuId && s.kind === 'manual')?.version ?? 0
    await saveManualSchedule(context, actor, { fuId, day }, version, { resolution: 'PT15M', values })
  }
  // Last, so that one that was cut off in the middle can be adopted again: the same schedules twice are the same.
  const adopted = { adoptedAt: clock.now(), adoptedBy: nameOf(actor) }
  await db.update(rehearsal).set(adopted).where(eq(rehearsal.rehearsalId, rehearsalId))
  return viewRehearsal({ ...row, ...adopted })
}

function viewRehearsal(row: typeof rehearsal.$inferSelect): Rehearsal {
  return {
    ...row,
    tradingDay: row.tradingDay.toString(),
    startedAt: row.startedAt.toString(),
    adoptedAt: row.adoptedAt?.toString() ?? null,
  }
}
