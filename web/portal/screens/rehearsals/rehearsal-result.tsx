import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Rehearsal } from '../../../../schemas/dispatch/rehearsals.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count, energy, fixed, kwDigits, kwhDigits } from '../../../shared/format/power.ts'
import { dayAndTime, dayInWords } from '../../../shared/format/time.ts'
import { useRefusal } from '../../session.ts'
import { needColumns } from '../dispatch/need-columns.tsx'
import { nodeNeeds } from '../dispatch/needs.ts'
import { proofInWords } from '../dispatch/optimisation.tsx'
import styles from './rehearsals.module.css'
import { outcomeInWords, timesInWords, type UnitResult, unitResults } from './result.ts'
import { askedInWords, rehearsalTitle } from './words.ts'

const nodeColumns = needColumns(({ name }) => name)

const unitColumns: Column<UnitResult>[] = [
  { id: 'fu', header: 'FU', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
  {
    id: 'times',
    header: 'Chosen',
    meta: { wrap: true },
    enableSorting: false,
    cell: ({ row }) => timesInWords(row.original.spans) || 'not at all',
  },
  {
    id: 'most',
    header: 'At most kW',
    meta: { align: 'right' },
    accessorFn: ({ mostW }) => mostW,
    cell: ({ row }) => kwDigits(row.original.mostW),
  },
  {
    id: 'energy',
    header: 'kWh',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ energyWh }) => energyWh,
    cell: ({ row }) => kwhDigits(row.original.energyWh),
  },
  {
    id: 'cost',
    header: 'Cost £',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ costGbp }) => costGbp,
    cell: ({ row }) => fixed(row.original.costGbp, 2),
  },
]

interface RehearsalResultProps {
  rehearsal: Rehearsal
  nameOf: (fuId: string) => string
  /** The FU whose details are open. */
  selected: string | undefined
}

/** What a rehearsal found: the need at each node, what is chosen of each FU, and the step that makes schedules of it. */
export function RehearsalResult({ rehearsal, nameOf, selected }: RehearsalResultProps) {
  const navigate = useNavigate({ from: '/rehearsals/$pseudoNetworkId' })
  const needs = useMemo(() => nodeNeeds(rehearsal.nodes), [rehearsal.nodes])
  const units = useMemo(() => unitResults(rehearsal, nameOf), [rehearsal, nameOf])
  const { text, isShort } = outcomeInWords(rehearsal)
  const cost = units.reduce((sum, each) => sum + each.costGbp, 0)
  const way = rehearsal.direction === 'turn-up' ? 'turn-up' : 'turn-down'
  return (
    <>
      <Section title={rehearsalTitle(rehearsal)} actions={<Adoption rehearsal={rehearsal} units={units} />} flush>
        <p className={styles.summary}>
          {askedInWords(rehearsal)}. Chosen: {energy(units.reduce((sum, each) => sum + each.energyWh, 0))} of {way} for
          £{fixed(cost, 2)} of utilisation{proofInWords(rehearsal)}.
        </p>
        <Notice tone={isShort ? 'risk' : 'normal'}>{text}</Notice>
        <DataTable
          label="Needs by node"
          rows={needs}
          columns={nodeColumns}
          rowKey={({ nodeId }) => nodeId}
          empty="No node had a need."
        />
      </Section>
      <Section title="FUs" flush>
        <DataTable
          label="What is chosen of each FU"
          rows={units}
          columns={unitColumns}
          rowKey={({ fuId }) => fuId}
          selectedKey={selected}
          onOpen={({ fuId }) => void navigate({ search: (s) => ({ ...s, fu: fuId }) })}
          empty={`No FU of this network can give ${way} then.`}
        />
      </Section>
    </>
  )
}

/** Makes the choices the manual schedules of the FUs, in two steps; once only. */
function Adoption({ rehearsal, units }: { rehearsal: Rehearsal; units: readonly UnitResult[] }) {
  const refusal = useRefusal('flexibility-engineer')
  const queries = useQueryClient()
  const adopt = useMutation<unknown, Error, void>({
    mutationFn: () => api.call(operations.adoptRehearsal, { params: { id: rehearsal.rehearsalId } }),
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('dispatch') ?? false }),
  })
  if (rehearsal.adoptedAt !== null)
    return (
      <>
        <span className="rm-secondary">
          Adopted {dayAndTime(rehearsal.adoptedAt)} by {rehearsal.adoptedBy}
        </span>
        <LinkButton to="/dispatch" search={{ day: rehearsal.tradingDay }}>
          Dispatch board
        </LinkButton>
      </>
    )
  const idle = units.filter(({ energyWh }) => energyWh === 0).length
  const wh = units.reduce((sum, each) => sum + each.energyWh, 0)
  return (
    <TwoStep
      label="Adopt as manual schedules"
      refusal={refusal ?? (units.length === 0 ? 'No FU could give anything: there is nothing to adopt.' : null)}
      action={adopt}
      consequence={
        <>
          <p>
            Saves the next version of the manual schedule of {count(units.length, 'FU')} for{' '}
            {dayInWords(rehearsal.tradingDay)}, {energy(wh)} in all. It replaces what those schedules ask for now
            {idle > 0 && `; ${count(idle, 'FU')} of which nothing was chosen will be asked for nothing`}.
          </p>
          <p>
            Where the manual schedule of an FU is live, the new version is instructed from the next tick on, as far as
            the FU is contracted. Where it is not, nothing is sent until someone makes it live.
          </p>
        </>
      }
    />
  )
}
