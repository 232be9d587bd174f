import type { PlanAsset, PlanAssetKind } from '../../../../schemas/planning/sites/assets.ts'

/** An asset of one kind. */
export type AssetOf<K extends PlanAssetKind> = Extract<PlanAsset, { kind: K }>

/** A combination of assets: a plan. */
export type Plan = AssetOf<'scenario'>

/** The assets of a kind, by name. */
export function assetsOf<K extends PlanAssetKind>(assets: readonly PlanAsset[], kind: K): AssetOf<K>[] {
  return assets.filter((asset): asset is AssetOf<K> => asset.kind === kind)
}

/** An asset of a kind by its identifier; `null` where it is not stated, or is no more. */
export function assetOf<K extends PlanAssetKind>(
  assets: readonly PlanAsset[],
  kind: K,
  assetId: string | null,
): AssetOf<K> | null {
  return assetsOf(assets, kind).find((asset) => asset.assetId === assetId) ?? null
}

/** The groups of vehicles of a plan. */
export function groupsOf(assets: readonly PlanAsset[], plan: Plan): AssetOf<'group'>[] {
  return plan.content.groupIds.flatMap((id) => assetOf(assets, 'group', id) ?? [])
}

/** What one type of charge point has to serve in a plan. */
export interface ChargePointUse {
  type: AssetOf<'charge-point-type'>
  count: number
  sockets: number
  /** Vehicles of the groups that use it. */
  vehicles: number
}

/** The charge points of a plan with the vehicles that use them. */
export function chargePointsOf(assets: readonly PlanAsset[], plan: Plan): ChargePointUse[] {
  const groups = groupsOf(assets, plan)
  return plan.content.chargePoints.flatMap(({ chargePointTypeId, count }) => {
    const type = assetOf(assets, 'charge-point-type', chargePointTypeId)
    if (!type) return []
    const users = groups.filter(({ content }) => content.chargePointTypeId === chargePointTypeId)
    const vehicles = users.reduce((sum, { content }) => sum + content.count, 0)
    return [{ type, count, sockets: count * type.content.socketsEach, vehicles }]
  })
}

/** A plan's content with a group in it; a type of charge point that is new to the plan gets a socket for each vehicle. */
export function withGroup(content: Plan['content'], group: AssetOf<'group'>, socketsEach: number): Plan['content'] {
  const { chargePointTypeId, count } = group.content
  const groupIds = [...new Set([...content.groupIds, group.assetId])]
  if (content.chargePoints.some((each) => each.chargePointTypeId === chargePointTypeId)) return { ...content, groupIds }
  const added = { chargePointTypeId, count: Math.ceil(count / socketsEach) }
  return { ...content, groupIds, chargePoints: [...content.chargePoints, added] }
}

/** What is missing before a plan can be run, each with the step that mends it. */
export function lacksOf(
  assets: readonly PlanAsset[],
  plan: Plan,
): { step: 'vehicles' | 'charge-points'; text: string }[] {
  const groups = groupsOf(assets, plan)
  if (groups.length === 0) return [{ step: 'vehicles', text: 'The plan has no vehicles yet.' }]
  const types = new Set(plan.content.chargePoints.map(({ chargePointTypeId }) => chargePointTypeId))
  const without = groups.filter(({ content }) => !types.has(content.chargePointTypeId))
  return without.map(({ name }) => ({
    step: 'charge-points' as const,
    text: `${name} uses charge points that the plan does not have.`,
  }))
}
