import type { DemandRequirement } from '../../../../schemas/planning/demand-runs.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Facts } from '../../../shared/components/page.tsx'
import { gbp, kwDigits } from '../../../shared/format/power.ts'
import { weekdaysInWords } from '../market/words.ts'
import styles from './planning.module.css'
import { costsInWords, seasonWords } from './requirement-words.ts'

/** What a year of flexibility costs, part by part, beside a year of reinforcement, and what that takes for granted. */
export function RequirementCosts({ requirement }: { requirement: DemandRequirement }) {
  const { costs, assumptions } = requirement
  return (
    <>
      <p>{costsInWords(requirement)}</p>
      <Facts
        items={[
          ['Availability', gbp(costs.availabilityGbp)],
          ['Utilisation', gbp(costs.utilisationGbp)],
          ['Flexibility in the year', gbp(costs.flexibilityGbp)],
          ['Reinforcement a year', gbp(costs.reinforcementGbp)],
        ]}
      />
      <h3 className={styles.subhead}>Assumptions</h3>
      <ul className={styles.list}>
        {assumptions.map((assumption) => (
          <li key={assumption}>{assumption}</li>
        ))}
      </ul>
    </>
  )
}

type Season = DemandRequirement['seasons'][number]
type Row = Season['windows'][number] & { season: Season['season'] }

const columns: Column<Row>[] = [
  {
    id: 'season',
    header: 'Season',
    accessorFn: (row) => row.season,
    cell: ({ row }) => seasonWords[row.original.season],
  },
  {
    id: 'days',
    header: 'Days',
    accessorFn: (row) => row.weekdays.length,
    cell: ({ row }) => weekdaysInWords(row.original.weekdays),
  },
  {
    id: 'hours',
    header: 'Local time',
    accessorFn: (row) => row.from,
    cell: ({ row }) => `${row.original.from} to ${row.original.to}`,
  },
  {
    id: 'required',
    header: 'Needed kW',
    meta: { align: 'right' },
    accessorFn: (row) => row.requiredW,
    cell: ({ row }) => kwDigits(row.original.requiredW),
  },
]

/** The windows that a node needs, season by season. */
export function RequirementWindows({ requirement: { seasons, year } }: { requirement: DemandRequirement }) {
  const rows = seasons.flatMap(({ season, windows }) => windows.map((window) => ({ ...window, season })))
  return (
    <DataTable
      label="Windows needed"
      rows={rows}
      columns={columns}
      rowKey={({ season, weekdays, from }) => `${season} ${weekdays[0]} ${from}`}
      empty={`Nothing is needed in ${year}.`}
    />
  )
}
