import type { Database } from '../../platform/db/index.ts'
import { toInstant } from '../../platform/db/index.ts'
import type { statusChange } from './tables.ts'
import type { Connector, Units } from './units.ts'

type Said = Pick<typeof statusChange.$inferSelect, 'status' | 'errorCode' | 'info' | 'at'>

/** Takes over what a unit says of a connector. */
export function takeStatus(connector: Connector, { status, errorCode, info, at }: Said): void {
  const isFault = status === 'Faulted' || (errorCode !== 'NoError' && errorCode !== '')
  Object.assign(connector, {
    status,
    statusMs: at.toEpochMilli(),
    fault: isFault ? { errorCode, detail: info } : null,
  })
  // An available socket has no vehicle (report 9.2.6: registrations stayed at sockets that had become available).
  if (status === 'Available') connector.left = null
}

/** Gives each connector the status that its unit last stated before a restart: idle units say nothing until something changes. */
export async function loadStatuses(db: Database, units: Units): Promise<void> {
  const all = units.all.flatMap((unit) => unit.connectors)
  const [identities, connectors] = [all.map(({ unit }) => unit.identity), all.map(({ connector }) => connector)]
  const rows = await db.$client<
    { identity: string; connector: number; status: string; error_code: string; info: string | null; at: string }[]
  >`
    select c.identity, c.connector, s.status, s.error_code, s.info, s.at::text as at
    from unnest(${identities}::text[], ${connectors}::int[]) as c(identity, connector)
    cross join lateral (select status, error_code, info, at from status_change s
      where s.identity = c.identity and s.connector = c.connector order by s.at desc, s.received_at desc limit 1) s`
  for (const { identity, connector, error_code: errorCode, at, ...row } of rows) {
    const found = units.find(identity)?.connectors.find((each) => each.connector === connector)
    if (found) takeStatus(found, { ...row, errorCode, at: toInstant(at) })
  }
}
