import { and, eq, inArray } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { MeterReadings, MeterReceipt } from '../../../schemas/metering.ts'
import { type Actor, recordAudit, type ServerContext } from '../../access/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { type MeteredPeriod, periodsOf } from './rules.ts'
import { meterReading } from './tables.ts'

type Tx = Parameters<Parameters<ServerContext['db']['transaction']>[0]>[0]

/**
 * FA04: stores an upload whole or not at all. The same upload again changes nothing (FM21); a corrected value needs a higher revision
 * (FM17), and every revision is kept.
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
  const receipt = await context.db.transaction((tx) => store(tx, context, actor, upload, periods))
  context.announce('settlement')
  return receipt
}

async function store(
  tx: Tx,
  context: ServerContext,
  actor: Actor,
  upload: MeterReadings,
  periods: MeteredPeriod[],
): Promise<MeterReceipt> {
  const receivedAt = context.clock.now()
  const before = await storedBefore(tx, upload, periods)
  const fresh: MeteredPeriod[] = []
  let [unchanged, superseded] = [0, 0]
  for (const [i, period] of periods.entries()) {
    const versions = before.get(period.periodStart.toEpochMilli())
    const same = versions?.get(upload.revision)
    if (same === undefined) {
      fresh.push(period)
      if (versions) superseded++
    } else if (same === period.energyWh) unchanged++
    else throw revisionUsed(upload, i, period, same)
  }
  const row = { fuId: upload.fuId, revision: upload.revision, meterId: upload.meterId, receivedAt }
  for (let i = 0; i < fresh.length; i += 5_000)
    await tx.insert(meterReading).values(fresh.slice(i, i + 5_000).map((period) => ({ ...row, ...period })))
  const counts = { stored: fresh.length, unchanged, superseded }
  if (superseded > 0)
    await recordAudit(tx, receivedAt, actor, {
      action: 'meter.corrected',
      subject: { type: 'fu', id: upload.fuId },
      detail: { ...counts, revision: upload.revision },
    })
  return { fuId: upload.fuId, ...counts }
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
