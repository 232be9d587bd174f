import { asc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Database } from '../../../platform/db/index.ts'
import type { AuditCheck, AuditFault } from '../../../schemas/access/audit.ts'
import { auditEntry, auditLink } from '../../kit/index.ts'
import { follow, type Head, root } from './chain.ts'

const linksAtOnce = 5_000

/**
 * Follows the whole chain and names the first entry that is altered, missing or outside the chain (FM43).
 * @param known a link that was noted earlier: a chain that was rewritten as a whole no longer holds it.
 */
export async function verifyChain(db: Database, known: Head | null = null): Promise<AuditCheck> {
  let head = root
  let fault: AuditFault | null = null
  for (;;) {
    const links = await linksAfter(db, head.position)
    const followed = follow(head, links)
    const passed = links.find(({ position }) => position === known?.position)
    head = followed.head
    fault = followed.fault
    if (!fault && passed && known && passed.hash !== known.hash) fault = rewritten(known)
    if (fault || links.length < linksAtOnce) break
  }
  if (!fault && known && head.position < known.position) fault = cut(head, known)
  fault ??= await unlinked(db, head)
  return { entries: head.position, head: head.position > 0 ? head : null, fault }
}

/** The last link; `null` in an empty chain. */
export async function chainHead(db: Database): Promise<Head | null> {
  const { position, hash } = auditLink
  const [last] = await db.select({ position, hash }).from(auditLink).orderBy(sql`${position} desc`).limit(1)
  return last ?? null
}

function linksAfter(db: Database, position: number) {
  return db
    .select({
      position: auditLink.position,
      entryId: auditLink.entryId,
      hash: auditLink.hash,
      content: sql<string | null>`case when ${auditEntry.entryId} is not null then audit_content(${auditEntry}) end`,
    })
    .from(auditLink)
    .leftJoin(auditEntry, eq(auditEntry.entryId, auditLink.entryId))
    .where(gt(auditLink.position, position))
    .orderBy(asc(auditLink.position))
    .limit(linksAtOnce)
}

/** An entry that was written past the trigger which links it. */
async function unlinked(db: Database, head: Head): Promise<AuditFault | null> {
  const [found] = await db
    .select({ entryId: auditEntry.entryId })
    .from(auditEntry)
    .leftJoin(auditLink, eq(auditLink.entryId, auditEntry.entryId))
    .where(isNull(auditLink.entryId))
    .orderBy(asc(auditEntry.entryId))
    .limit(1)
  if (!found) return null
  const detail = `Entry ${found.entryId} is not part of the chain: it was not written by the server.`
  return { position: head.position + 1, kind: 'unlinked', detail }
}

function rewritten({ position, hash }: Head): AuditFault {
  const detail = `The chain was rewritten: at position ${position} it no longer has the hash ${hash}.`
  return { position, kind: 'rewritten', detail }
}

function cut(head: Head, known: Head): AuditFault {
  const detail = `The chain ends at position ${head.position}, but it once reached ${known.position}: its end has been removed.`
  return { position: head.position + 1, kind: 'missing', detail }
}
