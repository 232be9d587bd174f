import { Instant } from '@js-joda/core'
import { localTimeOf } from '../../schemas/vocabulary/time.ts'
import type { Decision, Invariant, ShownLimit, Version } from './observed.ts'

type Limit = ShownLimit['applying'][number]

/** What may limit an import beside what was agreed: it follows from a rule and can only lower it. */
const byRule: readonly Limit['source'][] = ['dynamic', 'dispatch', 'fail-safe']

/** The limit in force is that of the version that two people agreed on for that time, or less where a rule says so. */
export const limitApproved: Invariant = ({ limits, versions, decisions }) => [
  ...limits.flatMap((shown) => faultsOf(shown, versions)),
  ...versions.flatMap(unapproved),
  ...decisions.flatMap((decision) => forgotten(decision, versions)),
]

function faultsOf(shown: ShownLimit, versions: readonly Version[]): string[] {
  const { connectionId, atMs, ascW, limitW, limitSource, applying } = shown
  const own = versions.filter((version) => version.connectionId === connectionId)
  const agreed = agreedAt(own, atMs) ?? { source: 'asc' as const, limitW: ascW }
  const what = `the import of ${connectionId} at ${Instant.ofEpochMilli(atMs)}`
  const faults: string[] = []
  if (!applying.some((each) => isSame(each, agreed)))
    faults.push(`${what} is limited by ${wordsOf(applying)}, and not by what was agreed: ${wordsOf([agreed])}`)
  const strange = applying.filter((each) => !isSame(each, agreed) && !isSame(each, { source: 'asc', limitW: ascW }))
  for (const each of strange)
    if (!byRule.includes(each.source)) faults.push(`${what} is limited by ${wordsOf([each])}, which nobody agreed on`)
  const leastW = Math.min(...applying.map((each) => each.limitW))
  if (!applying.some((each) => isSame(each, { source: limitSource, limitW })) || limitW !== leastW)
    faults.push(`${what} is said to be limited to ${limitW} W, and what applies is ${wordsOf(applying)}`)
  return faults
}

/** What was agreed for an instant, or follows after the end of what was; `null`: nothing. */
function agreedAt(versions: readonly Version[], atMs: number): Limit | null {
  const local = localTimeOf(Instant.ofEpochMilli(atMs))
  const [day, time] = [local.toLocalDate().toString(), local.toLocalTime().toString().slice(0, 5)]
  const inForce = versions.find(
    ({ state, validFrom, validTo }) => state === 'approved' && validFrom <= day && day <= validTo,
  )
  if (inForce) {
    // In this world all days of a version are alike.
    const step = inForce.limits.weekday.findLast(({ from }) => from <= time)
    return step ? { source: 'profile', limitW: step.limitW } : null
  }
  const [last] = versions
    .filter(({ state, validTo }) => (state === 'approved' || state === 'expired') && validTo < day)
    .sort((a, b) => (a.validTo < b.validTo ? 1 : -1))
  const fallbackW = last?.fallbackLimitW ?? null
  return fallbackW === null ? null : { source: 'fallback', limitW: fallbackW }
}

/** Whoever applied for a version does not decide on it. */
function unapproved({ profileId, state, appliedBy, decidedBy }: Version): string[] {
  const isDecided = state !== 'applied' && appliedBy !== 'system'
  if (!isDecided || (decidedBy !== null && decidedBy !== appliedBy)) return []
  return [`${profileId} is ${state}: applied for by ${appliedBy}, decided by ${decidedBy ?? 'nobody'}`]
}

/** An approved version may meanwhile have been superseded, or be over. */
const becomes: Record<Decision['state'], readonly Version['state'][]> = {
  approved: ['approved', 'superseded', 'expired'],
  rejected: ['rejected'],
}

function forgotten({ profileId, state }: Decision, versions: readonly Version[]): string[] {
  const stored = versions.find((version) => version.profileId === profileId)?.state
  return stored && becomes[state].includes(stored)
    ? []
    : [`${profileId} was answered to be ${state} and is stored as ${stored ?? 'nothing'}`]
}

const isSame = (a: Limit, b: Limit) => a.source === b.source && a.limitW === b.limitW
const wordsOf = (limits: readonly Limit[]) => limits.map(({ source, limitW }) => `${source} ${limitW} W`).join(', ')
