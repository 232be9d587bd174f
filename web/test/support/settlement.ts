import { Instant, LocalDate } from '@js-joda/core'
import { operations } from '../../../schemas/operations.ts'
import type { Statement } from '../../../schemas/settlement/statements.ts'
import { saveInstruction } from '../../../test/support/instructions.ts'
import { awardContracts } from '../../../test/support/market.ts'
import { baselineOf, readingsOf } from '../../../test/support/two-fsps.ts'
import { type DepotsScene, ok, startDepots } from './depots.ts'
import { type DepotFsp, registerDepotFsp } from './fsps.ts'

export interface SettlementScene extends DepotsScene {
  fsp: DepotFsp
  /** FUs by their depots. */
  units: Readonly<Record<string, { fuId: string; contractId: string }>>
  /** Of January, prepared and not yet checked. */
  statement: Statement
}

const zones = { Islington: 'lpn-city-road', Dartford: 'lpn-hurst' }
/** The first working day of the year. */
export const eventDay = '2026-01-02'

const [contractedW, usualWh, turnedDownWh] = [40_000, 12_000, 2_000]

/**
 * Early February, after a month under contract for 40 kW on weekday evenings. Islington turned down on one evening as it was asked to;
 * Dartford in the first of four quarter-hours only.
 */
export async function startSettlement(): Promise<SettlementScene> {
  const scene = await startDepots('2025-12-28T09:00:00Z')
  const fsp = await registerDepotFsp(scene, 'Depot Flex Ltd', { Islington: 50_000, Dartford: 50_000 })
  const units: Record<string, { fuId: string; contractId: string }> = {}
  for (const [depot, zoneNodeId] of Object.entries(zones)) {
    const [fuId, gateClosesAt] = [fsp.fuOf(depot), scene.clock.now().plusSeconds(60)]
    const [contract] = await awardContracts(
      await scene.seeded('flex'),
      await scene.seeded('flex2'),
      [{ client: fsp.client, fuId, turnDownW: contractedW }],
      { zoneNodeId, validFrom: '2025-12-29', gateClosesAt: gateClosesAt.toString() },
      () => scene.clock.advanceTo(gateClosesAt),
    )
    units[depot] = { fuId, contractId: contract.contractId }
  }
  await ok(
    fsp.client.ask(operations.submitSchedule, {
      params: { fuId: fsp.fuOf('Islington'), day: eventDay, kind: 'baseline' },
      body: baselineOf(eventDay),
    }),
  )
  await scene.clock.advanceTo(Instant.parse('2026-02-02T09:00:00Z'))
  const uploader = { ...fsp, client: await scene.tokenClient(fsp.clientId, fsp.clientSecret) }
  await meterTo(scene, uploader, 'Islington', [true, true, true, true])
  await meterTo(scene, uploader, 'Dartford', [true, false, false, false])
  const clerk = await scene.seeded('settlement')
  const statement = await ok(
    clerk.ask(operations.prepareStatement, { body: { fspId: fsp.fspId, product: 'A', month: '2026-01' } }),
  )
  return { ...scene, fsp: uploader, units, statement }
}

/** Meter data of an FU up to the day on which it was instructed from 17:00 on, and followed as `isFollowed` says by quarter-hour. */
async function meterTo(
  scene: DepotsScene,
  { client, fspId, fuOf }: DepotFsp,
  depot: keyof typeof zones,
  isFollowed: readonly boolean[],
): Promise<void> {
  const [fuId, last] = [fuOf(depot), LocalDate.parse(eventDay)]
  for (const i of isFollowed.keys())
    await saveInstruction(scene.db, { fuId, fspId, from: `${eventDay}T17:${String(15 * i).padStart(2, '0')}:00Z` })
  for (let each = LocalDate.parse('2025-12-12'); each.isBefore(last); each = each.plusDays(1))
    await ok(client.ask(operations.uploadReadings, { body: readingsOf(fuId, each.toString(), usualWh) }))
  const readings = readingsOf(fuId, eventDay, usualWh)
  for (const [i, followed] of isFollowed.entries()) {
    const metered = readings.readings[68 + i]
    if (metered && followed) metered.energyWh = turnedDownWh
  }
  await ok(client.ask(operations.uploadReadings, { body: readings }))
}
