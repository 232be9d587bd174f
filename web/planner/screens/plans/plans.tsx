import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { PlanAsset } from '../../../../schemas/planning/sites/assets.ts'
import type { PlanRunSummary } from '../../../../schemas/planning/sites/runs.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { assetsQuery, runsQuery } from '../../plan-queries.ts'
import { assetOf, assetsOf, groupsOf } from './assets.ts'

interface Row {
  planId: string
  name: string
  site: string
  vehicles: number
  finished: number
  isApplied: boolean
  changedAt: string
  changedBy: string
}

const columns: Column<Row>[] = [
  {
    id: 'name',
    header: 'Plan',
    accessorFn: (row) => row.name,
    cell: ({ row: { original } }) => (
      <Link to="/plans/$planId/site" params={{ planId: original.planId }}>
        {original.name}
      </Link>
    ),
  },
  { id: 'site', header: 'Site', accessorFn: (row) => row.site },
  { id: 'vehicles', header: 'Vehicles', meta: { align: 'right' }, accessorFn: (row) => row.vehicles },
  {
    id: 'results',
    header: 'Results',
    meta: { from: 'medium' },
    accessorFn: (row) => row.finished,
    cell: ({ row: { original } }) =>
      original.finished === 0 ? 'none yet' : `${original.finished}${original.isApplied ? ', applied for' : ''}`,
  },
  {
    id: 'changed',
    header: 'Last changed',
    meta: { from: 'wide' },
    accessorFn: (row) => row.changedAt,
    cell: ({ row: { original } }) => `${dayAndTime(original.changedAt)} by ${original.changedBy}`,
  },
]

function rowsOf(assets: readonly PlanAsset[], runs: readonly PlanRunSummary[]): Row[] {
  return assetsOf(assets, 'scenario').map((plan) => {
    const own = runs.filter(({ scenarioId }) => scenarioId === plan.assetId)
    return {
      planId: plan.assetId,
      name: plan.name,
      site: assetOf(assets, 'site', plan.content.siteId)?.name ?? '',
      vehicles: groupsOf(assets, plan).reduce((sum, { content }) => sum + content.count, 0),
      finished: own.filter(({ state }) => state === 'finished').length,
      isApplied: own.some(({ profileId }) => profileId !== null),
      changedAt: plan.changedAt,
      changedBy: plan.changedBy,
    }
  })
}

/** Plans for electric vehicles at the customer's sites. */
export function Plans() {
  const [assets, runs] = [useQuery(assetsQuery), useQuery(runsQuery)]
  const navigate = useNavigate()
  const rows = useMemo(() => rowsOf(assets.data ?? [], runs.data ?? []), [assets.data, runs.data])
  return (
    <Page
      title="Plans"
      subtitle="What connection electric vehicles need at your site, what charging them costs, and what charging them smartly saves."
      actions={
        <LinkButton to="/plans/new" variant="filled">
          New plan
        </LinkButton>
      }
    >
      <Section flush>
        <Loaded query={assets}>
          {() => (
            <DataTable
              label="Plans"
              rows={rows}
              columns={columns}
              rowKey={(row) => row.planId}
              onOpen={({ planId }) => void navigate({ to: '/plans/$planId/site', params: { planId } })}
              empty="There is no plan yet. Begin with “New plan”: it takes about ten minutes, and everything can be changed later."
            />
          )}
        </Loaded>
      </Section>
    </Page>
  )
}
