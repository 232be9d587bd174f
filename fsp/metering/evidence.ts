import type { Instant } from '@js-joda/core'
import { writeCsv } from '../../platform/csv/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Connector } from '../chargepoints/index.ts'
import type { SocketQuarter } from './service.ts'

/** What is asked for: a span of some sockets. */
export interface EvidenceSpan {
  from: Instant
  to: Instant
  sockets: readonly Connector[]
}

/** The registers as they were read in a span, each with the charge that it belongs to, as CSV. */
export async function registersAsCsv(db: Database, { from, to, sockets }: EvidenceSpan): Promise<string> {
  const [identities, connectors] = [sockets.map(({ unit }) => unit.identity), sockets.map((each) => each.connector)]
  const rows = await db.$client<Record<string, string | number | null>[]>`
    select r.identity, r.connector, to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
      to_char(r.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "receivedAt",
      r.energy_wh as "energyWh", r.power_w as "powerW", t.transaction_id as "transactionId", t.id_tag as "idTag"
    from unnest(${identities}::text[], ${connectors}::int[]) as c(identity, connector)
    join register_reading r on r.identity = c.identity and r.connector = c.connector
      and r.at >= ${from.toString()} and r.at <= ${to.toString()}
    left join lateral (select transaction_id, id_tag from charging_transaction t
      where t.identity = r.identity and t.connector = r.connector and t.start_at <= r.at
        and (t.stop_at is null or t.stop_at >= r.at) order by t.start_at desc limit 1) t on true
    order by r.identity, r.connector, r.at`
  return csvOf(['identity', 'connector', 'at', 'receivedAt', 'energyWh', 'powerW', 'transactionId', 'idTag'], rows)
}

/** What sockets took in each quarter-hour, as CSV. */
export function quartersAsCsv(rows: readonly SocketQuarter[]): string {
  return csvOf(
    ['identity', 'connector', 'periodStart', 'energyWh', 'quality'],
    rows.map(({ periodStart, ...row }) => ({ ...row, periodStart: periodStart.toString() })),
  )
}

function csvOf(columns: readonly string[], rows: readonly Record<string, string | number | null>[]): string {
  return writeCsv(
    [...columns],
    rows.map((row) => columns.map((column) => row[column] ?? null)),
  )
}
