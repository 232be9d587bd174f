import type { Instant } from '@js-joda/core'
import { type Random, randomOf } from '../../fsp/simulator/common/random.ts'
import type { ProfileApplication, ProfileLimits } from '../../schemas/grid/profiles.ts'
import { operations } from '../../schemas/operations.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { logInAs } from '../system/people.ts'
import type { PortalClient } from '../system/portal-client.ts'
import { depots, lastDayOf } from './area.ts'
import { unlessRefused } from './calls.ts'
import type { Decision, ShownLimit } from './observed.ts'

/** Shares of the steps in which one planner applies for other limits, and in which another decides on an application. */
const shares = { applying: 0.12, deciding: 0.2, rejecting: 0.25 }

/** Two planners of the DNO: one applies for limits of depots, the other decides. */
export class Planners {
  /** What they were answered to have decided. */
  readonly decisions: Decision[] = []
  readonly #url: string
  readonly #seed: number
  #both: PortalClient[] = []

  constructor(url: string, seed: number) {
    this.#url = url
    this.#seed = seed
  }

  /** What is done in a step. A call that breaks off is not made again: people look first, and later. */
  async act(step: number, at: Instant): Promise<void> {
    const random = randomOf(this.#seed, 'planners', step)
    const [applies, decides] = [random() < shares.applying, random() < shares.deciding]
    if (!applies && !decides) return
    await unlessRefused(async () => {
      const [one, other] = await this.#people()
      if (applies) await apply(one, random, at)
      if (decides) await this.#decide(other, random)
    })
  }

  /** What limits every connection, as it is shown now; nothing where the server does not answer. */
  async look(serverNow: () => Instant): Promise<ShownLimit[]> {
    const shown = await unlessRefused(async () => {
      const [{ api }] = await this.#people()
      return api.all(operations.listConnections, {})
    })
    return (shown ?? []).map(({ connectionId, limitW, limitSource, limitsApplying = [], ascKva }) => ({
      connectionId,
      limitW,
      limitSource,
      applying: limitsApplying,
      // All of this world draw what they are allowed to as active power.
      ascW: ascKva * 1_000,
      atMs: serverNow().toEpochMilli(),
    }))
  }

  async #decide({ api }: PortalClient, random: Random): Promise<void> {
    const open = await api.call(operations.listProfiles, { query: { state: 'applied' } })
    const chosen = open[Math.floor(random() * open.length)]
    if (!chosen) return
    const call = { params: { id: chosen.profileId }, version: String(chosen.revision) }
    const isRejected = random() < shares.rejecting
    const { profileId } = isRejected
      ? await api.call(operations.rejectProfile, { ...call, body: { reason: 'The yard is not ready.' } })
      : await api.call(operations.approveProfile, {
          ...call,
          body: { supersede: true, assumption: 'Nothing else is fed from here.' },
        })
    this.decisions.push({ profileId, state: isRejected ? 'rejected' : 'approved' })
  }

  async #people(): Promise<[PortalClient, PortalClient]> {
    if (this.#both.length < 2) this.#both = await logInAs(this.#url, 'planner')
    const [one, other] = this.#both
    if (!one || !other) throw new Error('a simulation needs two planners')
    return [one, other]
  }
}

async function apply({ api }: PortalClient, random: Random, at: Instant): Promise<void> {
  const depot = depots[Math.floor(random() * depots.length)]
  if (!depot) return
  const today = tradingDayOf(at)
  const application: ProfileApplication = {
    validFrom: today.plusDays(random() < 0.5 ? 0 : 1).toString(),
    validTo: lastDayOf(today).toString(),
    fallbackLimitW: 70_000,
    limits: limitsOf(() => 60_000 + Math.round(random() * 12) * 10_000),
    note: '',
  }
  await api.call(operations.applyForProfile, { params: { id: depot.connectionId }, body: application })
}

/** Limits that change at times that are played, alike on all days. */
export function limitsOf(nextW: () => number): ProfileLimits {
  const steps = ['00:00', '15:02', '16:46', '17:16', '17:46', '18:31'].map((from) => ({ from, limitW: nextW() }))
  return { weekday: steps, weekend: steps }
}
