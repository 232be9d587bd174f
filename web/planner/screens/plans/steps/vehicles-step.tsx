import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { PlanAsset } from '../../../../../schemas/planning/sites/assets.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Choice, Fields } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { fixed } from '../../../../shared/format/power.ts'
import { assetsQuery } from '../../../plan-queries.ts'
import { type AssetOf, assetOf, assetsOf, groupsOf, withGroup } from '../assets.ts'
import { draftOf, readDraft } from '../forms/draft.ts'
import { type FormKind, starts } from '../forms/members.ts'
import { PlanPage, type StepProps } from '../plan-page.tsx'
import { saveAsset, usePlanChange } from '../use-plan.ts'
import { daysInWords } from '../words.ts'
import { AssetPanel } from './asset-panel.tsx'

/** What is open beside the lists: an identifier, or `new`. */
function useOpened() {
  const { group, type } = useSearch({ from: '/inside/plans/$planId/vehicles' })
  const navigate = useNavigate({ from: '/plans/$planId/vehicles' })
  const open = (search: { group?: string; type?: string }) => void navigate({ search })
  return { group, type, open }
}

/** The second step: which vehicles there are, and what they do all day. */
export function VehiclesStep() {
  return (
    <PlanPage
      step="Vehicles"
      about="Groups of vehicles that do the same: when they leave, when they are back, and how far they go."
      panel={(given) => <Opened {...given} />}
    >
      {(given) => <Content {...given} />}
    </PlanPage>
  )
}

function Opened({ plan, assets }: StepProps) {
  const { group, type, open } = useOpened()
  const change = usePlanChange(plan.assetId)
  const close = () => open({})
  if (type)
    return (
      <AssetPanel
        key={type}
        kind="ev-type"
        what="a type of vehicle"
        asset={assetOf(assets, 'ev-type', type)}
        assets={assets}
        onSaved={close}
        onClose={close}
      />
    )
  if (!group) return null
  const asset = assetOf(assets, 'group', group)
  const [firstType] = assetsOf(assets, 'ev-type')
  const [firstPoint] = assetsOf(assets, 'charge-point-type')
  const content = { evTypeId: firstType?.assetId ?? '', chargePointTypeId: firstPoint?.assetId ?? '' }
  return (
    <AssetPanel
      key={group}
      kind="group"
      what="a group of vehicles"
      asset={asset}
      assets={assets}
      start={{ content }}
      onSaved={async (saved) => {
        await addGroup(change.mutateAsync, assets, saved as AssetOf<'group'>)
        close()
      }}
      onClose={close}
    >
      {change.isError && <ProblemNotice error={change.error} />}
      {asset && plan.content.groupIds.includes(asset.assetId) && (
        <Button
          loading={change.isPending}
          onClick={() =>
            change.mutate((now) => ({ ...now, groupIds: now.groupIds.filter((id) => id !== asset.assetId) }), {
              onSuccess: close,
            })
          }
        >
          Take out of this plan
        </Button>
      )}
    </AssetPanel>
  )
}

type Change = ReturnType<typeof usePlanChange>['mutateAsync']

function addGroup(change: Change, assets: readonly PlanAsset[], group: AssetOf<'group'>) {
  const type = assetOf(assets, 'charge-point-type', group.content.chargePointTypeId)
  return change((now) => withGroup(now, group, type?.content.socketsEach ?? 1))
}

function Content({ plan, assets }: StepProps) {
  const { open } = useOpened()
  const [types, points] = [assetsOf(assets, 'ev-type'), assetsOf(assets, 'charge-point-type')]
  if (types.length === 0 || points.length === 0) return <Beginning assets={assets} />
  return (
    <>
      <Section
        title="Groups of vehicles in this plan"
        flush
        actions={<Button onClick={() => open({ group: 'new' })}>Add a group</Button>}
      >
        <DataTable
          label="Groups of vehicles"
          rows={groupsOf(assets, plan)}
          columns={groupColumns(assets)}
          rowKey={({ assetId }) => assetId}
          onOpen={({ assetId }) => open({ group: assetId })}
          empty="There is no group yet. Add one for all vehicles that leave and come back at the same times."
        />
      </Section>
      <OtherGroups plan={plan} assets={assets} />
      <Section
        title="Types of vehicles"
        flush
        actions={<Button onClick={() => open({ type: 'new' })}>Add a type of vehicle</Button>}
      >
        <DataTable
          label="Types of vehicles"
          rows={types}
          columns={typeColumns}
          rowKey={({ assetId }) => assetId}
          onOpen={({ assetId }) => open({ type: assetId })}
          empty="There is no type yet."
        />
      </Section>
    </>
  )
}

/** Nothing is there to choose from: typical figures are a way in, and are the customer's own from then on. */
function Beginning({ assets }: { assets: readonly PlanAsset[] }) {
  const queries = useQueryClient()
  const kinds: readonly FormKind[] = ['ev-type', 'charge-point-type']
  const begin = useMutation({
    mutationFn: async () => {
      for (const kind of kinds.filter((each) => !assets.some((asset) => asset.kind === each))) {
        const { form } = readDraft(kind, draftOf(starts[kind]))
        if (form) await saveAsset(crypto.randomUUID(), form, null)
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: assetsQuery.queryKey }),
  })
  return (
    <Section title="First: a type of vehicle and a type of charge point">
      <Stack>
        <p>
          Begin with typical figures: a van with 60 kWh that charges with 7.4 kW. Change them on this page and the next
          as soon as you know what you will buy.
        </p>
        {begin.isError && <ProblemNotice error={begin.error} />}
        <div>
          <Button variant="filled" loading={begin.isPending} onClick={() => begin.mutate()}>
            Begin with typical figures
          </Button>
        </div>
      </Stack>
    </Section>
  )
}

/** Groups of other plans, which this one can use too. */
function OtherGroups({ plan, assets }: StepProps) {
  const change = usePlanChange(plan.assetId)
  const others = assetsOf(assets, 'group').filter(({ assetId }) => !plan.content.groupIds.includes(assetId))
  const [chosen, setChosen] = useState('')
  if (others.length === 0) return null
  const group = others.find(({ assetId }) => assetId === chosen)
  return (
    <Section title="Groups of other plans">
      <Stack>
        <Fields>
          <Choice
            label="Group"
            hint="It is the same group in both plans: a change of it counts in both."
            value={group ? chosen : ''}
            onChange={(event) => setChosen(event.currentTarget.value)}
          >
            <option value="">Choose</option>
            {others.map(({ assetId, name }) => (
              <option key={assetId} value={assetId}>
                {name}
              </option>
            ))}
          </Choice>
        </Fields>
        {change.isError && <ProblemNotice error={change.error} />}
        <div>
          <Button
            disabled={!group}
            loading={change.isPending}
            onClick={() => group && void addGroup(change.mutateAsync, assets, group).catch(() => {})}
          >
            Use it in this plan
          </Button>
        </div>
        {change.isSuccess && <Notice>The group is in this plan.</Notice>}
      </Stack>
    </Section>
  )
}

function groupColumns(assets: readonly PlanAsset[]): Column<AssetOf<'group'>>[] {
  return [
    { id: 'name', header: 'Group', accessorFn: ({ name }) => name },
    { id: 'count', header: 'Vehicles', meta: { align: 'right' }, accessorFn: ({ content }) => content.count },
    {
      id: 'type',
      header: 'Type',
      meta: { from: 'medium' },
      accessorFn: ({ content }) => assetOf(assets, 'ev-type', content.evTypeId)?.name ?? '',
    },
    {
      id: 'times',
      header: 'Leave and return',
      accessorFn: ({ content }) => content.leaves,
      cell: ({ row: { original } }) => `${original.content.leaves} to ${original.content.returns}`,
    },
    {
      id: 'days',
      header: 'Days',
      meta: { from: 'medium' },
      accessorFn: ({ content }) => daysInWords(content.days),
    },
    {
      id: 'miles',
      header: 'Miles a day',
      meta: { align: 'right' },
      accessorFn: ({ content }) => content.milesPerDay,
    },
    {
      id: 'points',
      header: 'Charge points',
      meta: { from: 'wide' },
      accessorFn: ({ content }) => assetOf(assets, 'charge-point-type', content.chargePointTypeId)?.name ?? '',
    },
  ]
}

function typeColumn(
  id: string,
  header: string,
  of: (content: AssetOf<'ev-type'>['content']) => number,
  decimals: number,
  from?: 'medium',
): Column<AssetOf<'ev-type'>> {
  return {
    id,
    header,
    meta: { align: 'right', ...(from ? { from } : {}) },
    accessorFn: ({ content }) => of(content),
    cell: ({ row }) => fixed(of(row.original.content), decimals),
  }
}

const typeColumns: Column<AssetOf<'ev-type'>>[] = [
  { id: 'name', header: 'Type', accessorFn: ({ name }) => name },
  typeColumn('battery', 'Battery kWh', ({ usableKwh }) => usableKwh, 0),
  typeColumn('mile', 'For a mile kWh', ({ kwhPerMile }) => kwhPerMile, 2),
  typeColumn('power', 'Charges with kW', ({ acKw }) => acKw, 1, 'medium'),
]
