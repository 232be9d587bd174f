import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { and, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { ProblemError } from '../../../platform/http/index.ts'
import type { holdDecision, MeterReadings, MeterReceipt } from '../../../schemas/metering.ts'
import { tradingDayOf } from '../../../schemas/time.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../access/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { type MeteredPeriod, medianOf, oddities, periodsOf } from './rules.ts'
import { settingsOf } from './settings.ts'
import { lockUnit, meteredDays, refreshMeteredDays } from './store.ts'
import { heldUpload, meterReading } from './tables.ts'

type Tx = Parameters<Parameters<ServerContext['db']['transaction']>[0]>[0]

/**
 * FA04: stores an upload whole or not at all. The same upload again changes nothing (FM21); a corrected value needs a higher revision
 * (FM17), and every revision is kept. One that looks like a mistake of unit or sign is held for a person (FM13).
 */
export async function uploadReadings(
  context: ServerContext,
  actor: Extract<Actor, { kind: 'fsp' }>,
  upload: MeterReadings,
): Promise<MeterReceipt> {
  const at = context.clock.now()
  const [unit] = await listFlexibleUnits(context.db, at, { fspId: actor.fspId, fuIds: [upload.fuId] })
  if (!unit) throw new ProblemError('not-found', `There is no FU ${upload.fuId} of yours.`)
  const { periods, faults } = periodsOf(upload, at)
  if (faults[0])
    throw new ProblemError('contract-broken', `${faults[0].field}: ${faults[0].message}.`, { errors: faults })
  const receipt = await context.db.transaction(async (tx) => {
    await lockUnit(tx, upload.fuId)
    const known = { maxTurnDownW: unit.maxTurnDownW, ...(await usualOf(tx, upload.fuId, at)) }
    const reasons = oddities(periods, known, settingsOf(context))
    return reasons.length > 0
      ? hold(tx, context, actor, upload, reasons)
      : storeReadings(tx, at, actor, upload, periods)
  })
  context.announce('settlement')
  return receipt
}

/** The usual power of an FU over the last two weeks; a day's worth of values is the least that says what is usual. */
async function usualOf(tx: Tx, fuId: string, at: Instant): Promise<{ usualW: number | null; hasExported: boolean }> {
  const today = tradingDayOf(at)
  const days = (await meteredDays(tx, [fuId], today.minusDays(14), today)).get(fuId) ?? new Map()
  const values = [...days.values()].flatMap((day) => day.energyWh as (number | null)[]).filter((v) => v !== null)
  const powers = values.filter((v) => v !== 0).map((v) => Math.abs(v) * 4)
  return { usualW: powers.length < 96 ? null : medianOf(powers), hasExported: values.some((v) => v < 0) }
}

async function hold(
  tx: Tx,
  context: ServerContext,
  actor: Extract<Actor, { kind: 'fsp' }>,
  upload: MeterReadings,
  reasons: string[],
): Promise<MeterReceipt> {
  const [holdId, at] = [randomUUID(), context.clock.now()]
  const waiting = await tx
    .select({ holdId: heldUpload.holdId, upload: heldUpload.upload })
    .from(heldUpload)
    .where(and(eq(heldUpload.fuId, upload.fuId), eq(heldUpload.state, 'held')))
  const counts = { fuId: upload.fuId, stored: 0, unchanged: 0, superseded: 0 }
  const twin = waiting.find((row) => fingerprint(row.upload) === fingerprint(upload))
  if (twin) return { ...counts, holdId: twin.holdId }
  await tx.insert(heldUpload).values({
    ...{ holdId, fspId: actor.fspId, fuId: upload.fuId, upload, reasons, receivedAt: at },
    ...{ receivedFrom: nameOf(actor), state: 'held', decidedAt: null, decidedBy: null, decisionReason: null },
  })
  await recordAudit(tx, at, actor, {
    action: 'meter.held',
    subject: { type: 'fu', id: upload.fuId },
    detail: { holdId, reasons },
  })
  return { ...counts, holdId }
}

/** jsonb does not keep the order of keys, so an upload is compared by its values. */
function fingerprint(upload: MeterReadings): string {
  const readings = upload.readings.map((r) => [r.at, r.energyWh, r.powerW, r.quality])
  return JSON.stringify([upload.meterId, upload.resolution, upload.stamp, upload.revision, readings])
}

/** A person decides on a held upload: released it is stored as if it came now, rejected it stays on file only. */
export async function decideHold(
  context: ServerContext,
  actor: Actor,
  holdId: string,
  { decision, reason }: z.infer<typeof holdDecision>,
): Promise<MeterReceipt | null> {
  const at = context.clock.now()
  const receipt = await context.db.transaction(async (tx) => {
    const [held] = await tx.select().from(heldUpload).where(eq(heldUpload.holdId, holdId)).for('update')
    if (!held) throw new ProblemError('not-found', `There is no held upload ${holdId}.`)
    if (held.state !== 'held') throw new ProblemError('conflict', `This upload was ${held.state} already.`)
    const state = decision === 'release' ? ('released' as const) : ('rejected' as const)
    await tx
      .update(heldUpload)
      .set({ state, decidedAt: at, decidedBy: nameOf(actor), decisionReason: reason ?? null })
      .where(eq(heldUpload.holdId, holdId))
    await recordAudit(tx, at, actor, {
      action: `meter.${state}`,
      subject: { type: 'fu', id: held.fuId },
      detail: { holdId, reason: reason ?? null },
    })
    if (decision === 'reject') return null
    await lockUnit(tx, held.fuId)
    return storeReadings(tx, at, actor, held.upload, periodsOf(held.upload, at).periods)
  })
  context.announce('settlement')
  return receipt
}

async function storeReadings(
  tx: Tx,
  receivedAt: Instant,
  actor: Actor,
  upload: MeterReadings,
  periods: MeteredPeriod[],
): Promise<MeterReceipt> {
  const before = await storedBefore(tx, upload, periods)
  const fresh: MeteredPeriod[] = []
  let [unchanged, superseded] = [0, 0]
  for (const [i, period] of periods.entries()) {
    const versions = before.get(period.periodStart.toEpochMilli())
    const same = versions?.get(upload.revision)
    if (same === undefined) {
      fresh.push(period)
      if (versions && Math.max(...versions.keys()) < upload.revision) superseded++
    } else if (same === period.energyWh) unchanged++
    else throw revisionUsed(upload, i, period, same)
  }
  const row = { fuId: upload.fuId, revision: upload.revision, meterId: upload.meterId, receivedAt }
  for (let i = 0; i < fresh.length; i += 5_000)
    await tx.insert(meterReading).values(fresh.slice(i, i + 5_000).map((period) => ({ ...row, ...period })))
  if (fresh.length > 0) await refreshDaysOf(tx, upload.fuId, fresh)
  const counts = { stored: fresh.length, unchanged, superseded }
  if (superseded > 0)
    await recordAudit(tx, receivedAt, actor, {
      action: 'meter.corrected',
      subject: { type: 'fu', id: upload.fuId },
      detail: { ...counts, revision: upload.revision },
    })
  return { fuId: upload.fuId, ...counts, holdId: null }
}

async function refreshDaysOf(tx: Tx, fuId: string, fresh: MeteredPeriod[]): Promise<void> {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { periodStart } of fresh) {
    first = Math.min(first, periodStart.toEpochMilli())
    last = Math.max(last, periodStart.toEpochMilli())
  }
  const dayOf = (ms: number) => tradingDayOf(Instant.ofEpochMilli(ms))
  await refreshMeteredDays(tx, [fuId], dayOf(first), dayOf(last))
}

/** Energies stored before for the periods of an upload, by period (epoch ms) and revision. */
async function storedBefore(
  tx: Tx,
  upload: MeterReadings,
  periods: MeteredPeriod[],
): Promise<Map<number, Map<number, number | null>>> {
  const before = new Map<number, Map<number, number | null>>()
  for (let i = 0; i < periods.length; i += 5_000) {
    const part = periods.slice(i, i + 5_000)
    const rows = await tx
      .select()
      .from(meterReading)
      .where(
        and(
          eq(meterReading.fuId, upload.fuId),
          eq(meterReading.source, 'upload'),
          eq(meterReading.minutes, part[0]?.minutes ?? 0),
          inArray(
            meterReading.periodStart,
            part.map((p) => p.periodStart),
          ),
        ),
      )
    for (const row of rows) {
      const key = row.periodStart.toEpochMilli()
      const versions = before.get(key) ?? new Map<number, number | null>()
      before.set(key, versions.set(row.revision, row.energyWh))
    }
  }
  return before
}

function revisionUsed(
  upload: MeterReadings,
  index: number,
  period: MeteredPeriod,
  stored: number | null,
): ProblemError {
  const message = `revision ${upload.revision} of ${period.periodStart} was ${stored} Wh before and is ${period.energyWh} Wh now: send corrections with a higher revision`
  return new ProblemError('conflict', `readings[${index}]: ${message}.`, {
    errors: [{ field: `readings[${index}]`, message }],
  })
}
