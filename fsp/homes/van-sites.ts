import type { Site } from '../flexibility/index.ts'
import type { Snapshot } from '../registers/index.ts'

/**
 * The units of homes as sites of the market: each charge point is a DER behind its home's own meter point. A home that is not known by
 * its meter point, and one without a charge point, is in no unit.
 * @param ratedW what a charge point draws at most, W.
 */
export function vanSites(snapshot: Snapshot, ratedW: (identity: string) => number): Site[] {
  return [...snapshot.homeUnits].flatMap(([depotId, { nodeId }]) => {
    const depot = snapshot.depots.get(depotId)
    const members = [...snapshot.homes].flatMap(([home, { depotId: of, mpan, chargePoint }]) =>
      of === depotId && mpan !== null && chargePoint !== null
        ? [{ mpan, name: `Charge point of ${home}`, ratedW: ratedW(chargePoint) }]
        : [],
    )
    if (!depot || nodeId === null || members.length === 0) return []
    return [
      {
        depotId,
        connectionId: null,
        mpan: null,
        members,
        nodeId,
        licenceArea: depot.licenceArea,
        customer: depot.customer,
        unitName: depot.name,
        der: { name: `${depot.name} charge points`, kind: 'ev-charging' as const },
        ratedW: members.reduce((sum, member) => sum + member.ratedW, 0),
      },
    ]
  })
}
