import { createHash } from 'node:crypto'
import type { AuditFault } from '../../../schemas/access/audit.ts'

/** A place in the chain, with the entry that stands there now. */
export interface Link {
  position: number
  entryId: number
  hash: string
  /** The entry as text, over which its hash was computed; `null` if the entry is gone. */
  content: string | null
}

/** The end of a stretch of the chain. */
export interface Head {
  position: number
  hash: string
}

/** Before the first entry. */
export const root: Head = { position: 0, hash: '' }

/** SHA-256 over the hash before an entry and the entry, in hexadecimal; `link_audit_entry()` computes the same. */
export function linkHash(previous: string, content: string): string {
  return createHash('sha256').update(previous).update('\n').update(content).digest('hex')
}

/** Follows a stretch of the chain from what came before it to its end, or to the first link that does not hold. */
export function follow(from: Head, links: readonly Link[]): { head: Head; fault: AuditFault | null } {
  let head = from
  for (const link of links) {
    const fault = faultOf(head, link)
    if (fault) return { head, fault }
    head = { position: link.position, hash: link.hash }
  }
  return { head, fault: null }
}

function faultOf(before: Head, { position, entryId, hash, content }: Link): AuditFault | null {
  const expected = before.position + 1
  if (position !== expected)
    return { position: expected, kind: 'missing', detail: `The link at position ${expected} has been removed.` }
  if (content === null)
    return { position, kind: 'missing', detail: `Entry ${entryId}, at position ${position}, has been removed.` }
  if (linkHash(before.hash, content) === hash) return null
  const detail = `Entry ${entryId}, at position ${position}, is not what was committed: ${content}`
  return { position, kind: 'altered', detail }
}
