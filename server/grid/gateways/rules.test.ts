import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assessSilence, type HubSilence } from './rules.ts'

describe('silence', () => {
  const fleet = fc.array(
    fc.record({ gateway: fc.nat(3), timeoutS: fc.constantFrom(180, 600), silentS: fc.nat(1_000) }),
    { maxLength: 40 },
  )
  const hubsOf = (list: readonly { gateway: number; timeoutS: number; silentS: number }[]): HubSilence[] =>
    list.map(({ gateway, timeoutS, silentS }, n) => ({
      hubId: `h${n}`,
      name: `Hub ${n}`,
      gatewayId: `g${gateway}`,
      timeoutS,
      lastHeardMs: 1e12 - silentS * 1000,
    }))

  test('NM06 every silent hub is flagged, and explained exactly once', () => {
    fc.assert(
      fc.property(fleet, (list) => {
        const hubs = hubsOf(list)
        const { silent, hubsToBlame, gatewaysToBlame } = assessSilence(hubs, 1e12)
        expect(silent).toEqual(hubs.filter((h) => 1e12 - h.lastHeardMs > h.timeoutS * 1000))
        const gateways = new Set(gatewaysToBlame.map((g) => g.gatewayId))
        for (const hub of hubsToBlame) expect(gateways.has(hub.gatewayId)).toBe(false)
        for (const gatewayId of gateways) {
          const own = hubs.filter((h) => h.gatewayId === gatewayId)
          expect(own.length).toBeGreaterThan(1)
          expect(own.every((h) => 1e12 - h.lastHeardMs > 90_000)).toBe(true)
        }
      }),
    )
  })

  test('NM06 a gateway that dies is never seen as many hubs, whenever in their minute its hubs were polled', () => {
    const offsets = fc.array(fc.nat(59), { minLength: 2, maxLength: 30 })
    fc.assert(
      fc.property(offsets, fc.nat(1_000), (polledAgo, laterS) => {
        const hubs = hubsOf(polledAgo.map((silentS) => ({ gateway: 1, timeoutS: 180, silentS })))
        expect(assessSilence(hubs, 1e12 + laterS * 1000).hubsToBlame).toEqual([])
      }),
    )
  })

  test('NM06 one gateway of a whole licence group is assessed', () => {
    const hubs = hubsOf(Array.from({ length: 140_000 }, () => ({ gateway: 1, timeoutS: 600, silentS: 601 })))
    const { hubsToBlame, gatewaysToBlame } = assessSilence(hubs, 1e12)
    expect(hubsToBlame).toEqual([])
    expect(gatewaysToBlame).toEqual([{ gatewayId: 'g1', hubs: 140_000, lastHeardMs: 1e12 - 601_000 }])
  })
})
