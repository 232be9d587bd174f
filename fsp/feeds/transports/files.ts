import type { Instant } from '@js-joda/core'

/** A file as its supplier left it. */
export interface Arrived {
  name: string
  /** `null`: it is longer than is read, and was left where it is. */
  content: Uint8Array | null
  bytes: number
  /** When its supplier wrote it; `null`: it does not say. */
  modifiedAt: Instant | null
}

/** A file in a listing, before it is fetched. */
export interface Listed {
  name: string
  bytes: number
  modifiedAt: Instant
}

/** What fetching needs to know of a feed. */
export interface Fetching {
  maxBytes: number
  /** Whether a file was taken or kept before, with this length and time. */
  isSeen(listed: Listed): Promise<boolean>
  /** The secret of the transport; throws a sentence if there is none. */
  secret(): string
  /** When the last run that succeeded began; `null`: never. */
  since: Instant | null
}

/** Files of one run at most: what is left waits for the next, so that no run is without end. */
export const mostFiles = 500

/** Whether a name fits a pattern in which `*` stands for any characters. Hidden files never do: they are being written. */
export function fits(name: string, pattern: string): boolean {
  if (name.startsWith('.') || name.endsWith('.part') || name.endsWith('.tmp')) return false
  const parts = pattern.split('*').map((part) => part.replace(/[.\\^$+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}

/** The files of a listing that are to be fetched, the oldest first. */
export async function unseen(listing: readonly Listed[], fetching: Fetching): Promise<Listed[]> {
  const found: Listed[] = []
  for (const listed of listing.toSorted((a, b) => a.modifiedAt.compareTo(b.modifiedAt) || (a.name < b.name ? -1 : 1))) {
    if (found.length === mostFiles) break
    if (!(await fetching.isSeen(listed))) found.push(listed)
  }
  return found
}
