import { sql } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'

/** Gives each FU in the database a DER behind an MPAN of its own, which its FSP has had authority over for years. */
export async function giveAuthorityToAll(tx: Queryable): Promise<void> {
  const units = sql`(select u.*, lpad((row_number() over (order by fu_id))::text, 13, '1000000000000') as mpan from flexible_unit u) u`
  await tx.execute(sql`
    insert into der (der_id, fsp_id, name, kind, mpan, connection_id, rated_w)
    select fu_id, fsp_id, name, 'load', mpan, connection_id, max_turn_down_w from ${units}`)
  await tx.execute(sql`
    insert into flexible_unit_der (der_id, fu_id, valid_from) select fu_id, fu_id, '2000-01-01' from flexible_unit`)
  await tx.execute(sql`update flexible_unit set first_member_on = '2000-01-01'`)
  await tx.execute(sql`
    insert into mpan_authority (authority_id, application_id, fsp_id, mpan, status, valid_from, given_by, reference, applied_at, applied_by)
    select fu_id, fu_id, fsp_id, mpan, 'approved', '2000-01-01', 'customer-letter', 'bench', '2000-01-01', 'bench' from ${units}`)
  await tx.execute(sql`analyze der, flexible_unit_der, mpan_authority`)
}
