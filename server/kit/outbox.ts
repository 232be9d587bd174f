import type { PgTable } from 'drizzle-orm/pg-core'
import { outboundUrlFault, problemOf } from '../../platform/http/index.ts'
import { outbox as anyOutbox, type Outbox, type OutboxOptions } from '../../platform/outbox/index.ts'
import type { NoticeChannel } from '../../schemas/vocabulary/notices.ts'
import { brokenField } from '../../schemas/vocabulary/outcome.ts'
import { arePrivateAddressesAllowed, outboundFetch, type ServerContext } from './context.ts'

/** The outbox of a table of notices, which calls only addresses outside the DNO's own network (FM41). */
export function outbox<T extends PgTable>(
  options: Omit<OutboxOptions<ServerContext, T>, 'fetchOf'>,
): Outbox<ServerContext> {
  return anyOutbox({ ...options, fetchOf: outboundFetch })
}

/** Refuses a webhook inside the DNO's own network (FM41). @throws ProblemError a broken field `address`. */
export function requireOutside(context: ServerContext, form: { kind: NoticeChannel; address: string }): void {
  if (form.kind !== 'webhook') return
  const fault = outboundUrlFault(form.address, arePrivateAddressesAllowed(context))
  if (fault) throw problemOf(brokenField('address', fault))
}
