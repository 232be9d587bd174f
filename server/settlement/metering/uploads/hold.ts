import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { MeterReceipt } from '../../../../schemas/settlement/metering.ts'
import { type FspActor, nameOf } from '../../../kit/index.ts'
import type { UploadHead } from './intake.ts'
import type { Audit } from './store-periods.ts'

/** Holds an upload for a person to decide on, as periods in order of time. The same upload again returns the same hold. */
export async function hold(
  tx: Queryable,
  { at, actor, audit }: { at: Instant; actor: FspActor; audit: Audit },
  { fuId, meterId, resolution, revision }: UploadHead,
  reasons: string[],
): Promise<MeterReceipt> {
  const upload = sql`jsonb_build_object('fuId', ${fuId}::text, 'meterId', ${meterId}::text, 'resolution', ${resolution}::text,
    'stamp', 'period-start', 'revision', ${revision}::int, 'readings', (
      select jsonb_agg(jsonb_build_object('at', to_char(period_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'energyWh', energy_wh, 'quality', quality) order by period_start) from given_period))`
  const counts = { fuId, stored: 0, unchanged: 0, superseded: 0, dropouts: 0 }
  const [twin] = await tx.execute<{ hold_id: string }>(sql`
    select hold_id from held_upload where fu_id = ${fuId}::uuid and state = 'held' and upload = ${upload}`)
  if (twin) return { ...counts, holdId: twin.hold_id }
  const holdId = randomUUID()
  await tx.execute(sql`
    insert into held_upload (hold_id, fsp_id, fu_id, upload, reasons, received_at, received_from, state)
    values (${holdId}::uuid, ${actor.fspId}::uuid, ${fuId}::uuid, ${upload}, ${JSON.stringify(reasons)}::text::jsonb,
      ${at.toString()}::timestamptz, ${nameOf(actor)}, 'held')`)
  audit({ action: 'meter.held', subject: { type: 'fu', id: fuId }, detail: { holdId, reasons } })
  return { ...counts, holdId }
}
