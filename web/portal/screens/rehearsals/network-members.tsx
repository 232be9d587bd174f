import { Button } from '@mantine/core'
import { createContext, useContext, useMemo, useState } from 'react'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { count, kwDigits } from '../../../shared/format/power.ts'
import { type NetworkDraft, withPlaced } from './network-draft.ts'
import styles from './rehearsals.module.css'

interface Row extends FlexibleUnit {
  fspName: string
}

/** The draft for the cells: a column that changed with it would take the focus from the choice that is being made. */
const Drafting = createContext<{ draft: NetworkDraft; onChange: (draft: NetworkDraft) => void } | null>(null)

function Place({ unit }: { unit: Row }) {
  const given = useContext(Drafting)
  if (!given) return null
  const { draft, onChange } = given
  return (
    <NodeChoice
      label={`Node of ${unit.name}`}
      draft={draft}
      value={draft.placed.get(unit.fuId) ?? null}
      onChange={(key) => onChange(withPlaced(draft, [unit.fuId], key))}
    />
  )
}

const columns: Column<Row>[] = [
  { id: 'fu', header: 'FU', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
  {
    id: 'fsp',
    header: 'FSP',
    meta: { from: 'medium' },
    accessorFn: ({ fspName }) => fspName,
    cell: ({ row }) => row.original.fspName,
  },
  {
    id: 'down',
    header: 'Turn-down kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ maxTurnDownW }) => maxTurnDownW,
    cell: ({ row }) => kwDigits(row.original.maxTurnDownW),
  },
  {
    id: 'up',
    header: 'Turn-up kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ maxTurnUpW }) => maxTurnUpW,
    cell: ({ row }) => kwDigits(row.original.maxTurnUpW),
  },
  { id: 'node', header: 'Node', enableSorting: false, cell: ({ row }) => <Place unit={row.original} /> },
]

interface NetworkMembersProps {
  draft: NetworkDraft
  units: readonly Row[]
  onChange: (draft: NetworkDraft) => void
}

/** Which FU stands at which node; all that a search finds can be put at a node at once. */
export function NetworkMembers({ draft, units, onChange }: NetworkMembersProps) {
  const [search, setSearch] = useState('')
  const [at, setAt] = useState<number | null>(null)
  const wanted = search.trim().toLowerCase()
  const found = useMemo(
    () => units.filter(({ name, fspName }) => `${name} ${fspName}`.toLowerCase().includes(wanted)),
    [units, wanted],
  )
  return (
    <>
      <div className={styles.bulk}>
        <label className={styles.part}>
          <span>Find an FU or FSP</span>
          <input
            className="rm-select"
            type="search"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
        <div className={styles.part}>
          <span aria-hidden="true">Node for all that are shown</span>
          <NodeChoice label="Node for all that are shown" draft={draft} value={at} onChange={setAt} />
        </div>
        <Button
          onClick={() =>
            onChange(
              withPlaced(
                draft,
                found.map(({ fuId }) => fuId),
                at,
              ),
            )
          }
        >
          {at === null ? `Take ${count(found.length, 'FU')} out` : `Put ${count(found.length, 'FU')} there`}
        </Button>
      </div>
      <Drafting value={{ draft, onChange }}>
        <DataTable
          label="FUs"
          rows={found}
          columns={columns}
          rowKey={({ fuId }) => fuId}
          empty={units.length === 0 ? 'No FSP has registered an FU yet.' : 'No FU is called so.'}
        />
      </Drafting>
    </>
  )
}

interface NodeChoiceProps {
  label: string
  draft: NetworkDraft
  /** The key of a node; `null`: not in the network. */
  value: number | null
  onChange: (key: number | null) => void
}

function NodeChoice({ label, draft, value, onChange }: NodeChoiceProps) {
  const known = draft.nodes.some((node) => node.key === value)
  return (
    <select
      className="rm-select"
      aria-label={label}
      value={known ? (value ?? '') : ''}
      onChange={(event) => {
        const chosen = event.currentTarget.value
        onChange(chosen === '' ? null : Number(chosen))
      }}
    >
      <option value="">not in it</option>
      {draft.nodes.map((node) => (
        <option key={node.key} value={node.key}>
          {node.name.trim() || 'a node without a name'}
        </option>
      ))}
    </select>
  )
}
