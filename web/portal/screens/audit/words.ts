import type { AuditEntry } from '../../../../schemas/access/audit.ts'
import { figureWords } from '../settings/figures.ts'

export const actorKindWords: Record<AuditEntry['actorKind'], string> = {
  person: 'a person of the network operator',
  fsp: 'an FSP',
  customer: 'a customer',
  provider: 'a data provider',
  gateway: 'a gateway',
  system: 'the server’s own work',
}

/** Members that the list of changes shows already. */
const changed: readonly string[] = ['before', 'after', 'now']

/**
 * What an entry says besides, for reading: single values as facts, and the rest, which has parts, as it is.
 * @param hasChanges whether what was there before and after is shown field by field
 */
export function factsOf(
  detail: AuditEntry['detail'],
  hasChanges: boolean,
): { facts: [string, string][]; rest: Record<string, unknown> | null } {
  const members = Object.entries(detail).filter(([name]) => !hasChanges || !changed.includes(name))
  const isSingle = (value: unknown) => value === null || typeof value !== 'object'
  const facts = members
    .filter(([, value]) => isSingle(value))
    .map(([name, value]): [string, string] => [sentenceCase(figureWords(name)), figureInWords(value)])
  const parts = members.filter(([, value]) => !isSingle(value))
  return { facts, rest: parts.length > 0 ? Object.fromEntries(parts) : null }
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function figureInWords(value: unknown): string {
  return value === null ? 'none' : String(value)
}
