import type { LocalDate } from '@js-joda/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'

/** A DER that joins an FU on a day. `until` is the first day without it. */
export interface Joining {
  derId: string
  fuId: string
  from: LocalDate
  until: LocalDate | null
}

/** Rows with `line`, `der_id`, `fu_id`, `valid_from` and `valid_until`, as the statements below take them. */
export function rowsOf(joining: readonly Joining[]): SQL {
  const rows = joining.map(({ derId, fuId, from, until }, i) => ({
    line: i,
    der_id: derId,
    fu_id: fuId,
    valid_from: from.toString(),
    valid_until: until?.toString() ?? null,
  }))
  return sql`json_to_recordset(${JSON.stringify(rows)}::text::json)
    as g(line int, der_id uuid, fu_id uuid, valid_from date, valid_until date)`
}

/**
 * Why DERs cannot join FUs, as a query with `line`, `field` and `message`: an FU takes DERs behind its connection, behind its node or in
 * its group, from a day that has not begun. The first DERs of an FU may join on the same day, and nothing counts before.
 * @param ders rows with `der_id` and `connection_id`: those that are registered, and those that the same file registers.
 */
export function joiningFlaws(given: SQL, ders: SQL, fspId: string, today: LocalDate): SQL {
  const day = sql`${today.toString()}::date`
  return sql`(
    with recursive placed as (
      select g.line, g.valid_from, g.valid_until, u.name, u.connection_id as at, u.node_id, u.group_id, u.first_member_on,
        u.fu_id is not null as is_known, c.connection_id, c.node_id as fed_from
      from ${given}
        left join flexible_unit u on u.fu_id = g.fu_id and u.fsp_id = ${fspId}::uuid
        left join (${ders}) d on d.der_id = g.der_id
        left join connection c on c.connection_id = d.connection_id
    ), above as (
      select distinct fed_from as start, fed_from as node_id from placed where fed_from is not null
      union select a.start, n.parent_id from above a join network_node n on n.node_id = a.node_id where n.parent_id is not null
    )
    select line, 'fuId' as field, 'is not an FU of yours' as message from placed where not is_known
    union all
    select line, 'fuId', case
        when at is not null then name || ' is on one connection, and this MPAN is behind another'
        when group_id is not null then name || ' is for a group of connections, and this MPAN is not in it'
        else name || ' is behind the node ' || node_id || ', and this MPAN is fed from elsewhere' end
    from placed p where is_known and connection_id is not null and case
        when at is not null then connection_id <> at
        when group_id is not null then not exists (
          select 1 from connection_group_member m where m.group_id = p.group_id and m.connection_id = p.connection_id)
        else not exists (select 1 from above a where a.start = p.fed_from and a.node_id = p.node_id) end
    union all
    select line, 'from', 'is ' || valid_from || ': state ' || least_day || ' or later, because days that have begun stay as they were'
    from placed cross join lateral (
      select case when first_member_on is null then ${day} else ${day} + 1 end as least_day
    ) l where valid_from < least_day
    union all
    select line, 'until', 'must be after from, ' || valid_from from placed where valid_until <= valid_from
  )`
}

/** Makes the changes of one FSP's memberships take turns, to the end of the transaction: two together could let a DER join twice. */
export async function holdMemberships(tx: Queryable, fspId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${fspId}, 16))`)
}

/** Lets DERs join FUs: each leaves the FU that it is in on that day, and gives up what was planned for it
 * afterwards. The caller holds the FSP's memberships (`holdMemberships`). */
export async function join(tx: Queryable, given: SQL): Promise<void> {
  await leave(tx, given)
  await tx.execute(sql`
    insert into flexible_unit_der (der_id, fu_id, valid_from, valid_until)
    select g.der_id, g.fu_id, g.valid_from, g.valid_until from ${given}`)
  await tx.execute(sql`
    update flexible_unit u set first_member_on = least(u.first_member_on, begun.day)
    from (select g.fu_id, min(g.valid_from) as day from ${given} group by g.fu_id) begun where begun.fu_id = u.fu_id
      and (u.first_member_on is null or begun.day < u.first_member_on)`)
}

/** Ends the memberships of DERs on a day; those that would begin on it or later are given up. */
export async function leave(tx: Queryable, given: SQL): Promise<void> {
  await tx.execute(sql`
    delete from flexible_unit_der m using ${given} where m.der_id = g.der_id and m.valid_from >= g.valid_from`)
  await tx.execute(sql`
    update flexible_unit_der m set valid_until = g.valid_from from ${given}
    where m.der_id = g.der_id and m.valid_from < g.valid_from and (m.valid_until is null or m.valid_until > g.valid_from)`)
}
