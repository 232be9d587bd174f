import { type GatewayPool, type PoolForm, poolForm, word } from '../../../../schemas/grid/gateway.ts'
import { count } from '../../../shared/format/power.ts'
import type { Tone, Wording } from '../../../shared/format/words.ts'
import { wordsIn } from '../../../shared/typed-lists.ts'

type Member = GatewayPool['gateways'][number]

/** Whether a gateway has asked for its hubs within the lease of its pool. @param now ms */
function hasLease({ leaseS }: Pick<GatewayPool, 'leaseS'>, { lastContactAt }: Member, now: number): boolean {
  return lastContactAt !== null && now - Date.parse(lastContactAt) <= leaseS * 1_000
}

/** How a gateway stands in its pool. @param now ms */
export function contactWords(pool: Pick<GatewayPool, 'leaseS'>, member: Member, now: number): Wording {
  if (member.lastContactAt === null) return { word: 'Never seen', tone: 'doubt', shape: 'dashed' }
  if (hasLease(pool, member, now)) return { word: 'Online', tone: 'normal', shape: 'ring' }
  return { word: 'Silent', tone: 'fault', shape: 'cross' }
}

/** The hubs that a gateway of the pool polls. */
export function hubsOf({ gateways }: GatewayPool): number {
  return gateways.reduce((sum, { hubs }) => sum + hubs, 0)
}

/** How the pools stand, in one line. @param now ms */
export function poolsInWords(pools: readonly GatewayPool[], now: number): string {
  if (pools.length === 0) return 'There is no pool yet: each hub names the one gateway that polls it.'
  const missing = pools.flatMap((pool) => pool.gateways.filter((each) => !hasLease(pool, each, now)))
  const unseen = missing.filter(({ lastContactAt }) => lastContactAt === null)
  const silent = missing.filter(({ lastContactAt }) => lastContactAt !== null)
  if (missing.length === 0) return `All gateways of ${count(pools.length, 'pool')} are in contact.`
  const parts = [named(silent, 'is silent', 'are silent'), named(unseen, 'was never seen', 'were never seen')]
  return `${parts.filter((part) => part !== '').join('; ')}.`
}

function named(members: readonly Member[], one: string, many: string): string {
  const [first] = members
  if (!first) return ''
  return members.length === 1 ? `${first.gatewayId} ${one}` : `${count(members.length, 'gateway')} ${many}`
}

/** How much the state of the pools matters. @param now ms */
export function poolsTone(pools: readonly GatewayPool[], now: number): Tone {
  const states = pools.flatMap((pool) => pool.gateways.map((each) => contactWords(pool, each, now).tone))
  return states.includes('fault') ? 'fault' : states.includes('doubt') ? 'doubt' : 'normal'
}

/** A pool as it is typed: one gateway a line. */
export interface PoolDraft {
  name: string
  leaseS: string
  gateways: string
}

type PoolFaults = Partial<Record<keyof PoolDraft, string>>

/**
 * A pool as it was typed, or what is wrong with it.
 * @param others pools other than this one: a gateway is in one pool, and a name is taken once
 */
export function readPool(
  draft: PoolDraft,
  others: readonly GatewayPool[],
): { body: PoolForm | null; faults: PoolFaults } {
  const gateways = wordsIn(draft.gateways)
  const read = poolForm.safeParse({
    leaseS: /^\d+$/.test(draft.leaseS.trim()) ? Number(draft.leaseS) : Number.NaN,
    gateways,
  })
  const faulty = (field: string) => !read.success && read.error.issues.some(({ path }) => path[0] === field)
  const elsewhere = others.flatMap((pool) =>
    pool.gateways
      .filter(({ gatewayId }) => gateways.includes(gatewayId))
      .map(({ gatewayId }) => [gatewayId, pool.name]),
  )[0]
  const faults: PoolFaults = {}
  if (!word.safeParse(draft.name).success) faults.name = 'Use small letters, digits and hyphens, at most 60.'
  else if (others.some(({ name }) => name === draft.name)) faults.name = 'There is a pool of this name already.'
  if (faulty('leaseS')) faults.leaseS = 'Enter whole seconds, 2 to 3,600.'
  if (gateways.length === 0) faults.gateways = 'Name at least one gateway.'
  else if (faulty('gateways')) faults.gateways = 'Name each gateway once, at most 64 of them.'
  else if (elsewhere)
    faults.gateways = `${elsewhere[0]} is in the pool ${elsewhere[1]} already: a gateway is in one pool.`
  return { body: read.success && Object.keys(faults).length === 0 ? read.data : null, faults }
}
