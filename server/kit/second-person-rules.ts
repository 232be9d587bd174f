import type { FieldChange } from '../../schemas/access/proposals.ts'
import type { Refusal } from '../../schemas/vocabulary/outcome.ts'
import type { Actor } from './actors.ts'

/** Somebody's part in a thing: they made it, changed it or proposed it. */
export interface Hand {
  /** The account of a person, also of an FSP's; otherwise the client or the job. Never a name: those change and are used again. */
  readonly actorId: string
  /** What they did, in the past tense: `applied for`, `edited`. */
  readonly did: string
}

/** By what an actor is known for good: a person by the account, a program by its client. */
export function identityOf(actor: Actor): string {
  if (actor.kind === 'person') return actor.accountId
  if (actor.kind === 'fsp' || actor.kind === 'customer') return actor.user?.accountId ?? actor.clientId
  return actor.kind === 'system' ? actor.name : actor.clientId
}

/**
 * Why an actor may not approve a thing; `null` if they may. The approver is a person of the DNO without a hand in it (FM16; ASVS 5.0
 * 2.3.5). A thing without any hand on record cannot be approved either: nobody could tell who its second person is.
 * @param what with its article: `version 3`, `the tender “Evening peak”`.
 */
export function approvalFault(hands: readonly Hand[], actor: Actor, what: string): Refusal | null {
  const refused = (detail: string) => ({ kind: 'second-person-needed' as const, detail })
  if (actor.kind !== 'person') return refused(`Only a person of the DNO may approve ${what}.`)
  if (hands.length === 0)
    return refused(`Nobody is on record for ${what}: somebody has to make or change it again first.`)
  const own = new Set(hands.filter(({ actorId }) => actorId === identityOf(actor)).map(({ did }) => did))
  if (own.size === 0) return null
  return refused(`You ${[...own].join(' and ')} ${what} yourself: another person has to approve it.`)
}

/** Where two things differ, as JSON has them: a path to each leaf, with its value on either side; `null` where there is none. */
export function leafChanges(before: unknown, after: unknown): FieldChange[] {
  const [old, now] = [leavesOf(before), leavesOf(after)]
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((field) => ({ field, before: old.get(field) ?? null, after: now.get(field) ?? null }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after))
}

type Leaf = FieldChange['before']

function leavesOf(value: unknown, path = ''): Map<string, Leaf> {
  if (value === null || typeof value !== 'object') return new Map([[path || 'value', (value ?? null) as Leaf]])
  const isList = Array.isArray(value)
  return new Map(
    Object.entries(value).flatMap(([key, member]) => {
      const place = isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
      return [...leavesOf(member, place)]
    }),
  )
}
