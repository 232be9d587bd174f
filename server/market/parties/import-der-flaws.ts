import type { LocalDate } from '@js-joda/core'
import { type SQL, sql } from 'drizzle-orm'

/** The staged rows of DERs that have to join an FU, as `join` takes them. */
export const joinings = sql`(
  select line, der_id, fu_id, valid_from, valid_until from given_der where fu_id is not null and was_in is null and valid_from is not null
) g`

const withoutAuthority =
  'is not an MPAN that you have authority over: apply for it, and send the file when the DNO has approved'

/**
 * What is wrong with the staged rows of a file of DERs, as a query with `line`, `field` and `message`. Without authority the answer is the
 * same whether or not the MPAN exists (SEC03).
 */
export function derFlaws(fspId: string, today: LocalDate): SQL {
  const day = sql`${today.toString()}::date`
  return sql`(
    select line, 'name' as field, name || ' behind ' || mpan || ' is already on line ' || first as message
    from (select line, name, mpan, min(line) over (partition by mpan, name) as first from given_der) g where line > first
    union all
    select g.line, 'name', 'names several DERs of yours behind ' || g.mpan
    from given_der g join der d on d.fsp_id = ${fspId}::uuid and d.mpan = g.mpan and d.name = g.name
    group by g.line, g.mpan having count(*) > 1
    union all
    select g.line, v.field, 'is needed for a new DER'
    from given_der g cross join lateral (values ('kind', g.kind), ('ratedW', g.rated_w::text)) v(field, given)
    where g.is_new and v.given is null
    union all
    select g.line, 'mpan', case when held.any is null then ${withoutAuthority}
      else 'is no longer an MPAN of this network: ask the DNO which MPAN the site has now' end
    from given_der g left join lateral (
      select true as any from mpan_authority a where a.mpan = g.mpan and a.fsp_id = ${fspId}::uuid and a.status = 'approved'
        and (a.valid_until is null or a.valid_until > greatest(${day}, g.valid_from)) limit 1
    ) held on true
    where (g.is_new or (g.fu_id is not null and g.was_in is null)) and (held.any is null or g.connection_id is null)
    union all
    select line, 'fuId', 'is not an FU of yours' from given_der g
    where fu_id is not null and valid_from is null and was_in is null
      and not exists (select 1 from flexible_unit u where u.fu_id = g.fu_id and u.fsp_id = ${fspId}::uuid)
    union all
    ${consentFlaws(day)}
    union all
    select g.line, 'until', 'is ' || g.ends_on || ': state ' || greatest(${day}, g.was_from) + 1 || ' or later, because days that have begun stay as they were'
    from given_der g where g.ends_on <= greatest(${day}, g.was_from)
    union all
    select g.line, 'until', 'the membership ended on ' || m.valid_until || ' already'
    from given_der g join flexible_unit_der m on m.der_id = g.der_id and m.valid_from = g.was_from
    where g.ends_on is not null and m.valid_until <= ${day}
    union all
    select g.line, 'until', 'the DER is in another FU from ' || min(m.valid_from) || ' on'
    from given_der g join flexible_unit_der m on m.der_id = g.der_id and m.valid_from > g.was_from and m.valid_from < g.ends_on
    where g.ends_on is not null group by g.line
  )`
}

/** As for one DER: days that have begun stay as they were, so that a first day is final, and an end that has come. */
function consentFlaws(day: SQL): SQL {
  return sql`
    select line, 'consentReference', 'is needed beside the day of the consent' from given_der g
    where (consent_from is not null or consent_until is not null) and consent_reference is null
      and not exists (select 1 from der d where d.der_id = g.der_id and d.consent_reference is not null)
    union all
    select line, 'consentFrom', 'is needed beside the reference of the consent' from given_der g
    where (consent_reference is not null or consent_until is not null) and consent_from is null
      and not exists (select 1 from der d where d.der_id = g.der_id and d.consent_from is not null)
    union all
    select g.line, 'consentUntil', 'must be after consentFrom' from given_der g left join der d on d.der_id = g.der_id
    where g.consent_until <= coalesce(g.consent_from, d.consent_from)
    union all
    select g.line, 'consentFrom', 'cannot be changed: state ' || d.consent_from || ' or leave it empty' from given_der g join der d on d.der_id = g.der_id
    where g.consent_from <> d.consent_from
    union all
    select g.line, 'consentFrom', 'is after the DER’s first day in an FU: state ' || min(m.valid_from) || ' or earlier'
    from given_der g join der d on d.der_id = g.der_id and d.consent_from is null
      join flexible_unit_der m on m.der_id = g.der_id and m.valid_from <= ${day}
    group by g.line, g.consent_from having g.consent_from > min(m.valid_from)
    union all
    select g.line, 'consentUntil', 'is ' || g.consent_until || ': state ' || ${day} + 1 || ' or later'
    from given_der g join der d on d.der_id = g.der_id and d.consent_from is null
    where g.consent_until <= ${day} and exists (select 1 from flexible_unit_der m where m.der_id = g.der_id and m.valid_from <= ${day})
    union all
    select g.line, 'consentUntil', case when d.consent_until <= ${day}
        then 'the consent ended on ' || d.consent_until || ': register the DER under another name with the new consent'
        else 'is ' || g.consent_until || ': state ' || ${day} + 1 || ' or later' end
    from given_der g join der d on d.der_id = g.der_id
    where d.consent_from is not null and g.consent_until is distinct from d.consent_until and g.consent_until is not null
      and (d.consent_until <= ${day} or g.consent_until <= ${day})`
}
