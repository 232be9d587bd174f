import { and, asc, inArray, isNull } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Mailer } from '../../../platform/mail/index.ts'
import type { Destination } from '../../../platform/outbox/index.ts'
import { outbox, type ServerContext } from '../../kit/index.ts'
import { fsp } from '../parties/tables.ts'
import { inWords } from './rules.ts'
import { type FspNoticeTargetRow, fspNotice, fspNoticeTarget, sealedNoticeKeys } from './tables.ts'

/** Notices to FSPs, each to its target, to the FSP's contact, or, where neither is, to a target that the FSP has added since. */
export const fspOutbox = outbox({
  table: fspNotice,
  what: 'a notice to an FSP',

  async destinations(context, rows) {
    const fspIds = [...new Set(rows.map(({ fspId }) => fspId))]
    const targets = await targetsOf(context.db, fspIds)
    const contacts = await contactsOf(context.db, fspIds)
    return new Map(
      rows.flatMap(({ noticeId, fspId, targetId }) => {
        const own = targets.find((one) => one.targetId === targetId)
        const contact = contacts.get(fspId)
        const other = contact ? undefined : targets.find((one) => one.fspId === fspId && one.active)
        const to = own ?? other
        if (to) return [[noticeId, targetOf(context, to)]]
        return contact
          ? [[noticeId, { channel: 'email', address: contact, key: () => null } satisfies Destination]]
          : []
      }),
    )
  },

  inWords({ body }) {
    const { subject, lines } = inWords(body)
    return { subject, text: lines.join('\n') }
  },
})

/** Sends the notices to FSPs that are owed and due. */
export async function sendFspNotices(context: ServerContext, mailer: Mailer | null): Promise<void> {
  if ((await fspOutbox.send(context, mailer)) > 0) context.announce('market')
}

/** The targets of FSPs that have not been removed, by name. */
function targetsOf(tx: Queryable, fspIds: readonly string[]): Promise<FspNoticeTargetRow[]> {
  return tx
    .select()
    .from(fspNoticeTarget)
    .where(and(inArray(fspNoticeTarget.fspId, [...fspIds]), isNull(fspNoticeTarget.removedAt)))
    .orderBy(asc(fspNoticeTarget.name), asc(fspNoticeTarget.targetId))
}

async function contactsOf(tx: Queryable, fspIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .select({ fspId: fsp.fspId, contactEmail: fsp.contactEmail })
    .from(fsp)
    .where(inArray(fsp.fspId, [...fspIds]))
  return new Map(rows.map((row) => [row.fspId, row.contactEmail]))
}

function targetOf({ secrets }: ServerContext, { targetId, kind, address, sealedKey }: FspNoticeTargetRow): Destination {
  const key = () => (sealedKey ? secrets.open(sealedKey, sealedNoticeKeys.use(targetId)) : null)
  return { channel: kind, address, key }
}
