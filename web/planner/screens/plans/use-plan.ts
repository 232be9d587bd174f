import { useMutation, useQueryClient } from '@tanstack/react-query'
import { operations } from '../../../../schemas/operations.ts'
import type { PlanAsset, PlanAssetForm } from '../../../../schemas/planning/sites/assets.ts'
import { ApiProblem, api } from '../../../shared/api/client.ts'
import { assetsQuery } from '../../plan-queries.ts'
import type { Plan } from './assets.ts'

/** How often a change is made anew because somebody else was faster. */
const attempts = 5

/** Stores an asset; `etag` is the version that it changes, `null` for a new one. */
export function saveAsset(assetId: string, body: PlanAssetForm, etag: string | null): Promise<PlanAsset> {
  return api.call(operations.savePlanAsset, { params: { assetId }, body, version: etag })
}

/** Reads an asset as it is now. */
export function readAsset(assetId: string): Promise<PlanAsset> {
  return api.call(operations.readPlanAsset, { params: { assetId } })
}

export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof ApiProblem && error.kind === 'changed-meanwhile'
}

/**
 * Changes what a plan consists of. The change is a function of the content that is stored, so that of two people who change the plan at
 * once neither loses anything: the later change is made on top of the other.
 */
export function usePlanChange(planId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: (content: Plan['content']) => Plan['content']) => changed(planId, change),
    onSuccess: () => queries.invalidateQueries({ queryKey: assetsQuery.queryKey }),
  })
}

async function changed(planId: string, change: (content: Plan['content']) => Plan['content']): Promise<PlanAsset> {
  for (let attempt = 1; ; attempt++)
    try {
      const { kind, name, content, etag } = (await readAsset(planId)) as Plan
      return await saveAsset(planId, { kind, name, content: change(content) }, etag)
    } catch (error) {
      if (!isChangedMeanwhile(error) || attempt === attempts) throw error
    }
}
