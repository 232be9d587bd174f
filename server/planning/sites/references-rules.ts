import type { PlanAssetForm, PlanAssetKind } from '../../../schemas/planning/sites/assets.ts'

/** A reference of an asset to another: where it stands, and what it has to name. */
export interface AssetUse {
  field: string
  assetId: string
  kind: PlanAssetKind
}

/** What an asset refers to. */
export function usesOf({ kind, content }: PlanAssetForm): AssetUse[] {
  if (kind === 'group')
    return [
      { field: 'content.evTypeId', assetId: content.evTypeId, kind: 'ev-type' },
      { field: 'content.chargePointTypeId', assetId: content.chargePointTypeId, kind: 'charge-point-type' },
    ]
  if (kind !== 'scenario') return []
  const { siteId, groupIds, chargePoints, tariffId, costsId } = content
  return [
    { field: 'content.siteId', assetId: siteId, kind: 'site' },
    ...groupIds.map((assetId, i) => ({ field: `content.groupIds.${i}`, assetId, kind: 'group' as const })),
    ...chargePoints.map(({ chargePointTypeId }, i) => ({
      field: `content.chargePoints.${i}.chargePointTypeId`,
      assetId: chargePointTypeId,
      kind: 'charge-point-type' as const,
    })),
    ...(tariffId ? [{ field: 'content.tariffId', assetId: tariffId, kind: 'tariff' as const }] : []),
    ...(costsId ? [{ field: 'content.costsId', assetId: costsId, kind: 'costs' as const }] : []),
  ]
}
