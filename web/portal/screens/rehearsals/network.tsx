import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { PseudoNetwork, Rehearsal } from '../../../../schemas/dispatch/rehearsals.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Nothing, Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, kwDigits } from '../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../shared/format/time.ts'
import { pseudoNetworksQuery, rehearsalsQuery } from '../../dispatch-queries.ts'
import { flexibleUnitsQuery } from '../../queries.ts'
import { RehearsalResult } from './rehearsal-result.tsx'
import { RehearseForm } from './rehearse-form.tsx'
import { branches, type NodeBranch, outcomeInWords } from './result.ts'
import { UnitResultPanel } from './unit-result-panel.tsx'
import { askedInWords, rehearsalTitle } from './words.ts'

/** One pseudo-network: what it is made of, and what the optimisation chose on it. */
export function PseudoNetworkPage() {
  const { pseudoNetworkId } = useParams({ from: '/inside/rehearsals/$pseudoNetworkId' })
  const { rehearsal, fu } = useSearch({ from: '/inside/rehearsals/$pseudoNetworkId' })
  const navigate = useNavigate({ from: '/rehearsals/$pseudoNetworkId' })
  const query = useQuery(pseudoNetworksQuery)
  const network = query.data?.find((each) => each.pseudoNetworkId === pseudoNetworkId)
  const rehearsals = useQuery({ ...rehearsalsQuery(pseudoNetworkId), enabled: network !== undefined })
  const open = rehearsals.data?.items.find(({ rehearsalId }) => rehearsalId === rehearsal)
  const nameOf = useNames()
  return (
    <Page
      title={network?.name ?? 'Pseudo-network'}
      subtitle={
        network &&
        `${count(network.members.length, 'FU')} at ${count(network.nodes.length, 'node')}, made by ${network.createdBy}`
      }
      actions={<LinkButton to="/rehearsals">All pseudo-networks</LinkButton>}
      panel={
        open &&
        fu && (
          <UnitResultPanel
            key={fu}
            rehearsal={open}
            fuId={fu}
            name={nameOf(fu)}
            onClose={() => void navigate({ search: (s) => ({ ...s, fu: undefined }) })}
          />
        )
      }
    >
      <Loaded query={query}>
        {() =>
          network ? (
            <>
              <RehearseForm pseudoNetworkId={pseudoNetworkId} />
              <Loaded query={rehearsals}>
                {({ items, nextCursor }) => (
                  <>
                    <Rehearsals items={items} isCut={nextCursor !== null} selected={rehearsal} />
                    {open && <RehearsalResult key={open.rehearsalId} rehearsal={open} nameOf={nameOf} selected={fu} />}
                  </>
                )}
              </Loaded>
              <NetworkNodesSection network={network} nameOf={nameOf} />
            </>
          ) : (
            <Nothing>There is no such pseudo-network.</Nothing>
          )
        }
      </Loaded>
    </Page>
  )
}

/** What FUs are called. */
function useNames(): (fuId: string) => string {
  const units = useQuery(flexibleUnitsQuery).data
  return useMemo(() => {
    const names = new Map(units?.map(({ fuId, name }) => [fuId, name]))
    return (fuId) => names.get(fuId) ?? fuId
  }, [units])
}

const rehearsalColumns: Column<Rehearsal>[] = [
  {
    id: 'what',
    header: 'Rehearsal',
    accessorFn: ({ tradingDay }) => tradingDay,
    cell: ({ row }) => rehearsalTitle(row.original),
  },
  {
    id: 'need',
    header: 'Need',
    meta: { from: 'medium' },
    accessorFn: ({ needW }) => needW ?? Number.POSITIVE_INFINITY,
    cell: ({ row }) => askedInWords(row.original),
  },
  {
    id: 'result',
    header: 'Result',
    enableSorting: false,
    cell: ({ row }) =>
      outcomeInWords(row.original).isShort ? <Mark word="short" tone="risk" shape="diamond" /> : 'met',
  },
  {
    id: 'adopted',
    header: 'Adopted',
    meta: { from: 'medium' },
    accessorFn: ({ adoptedAt }) => adoptedAt ?? '',
    cell: ({ row: { original } }) =>
      original.adoptedAt === null ? 'no' : `${dayAndTime(original.adoptedAt)} by ${original.adoptedBy}`,
  },
  {
    id: 'run',
    header: 'Run',
    meta: { from: 'wide' },
    accessorFn: ({ startedAt }) => Date.parse(startedAt),
    cell: ({ row: { original } }) => (
      <span>
        <time title={utc(original.startedAt)}>{dayAndTime(original.startedAt)}</time> by {original.startedBy}
      </span>
    ),
  },
]

interface RehearsalsProps {
  items: Rehearsal[]
  /** Whether there are earlier ones that are not shown. */
  isCut: boolean
  selected: string | undefined
}

function Rehearsals({ items, isCut, selected }: RehearsalsProps) {
  const navigate = useNavigate({ from: '/rehearsals/$pseudoNetworkId' })
  return (
    <>
      {isCut && <Notice>The latest {count(items.length, 'rehearsal')} are shown.</Notice>}
      <Section title="Rehearsals" flush>
        <DataTable
          label="Rehearsals"
          rows={items}
          columns={rehearsalColumns}
          rowKey={({ rehearsalId }) => rehearsalId}
          selectedKey={selected}
          onOpen={({ rehearsalId }) => void navigate({ search: { rehearsal: rehearsalId } })}
          empty="Nothing has been rehearsed on this network yet."
        />
      </Section>
    </>
  )
}

interface NodeRow extends NodeBranch {
  turnDownW: number
  turnUpW: number
}

/** As many FUs of a node are named in its row. */
const named = 6

function NetworkNodesSection({ network, nameOf }: { network: PseudoNetwork; nameOf: (fuId: string) => string }) {
  const units = useQuery(flexibleUnitsQuery).data
  const rows = useMemo(() => {
    const powers = new Map(units?.map((unit) => [unit.fuId, unit]))
    return branches(network).map((branch) => ({
      ...branch,
      turnDownW: branch.fuIds.reduce((sum, fuId) => sum + (powers.get(fuId)?.maxTurnDownW ?? 0), 0),
      turnUpW: branch.fuIds.reduce((sum, fuId) => sum + (powers.get(fuId)?.maxTurnUpW ?? 0), 0),
    }))
  }, [network, units])
  const columns = useMemo(() => nodeColumns(nameOf), [nameOf])
  return (
    <Section title="Nodes" flush>
      <DataTable
        label="Nodes"
        rows={rows}
        columns={columns}
        rowKey={({ nodeId }) => nodeId}
        empty="This network has no node."
      />
    </Section>
  )
}

function nodeColumns(nameOf: (fuId: string) => string): Column<NodeRow>[] {
  return [
    {
      id: 'node',
      header: 'Node',
      enableSorting: false,
      cell: ({ row: { original } }) => <span style={{ paddingLeft: 16 * original.depth }}>{original.name}</span>,
    },
    {
      id: 'fus',
      header: 'FUs at it and below it',
      meta: { wrap: true },
      enableSorting: false,
      cell: ({ row: { original } }) => {
        const names = original.fuIds.slice(0, named).map(nameOf).join(', ')
        const more = original.fuIds.length - named
        return more > 0 ? `${names} and ${count(more, 'other')}` : names || 'none'
      },
    },
    {
      id: 'down',
      header: 'Turn-down kW',
      meta: { align: 'right', from: 'medium' },
      enableSorting: false,
      cell: ({ row }) => kwDigits(row.original.turnDownW),
    },
    {
      id: 'up',
      header: 'Turn-up kW',
      meta: { align: 'right', from: 'wide' },
      enableSorting: false,
      cell: ({ row }) => kwDigits(row.original.turnUpW),
    },
  ]
}
