import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import type { DepotState } from '../../../../schemas/fsp/depot-api.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LoadBar } from '../../../shared/components/load-bar.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { count, kwDigits, power } from '../../../shared/format/power.ts'
import { complianceWords } from '../../../shared/format/words.ts'
import { depotsQuery } from '../../queries.ts'
import { useSession } from '../../session.ts'
import { modeWords } from '../../words.ts'
import { loadState, socketsAtFault, urgencyOf } from '../depot/figures.ts'
import { SiteLoad } from '../depot/site-load.tsx'

// The company of homes alone sees them.
const HomeUnits = lazy(() => import('../homes/units.tsx').then((at) => ({ default: at.HomeUnits })))

/** Every depot, or every unit of homes, at a glance; those that need someone first. */
export function Overview() {
  const session = useSession()
  return (
    <Page title="Overview" subtitle={session?.company}>
      {session?.runs === 'depots' && <Depots />}
      {session?.runs === 'homes' && (
        <Suspense>
          <HomeUnits />
        </Suspense>
      )}
    </Page>
  )
}

function Depots() {
  const query = useQuery(depotsQuery)
  return <Loaded query={query}>{(depots) => <Content depots={depots} />}</Loaded>
}

const columns: Column<DepotState>[] = [
  {
    id: 'name',
    header: 'Depot',
    accessorFn: ({ name }) => name,
    cell: ({ row: { original } }) => (
      <Link to="/depots/$depotId" params={{ depotId: original.depotId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'Site load',
    accessorFn: urgencyOf,
    cell: ({ row }) => <Mark {...complianceWords[loadState(row.original.decision)]} />,
  },
  {
    id: 'load',
    header: 'Measured',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ decision }) => decision?.siteLoadW ?? null,
    cell: ({ row }) => <SiteLoad decision={row.original.decision} />,
  },
  {
    id: 'bar',
    header: 'Load against limit',
    meta: { from: 'wide' },
    accessorFn: ({ decision }) => (decision ? (decision.siteLoadW ?? 0) / decision.capacityW : null),
    cell: ({ row: { original } }) =>
      original.decision && (
        <LoadBar
          loadW={original.decision.siteLoadW}
          limitW={original.decision.capacityW}
          state={loadState(original.decision)}
        />
      ),
  },
  figure('limit', 'Limit kW', (decision) => decision.capacityW, 'medium'),
  figure('ev', 'EV load kW', (decision) => decision.evLoadW, 'medium'),
  figure('headroom', 'Headroom kW', (decision) => decision.headroomW, 'wide'),
  {
    id: 'mode',
    header: 'Optimisation',
    accessorFn: ({ mode }) => mode,
    cell: ({ row }) => <Mark {...modeWords[row.original.mode]} />,
  },
  {
    id: 'faults',
    header: 'Sockets at fault',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ sockets }) => socketsAtFault(sockets),
    cell: ({ row: { original } }) => {
      const faults = socketsAtFault(original.sockets)
      return faults === 0 ? '–' : `${faults} of ${original.sockets.length}`
    },
  },
]

type Decision = NonNullable<DepotState['decision']>

function figure(
  id: string,
  header: string,
  of: (decision: Decision) => number | null,
  from: 'medium' | 'wide',
): Column<DepotState> {
  const valueIn = ({ decision }: DepotState) => (decision ? of(decision) : null)
  return {
    id,
    header,
    meta: { align: 'right', from },
    accessorFn: valueIn,
    cell: ({ row }) => {
      const value = valueIn(row.original)
      return value === null ? '–' : kwDigits(value)
    },
  }
}

function Content({ depots }: { depots: readonly DepotState[] }) {
  const navigate = useNavigate()
  const sorted = useMemo(() => depots.toSorted((a, b) => urgencyOf(b) - urgencyOf(a)), [depots])
  const over = depots.filter(({ decision }) => loadState(decision) === 'breach').length
  const unknown = depots.filter(({ decision }) => loadState(decision) === 'unknown').length
  const off = depots.filter(({ mode }) => mode === 'off').length
  const parts = [
    over > 0 && `${count(over, 'depot')} over the limit`,
    unknown > 0 && `${count(unknown, 'depot')} without a fresh site load`,
    off > 0 && `optimisation is off at ${count(off, 'depot')}`,
  ].filter((part) => part !== false)
  const evLoadW = depots.reduce((sum, { decision }) => sum + (decision?.evLoadW ?? 0), 0)
  const charging = depots.flatMap(({ sockets }) => sockets).filter(({ state }) => state === 'charging').length
  return (
    <>
      {depots.length > 0 && (
        <Notice tone={over > 0 ? 'fault' : unknown > 0 ? 'doubt' : off > 0 ? 'risk' : 'normal'}>
          {parts.length === 0 ? 'Every depot keeps its limit.' : `${sentence(parts.join('; '))}.`}
        </Notice>
      )}
      <Totals
        items={[
          { term: 'Depots', value: String(depots.length) },
          { term: 'Vehicles charging', value: String(charging) },
          { term: 'EV load', value: power(evLoadW) },
        ]}
      />
      <Section title="Depots" flush>
        <DataTable
          label="Depots"
          rows={sorted}
          columns={columns}
          rowKey={({ depotId }) => depotId}
          onOpen={({ depotId }) => void navigate({ to: '/depots/$depotId', params: { depotId } })}
          empty="There is no depot for you to see. A system administrator gives depots to accounts."
        />
      </Section>
    </>
  )
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
