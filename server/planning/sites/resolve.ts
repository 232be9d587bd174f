import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { PlanAsset, PlanAssetKind } from '../../../schemas/planning/sites/assets.ts'
import { type PlanInput, planInput } from '../../../schemas/planning/sites/plan.ts'
import { backgroundOf } from './background.ts'
import { assetOf, viewAsset } from './store.ts'

/** What is to be planned of a combination. */
type Asked = Pick<PlanInput, 'scenario' | 'search'>

type Of<K extends PlanAssetKind> = Extract<PlanAsset, { kind: K }>

/** A combination with its name, and everything that it refers to as it is now: what a run is made from. */
export async function resolveScenario(db: Queryable, customerId: string, scenarioId: string, asked: Asked) {
  const assets = reader(db, customerId)
  const { name, content } = await assets(scenarioId, 'scenario')
  const site = await assets(content.siteId, 'site')
  const groups: z.input<typeof planInput>['groups'] = []
  for (const id of content.groupIds) {
    const group = await assets(id, 'group')
    const { evTypeId, chargePointTypeId, ...schedule } = group.content
    const ev = await assets(evTypeId, 'ev-type')
    const type = await assets(chargePointTypeId, 'charge-point-type')
    groups.push({ ...schedule, name: group.name, ev: { ...ev.content, name: ev.name }, chargePoint: type.name })
  }
  const chargePoints: z.input<typeof planInput>['chargePoints'] = []
  for (const { chargePointTypeId, count } of content.chargePoints) {
    const type = await assets(chargePointTypeId, 'charge-point-type')
    chargePoints.push({ ...type.content, name: type.name, count })
  }
  const { ascKva, powerFactor, spaceM2 } = site.content
  const input = {
    ...asked,
    ascKva,
    powerFactor,
    spaceM2,
    groups,
    chargePoints,
    backgroundKw: (await backgroundOf(db, customerId, content.siteId)).weekKw,
    profile: content.profile,
    tariff: content.tariffId ? (await assets(content.tariffId, 'tariff')).content : {},
    costs: content.costsId ? (await assets(content.costsId, 'costs')).content : {},
    options: content.options,
  }
  return { name, input: checked(input, name) }
}

/** Reads assets of a kind; one of another kind cannot be: what refers to it was checked when it was stored. */
function reader(db: Queryable, customerId: string) {
  return async <K extends PlanAssetKind>(assetId: string, kind: K): Promise<Of<K>> => {
    const asset = viewAsset(await assetOf(db, customerId, assetId))
    if (asset.kind !== kind)
      throw new ProblemError(
        'conflict',
        `${asset.name} is of the kind ${asset.kind}: state the identifier of a ${kind}.`,
      )
    return asset as Of<K>
  }
}

/** Refuses what fits together only in part, such as a group whose charge points are not among those of the combination. */
function checked(input: z.input<typeof planInput>, name: string): PlanInput {
  const found = planInput.safeParse(input)
  if (found.success) return found.data
  const errors = found.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }))
  const [first] = errors
  throw new ProblemError('conflict', `${name} cannot be run: ${first?.field} ${first?.message}.`, { errors })
}
