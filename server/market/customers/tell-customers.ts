import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { messageOf } from '../../../platform/errors/index.ts'
import type { Mailer } from '../../../platform/mail/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { toldVersion } from './tables.ts'

/** The most mails in one pass. */
const atOnce = 100

interface Owed extends Record<string, unknown> {
  customer_id: string
  email: string
  profile_id: string
  connection_id: string
  site: string
  version: number
  valid_from: string
  valid_to: string
}

/**
 * Tells customers by mail of versions that were approved since their sites are theirs. A version counts as told once the mail server has
 * taken the mail; until then it is tried again at the next pass.
 */
export async function tellCustomers({ db, log, publicUrl }: ServerContext, mailer: Mailer, at: Instant) {
  const owed = await db.execute<Owed>(sql`
    select s.customer_id, c.email, p.profile_id, p.connection_id, n.name as site, p.version, p.valid_from::text, p.valid_to::text
    from profile p
      join customer_site s on s.connection_id = p.connection_id
      join customer c on c.customer_id = s.customer_id
      join connection n on n.connection_id = p.connection_id
    where p.state = 'approved' and c.email is not null and p.decided_at >= s.since
      and not exists (select 1 from told_version t where t.customer_id = s.customer_id and t.profile_id = p.profile_id)
    order by p.decided_at limit ${atOnce}`)
  for (const { customer_id: customerId, profile_id: profileId, ...one } of owed)
    try {
      await mailer({
        to: one.email,
        key: `${profileId}.${customerId}`,
        subject: `${one.site}: version ${one.version} of the profile is approved`,
        text: [
          `Version ${one.version} of the profiled connection of ${one.site} is approved.`,
          `It holds from ${one.valid_from} to ${one.valid_to}, both days included.`,
          '',
          `Its limits are at ${publicUrl}/planner/sites/${one.connection_id}`,
        ].join('\n'),
      })
      await db.insert(toldVersion).values({ customerId, profileId, toldAt: at }).onConflictDoNothing()
    } catch (error) {
      log.warn({ profileId, reason: messageOf(error) }, 'a customer could not be told of a new version')
    }
}
