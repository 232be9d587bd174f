import { Instant } from '@js-joda/core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { toInstant } from '../../platform/db/index.ts'
import type { LimitCause } from '../../schemas/dispatch/import-limits.ts'
import { operations } from '../../schemas/operations.ts'
import { type CrashRig, startCrashRig } from '../../test/support/crash.ts'
import { limiting } from '../../test/support/crash-points.ts'
import { rigDay } from '../../test/support/dispatch.ts'
import { registerUnit } from '../../test/support/market.ts'
import { clearAlarm, raiseAlarm } from '../grid/index.ts'

// Each case starts one or two servers as processes, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const causes: LimitCause[] = ['breach', 'standing', 'release']

/** What the FSP is told at an instant by each cause, W: the fail-safe limit, the agreed limit, and no limit any more. */
const toldW: Record<LimitCause, (number | undefined)[]> = { breach: [50_000], standing: [170_000], release: [] }

describe.each(causes)('import limits: %s', (cause) => {
  let market: CrashRig
  let connectionId: string
  let at = Instant.parse(`${rigDay}T00:20:00Z`)

  const source = () => ({ type: 'connection' as const, id: connectionId, name: 'Yard' })
  const breach = () =>
    raiseAlarm(market.rig.server.context.db, at, { kind: 'limit-breach', source: source(), message: 'over its limit' })
  const breachEnds = () =>
    clearAlarm(market.rig.server.context.db, at, { kind: 'limit-breach', sourceId: connectionId })

  beforeAll(async () => {
    market = await startCrashRig(Instant.parse(`${rigDay}T00:10:00Z`))
    const { rig } = market
    connectionId = (await registerUnit(rig.fsp.client, 'Yard', rig.mpan)).connectionId
    const body = {
      onBreach: cause !== 'standing',
      onLinkLost: cause === 'standing',
      failSafeW: 50_000,
      validMinutes: 60,
    }
    const call = { params: { id: connectionId }, body, version: 0 }
    expect((await rig.engineer.ask(operations.saveFailSafePolicy, call)).status).toBe(200)
    await market.passTo(at)
    await market.passTo(at.plusSeconds(120))
  })

  /** Brings about that a limit of this cause is owed at an instant, which is `at` from now on; a server is up just before. */
  async function nextCause(): Promise<void> {
    if (cause === 'standing') {
      // It is renewed at half its life.
      const [row] = await market.rig.db.$client`select max(issued_at)::text as last from connection_limit`
      at = toInstant(row?.['last']).plusSeconds(1_800)
      return market.passTo(at.minusSeconds(1))
    }
    at = at.plusSeconds(1_200)
    if (cause === 'release') await breach()
    await market.passTo(at.minusSeconds(1))
    await (cause === 'release' ? breachEnds() : breach())
  }

  /** What was issued from an instant on, and what holds. */
  async function outcome() {
    const { rig } = market
    const rows = await rig.db.$client`
      select limit_id, cause, state, issued_at, valid_until, intervals, fail_safe_w from connection_limit
      where connection_id = ${connectionId} order by issued_at`
    const own = rows.filter((row) => Date.parse(`${row['issued_at']}`) >= at.toEpochMilli())
    const ids = own.map((row) => row['limit_id'] as string)
    return {
      issued: own.map((row) => [
        row['cause'],
        row['state'],
        row['intervals'].map((i: { importLimitW: number }) => i.importLimitW),
      ]),
      failSafeW: own.map((row) => row['fail_safe_w']),
      held: rows.filter((row) => row['state'] === 'acknowledged').length,
      sentIds: new Set(
        rig.control.limits.filter(({ issuedAt }) => Date.parse(issuedAt) >= at.toEpochMilli()).map((l) => l.limitId),
      ).size,
      effects: [...rig.control.limitsTaken.keys()].filter((id) => ids.includes(id)).length,
    }
  }

  // A release takes the way of the others from its plan on: where it is committed is enough.
  const points = cause === 'release' ? limiting.filter(([, point]) => 'at' in point && point.at === 'commit') : limiting
  test.each(points)('FM06 a server killed when %s: one limit, taken once, and no other holds', async (_, point) => {
    await nextCause()
    await market.crash(point, at)
    await market.passTo(at.plusSeconds(240))
    expect(await outcome()).toEqual({
      issued: [[cause, 'acknowledged', toldW[cause]]],
      failSafeW: [cause === 'release' ? null : 50_000],
      held: 1,
      sentIds: 1,
      effects: 1,
    })
    if (cause === 'breach') await breachEnds()
  })
})
