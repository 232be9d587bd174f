import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ProfileApplication, ProfileVersion } from '../../../../schemas/grid/profiles.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { profileNowQuery } from '../../grid-queries.ts'
import { type Difference, differencesOf } from './differences.ts'

interface ChangedMeanwhileProps {
  profileId: string
  /** What the reader had before them when they began. */
  began: ProfileVersion
  typed: ProfileApplication
  onTakeTheirs: (theirs: ProfileVersion) => void
  /** Saves what was typed over the other's revision. */
  onKeepMine: (revision: number) => void
}

const columns: Column<Difference>[] = [
  { id: 'field', header: 'What', accessorFn: (d) => d.field, cell: ({ row }) => row.original.field },
  { id: 'began', header: 'When you started', meta: { wrap: true, from: 'medium' }, accessorFn: (d) => d.began },
  { id: 'theirs', header: 'Theirs', meta: { wrap: true }, accessorFn: (d) => d.theirs },
  { id: 'mine', header: 'Yours', meta: { wrap: true }, accessorFn: (d) => d.mine },
]

/** Two editors at once (FM15): shows the other's change beside one's own, and lets the reader choose which is to stand. */
export function ChangedMeanwhile({ profileId, began, typed, onTakeTheirs, onKeepMine }: ChangedMeanwhileProps) {
  const query = useQuery(profileNowQuery(profileId, began.revision))
  return (
    <Loaded query={query}>
      {(theirs) => (
        <Section title={`${theirs.editedBy ?? 'Somebody'} changed this application while you were editing it`}>
          <Notice tone="risk">
            It is now at revision {theirs.revision}; you started from revision {began.revision}. Your changes are not
            saved yet.
          </Notice>
          <DataTable
            label="Both changes"
            rows={differencesOf(began, theirs, typed)}
            columns={columns}
            rowKey={(d) => d.field}
            empty="Both versions are the same."
          />
          <span style={{ display: 'flex', gap: 8, marginTop: 12 }}>
            <Button onClick={() => onTakeTheirs(theirs)}>Start again from theirs</Button>
            <Button onClick={() => onKeepMine(theirs.revision)}>Save mine over theirs</Button>
          </span>
        </Section>
      )}
    </Loaded>
  )
}
