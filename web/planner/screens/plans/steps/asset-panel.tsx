import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import type { PlanAsset } from '../../../../../schemas/planning/sites/assets.ts'
import { api } from '../../../../shared/api/client.ts'
import { SidePanel } from '../../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../../shared/components/two-step.tsx'
import { assetsQuery } from '../../../plan-queries.ts'
import { AssetForm } from '../forms/asset-form.tsx'
import type { FormKind } from '../forms/members.ts'

interface AssetPanelProps {
  kind: FormKind
  /** What a new one is called in the title: `a type of vehicle`. */
  what: string
  asset: PlanAsset | null
  assets: readonly PlanAsset[]
  start?: { name?: string; content?: Readonly<Record<string, unknown>> }
  /** What else can be done with it. */
  children?: ReactNode
  onSaved: (saved: PlanAsset) => void | Promise<void>
  onClose: () => void
}

/** An asset beside the list that it was opened from. */
export function AssetPanel({ what, asset, children, onClose, ...form }: AssetPanelProps) {
  return (
    <SidePanel title={asset ? asset.name : `Add ${what}`} onClose={onClose}>
      <AssetForm key={asset?.assetId ?? 'new'} asset={asset} {...form} />
      {children}
      {asset && <Remove asset={asset} onRemoved={onClose} />}
    </SidePanel>
  )
}

/** Removes an asset for good; what is used anywhere stays, and the server says where. */
function Remove({ asset: { assetId, name, etag }, onRemoved }: { asset: PlanAsset; onRemoved: () => void }) {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => api.call(operations.removePlanAsset, { params: { assetId }, version: etag }),
    onSuccess: async () => {
      onRemoved()
      await queries.invalidateQueries({ queryKey: assetsQuery.queryKey })
    },
  })
  return (
    <div>
      <TwoStep
        label="Remove for good"
        refusal={null}
        action={remove}
        consequence={`${name} is removed for everybody of your company. Results that were made with it stay as they are.`}
      />
    </div>
  )
}
