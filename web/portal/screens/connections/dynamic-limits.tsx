import { useQuery } from '@tanstack/react-query'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { timeOfDay, utc } from '../../../shared/format/time.ts'
import { dynamicLimitsQuery } from '../../grid-queries.ts'
import { type DynamicSpell, issueInWords, spellsOf } from './dynamic-words.ts'

const columns: Column<DynamicSpell>[] = [
  {
    id: 'from',
    header: 'From',
    accessorFn: (spell) => spell.from,
    cell: ({ row }) => <time title={utc(row.original.from)}>{timeOfDay(row.original.from)}</time>,
  },
  {
    id: 'to',
    header: 'To',
    accessorFn: (spell) => spell.to,
    cell: ({ row }) => <time title={utc(row.original.to)}>{timeOfDay(row.original.to)}</time>,
  },
  {
    id: 'limit',
    header: 'Limit kW',
    meta: { align: 'right' },
    accessorFn: (spell) => spell.limitW,
    cell: ({ row }) => (row.original.limitW === null ? 'none' : fixed(row.original.limitW / 1_000, 1)),
  },
  { id: 'reason', header: 'Reason', accessorFn: (spell) => spell.words, cell: ({ row }) => row.original.words },
]

/** The dynamic limits of a day with their reasons; nothing where the contract has none and none was issued. */
export function DynamicLimits({ connectionId, day }: { connectionId: string; day: string }) {
  const { data } = useQuery(dynamicLimitsQuery(connectionId, day))
  if (!data || (!data.terms.isOn && data.issued.version === 0)) return null
  const spells = spellsOf(data.issued.periods)
  return (
    <Section title="Dynamic limits" flush={spells.length > 0}>
      <DataTable
        label="Dynamic limits"
        rows={spells}
        columns={columns}
        rowKey={(spell) => spell.from}
        empty={issueInWords(data.issued)}
      />
      {spells.length > 0 && <p className="rm-secondary">{issueInWords(data.issued)}</p>}
    </Section>
  )
}
