import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { FlexibleUnit } from '../../../../../schemas/market/parties.ts'
import { signOf } from '../../../../../schemas/vocabulary/units.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { count, kw, kwDigits, turn } from '../../../../shared/format/power.ts'
import { contractsQuery } from '../../../market-queries.ts'
import { connectionsQuery, flexibleUnitsQuery, fspsQuery } from '../../../queries.ts'
import { useOwnFsp } from '../../../session.ts'
import { ServiceForm } from '../../fsp/service-form.tsx'
import { MarketTabs } from '../tabs.tsx'
import { limitsInWords, windowInWords } from '../words.ts'
import { ConstraintsForm } from './constraints-form.tsx'
import { Members } from './members.tsx'

interface Row extends FlexibleUnit {
  fspName: string
  connectionName: string
}

const columns: Column<Row>[] = [
  { id: 'name', header: 'FU', accessorFn: (unit) => unit.name, cell: ({ row }) => row.original.name },
  {
    id: 'service',
    header: 'Service',
    accessorFn: (unit) => Number(unit.inService),
    cell: ({ row }) =>
      row.original.inService ? (
        <Mark word="In service" tone="normal" shape="ring" />
      ) : (
        <Mark word="Out of service" tone="risk" shape="cross" />
      ),
  },
  {
    id: 'fsp',
    header: 'FSP',
    meta: { from: 'medium' },
    accessorFn: (unit) => unit.fspName,
    cell: ({ row }) => row.original.fspName,
  },
  {
    id: 'connection',
    header: 'Connection',
    meta: { from: 'medium' },
    accessorFn: (unit) => unit.connectionName,
    cell: ({ row: { original } }) =>
      original.connectionId === null ? (
        `${count(original.derIds.length, 'DER')} behind ${original.nodeId}`
      ) : (
        <Link to="/connections/$connectionId" params={{ connectionId: original.connectionId }}>
          {original.connectionName}
        </Link>
      ),
  },
  {
    id: 'power',
    header: 'At most kW',
    meta: { align: 'right' },
    accessorFn: (unit) => unit.maxTurnDownW,
    cell: ({ row }) => kwDigits(row.original.maxTurnDownW),
  },
]

/** Flexible units, those out of service first. */
export function Units() {
  const query = useQuery(flexibleUnitsQuery)
  const isFsp = useOwnFsp() !== null
  const fsps = useQuery(fspsQuery).data
  const connections = useQuery({ ...connectionsQuery, enabled: !isFsp }).data
  const { fu } = useSearch({ from: '/inside/market/units' })
  const navigate = useNavigate({ from: '/market/units' })
  const rows = useMemo(
    () =>
      (query.data ?? [])
        .map((unit) => ({
          ...unit,
          fspName: fsps?.find((fsp) => fsp.fspId === unit.fspId)?.companyName ?? '',
          connectionName: connections?.find((c) => c.connectionId === unit.connectionId)?.name ?? '',
        }))
        .toSorted((a, b) => Number(a.inService) - Number(b.inService) || a.name.localeCompare(b.name)),
    [query.data, fsps, connections],
  )
  const open = rows.find((unit) => unit.fuId === fu)
  return (
    <Page
      title="Market"
      subtitle={query.data && count(query.data.length, 'flexible unit')}
      actions={
        <>
          <LinkButton to="/market/ders">DERs</LinkButton>
          {isFsp && <LinkButton to="/market/import-ders">Import DERs</LinkButton>}
          {isFsp && (
            <LinkButton to="/market/new-unit" variant="filled">
              Register an FU
            </LinkButton>
          )}
        </>
      }
      panel={open && <UnitPanel unit={open} onClose={() => void navigate({ search: {} })} />}
    >
      <MarketTabs />
      <Loaded query={query}>
        {() => (
          <Section flush>
            <DataTable
              label="FUs"
              rows={rows}
              columns={isFsp ? columns.filter(({ id }) => id !== 'fsp' && id !== 'connection') : columns}
              rowKey={(unit) => unit.fuId}
              selectedKey={fu}
              onOpen={({ fuId }) => void navigate({ search: { fu: fuId } })}
              empty={isFsp ? 'You have not registered an FU yet.' : 'No FSP has registered an FU yet.'}
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

function UnitPanel({ unit, onClose }: { unit: Row; onClose: () => void }) {
  const isFsp = useOwnFsp() !== null
  const contracts = useQuery(contractsQuery).data?.filter((contract) => contract.fuId === unit.fuId) ?? []
  return (
    <SidePanel
      title={unit.name}
      onClose={onClose}
      footer={
        isFsp ? undefined : (
          <LinkButton to="/dispatch" search={{ fu: unit.fuId }}>
            On the dispatch board
          </LinkButton>
        )
      }
    >
      <PanelPart>
        <PanelFacts
          items={[
            ['FSP', unit.fspName],
            ['Turn-down at most', kw(unit.maxTurnDownW)],
            ...(unit.registeredTurnDownW > unit.maxTurnDownW
              ? [['Registered for', kw(unit.registeredTurnDownW)] as const]
              : []),
            ...limitsInWords(unit.limits),
            ['Network node', unit.nodeId],
            ['Meter data', unit.isWholeSite ? 'uploaded, or from the site’s hub' : 'uploaded'],
            ['Number', <code key="id">{unit.fuId}</code>],
          ]}
        />
      </PanelPart>
      <PanelPart title="Meter data">
        <Link to="/metering/$fuId" params={{ fuId: unit.fuId }}>
          Its days, meters, completeness and reliability
        </Link>
      </PanelPart>
      <PanelPart title="Services to others">
        <Link to="/market/services-to-others" search={{ fu: unit.fuId }}>
          What it does for the system operator or another DNO
        </Link>
      </PanelPart>
      {isFsp && <ConstraintsForm key={JSON.stringify(unit.limits)} unit={unit} />}
      {isFsp && <ServiceForm key={String(unit.inService)} unit={unit} />}
      <Members unit={unit} />
      <PanelPart title="Contracts">
        {contracts.length === 0 && <span>None.</span>}
        {contracts.map((contract) => (
          <PanelFacts
            key={contract.contractId}
            items={[
              [`Product ${contract.product}`, turn(signOf(contract.direction) * contract.turnDownW)],
              ...contract.windows.map((window, i) => [i === 0 ? 'Windows' : '', windowInWords(window)] as const),
            ]}
          />
        ))}
      </PanelPart>
    </SidePanel>
  )
}
