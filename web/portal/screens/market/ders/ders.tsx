import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Der, FlexibleUnit } from '../../../../../schemas/market/parties.ts'
import { useToday } from '../../../../shared/clock.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count, kwDigits } from '../../../../shared/format/power.ts'
import { dersQuery } from '../../../market-queries.ts'
import { flexibleUnitsQuery, fspsQuery } from '../../../queries.ts'
import { useOwnFsp } from '../../../session.ts'
import { MarketTabs } from '../tabs.tsx'
import { DerPanel } from './der-panel.tsx'
import { consentState, derKinds } from './words.ts'

interface Row extends Der {
  fspName: string
  /** The FU that it counts in today. */
  unit: FlexibleUnit | undefined
  state: ReturnType<typeof consentState>
}

const columns: Column<Row>[] = [
  { id: 'name', header: 'DER', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
  {
    id: 'kind',
    header: 'Kind',
    meta: { from: 'medium' },
    accessorFn: ({ kind }) => derKinds[kind],
    cell: ({ row }) => derKinds[row.original.kind],
  },
  {
    id: 'fsp',
    header: 'FSP',
    meta: { from: 'wide' },
    accessorFn: ({ fspName }) => fspName,
    cell: ({ row }) => row.original.fspName,
  },
  {
    id: 'mpan',
    header: 'MPAN',
    meta: { from: 'wide' },
    accessorFn: ({ mpan }) => mpan,
    cell: ({ row }) => row.original.mpan,
  },
  {
    id: 'fu',
    header: 'FU today',
    accessorFn: ({ unit }) => unit?.name ?? '',
    cell: ({ row }) => row.original.unit?.name ?? <Mark word="none" tone="quiet" shape="ring" />,
  },
  {
    id: 'consent',
    header: 'Consent',
    meta: { from: 'medium' },
    accessorFn: ({ state }) => state.urgency,
    cell: ({ row }) => <Mark {...row.original.state} />,
  },
  {
    id: 'rated',
    header: 'Rated kW',
    meta: { align: 'right' },
    accessorFn: ({ ratedW }) => ratedW,
    cell: ({ row }) => kwDigits(row.original.ratedW),
  },
]

/** DERs one by one, those whose owner’s consent calls for somebody first; an FSP sees and changes its own. */
export function Ders() {
  const { der } = useSearch({ from: '/inside/market/ders' })
  const navigate = useNavigate({ from: '/market/ders' })
  const query = useQuery(dersQuery)
  const isFsp = useOwnFsp() !== null
  const rows = useRows(query.data)
  const open = rows.find(({ derId }) => derId === der)
  const idle = rows.filter(({ unit }) => unit === undefined).length
  return (
    <Page
      title="Market"
      subtitle={
        query.data && `${count(rows.length, 'DER')}, ${idle === 0 ? 'each in an FU' : `${idle} in no FU today`}`
      }
      actions={
        <>
          <LinkButton to="/market/units">FUs</LinkButton>
          {isFsp && <LinkButton to="/market/import-ders">Import DERs</LinkButton>}
          {isFsp && (
            <LinkButton to="/market/new-der" variant="filled">
              Register a DER
            </LinkButton>
          )}
        </>
      }
      panel={
        open && (
          <DerPanel
            key={open.derId}
            der={open}
            unit={open.unit}
            fspName={open.fspName}
            onClose={() => void navigate({ search: {} })}
          />
        )
      }
    >
      <MarketTabs />
      <Loaded query={query}>
        {() => (
          <Section flush>
            <DataTable
              label="DERs"
              rows={rows}
              columns={isFsp ? columns.filter(({ id }) => id !== 'fsp') : columns}
              rowKey={({ derId }) => derId}
              selectedKey={der}
              onOpen={({ derId }) => void navigate({ search: { der: derId } })}
              empty={isFsp ? 'You have not registered a DER yet.' : 'No FSP has registered a DER yet.'}
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

function useRows(ders: readonly Der[] | undefined): Row[] {
  const today = useToday()
  const units = useQuery(flexibleUnitsQuery).data
  const fsps = useQuery(fspsQuery).data
  return useMemo(() => {
    const unitOf = new Map(units?.flatMap((unit) => unit.derIds.map((derId) => [derId, unit] as const)))
    return (ders ?? [])
      .map((each) => ({
        ...each,
        fspName: fsps?.find(({ fspId }) => fspId === each.fspId)?.companyName ?? '',
        unit: unitOf.get(each.derId),
        state: consentState(each, today),
      }))
      .toSorted((a, b) => a.state.urgency - b.state.urgency || a.name.localeCompare(b.name))
  }, [ders, units, fsps, today])
}
