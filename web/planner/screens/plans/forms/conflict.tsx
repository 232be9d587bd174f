import { Button } from '@mantine/core'
import type { PlanAsset } from '../../../../../schemas/planning/sites/assets.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { type Compared, type Difference, differencesOf } from './differences.ts'
import styles from './forms.module.css'
import type { FormKind } from './members.ts'

const columns: Column<Difference>[] = [
  { id: 'label', header: 'What', meta: { wrap: true }, accessorFn: (d) => d.label },
  { id: 'began', header: 'When you started', meta: { wrap: true, from: 'medium' }, accessorFn: (d) => d.began },
  { id: 'theirs', header: 'Theirs', meta: { wrap: true }, accessorFn: (d) => d.theirs },
  { id: 'mine', header: 'Yours', meta: { wrap: true }, accessorFn: (d) => d.mine },
]

interface ConflictProps {
  kind: FormKind
  began: Compared
  /** What is stored now. */
  theirs: PlanAsset
  mine: Compared
  assets: readonly PlanAsset[]
  onTakeTheirs: () => void
  onKeepMine: () => void
}

/** Two people have edited the same thing: shows both changes, and leaves the choice to who came second. Nothing is lost before it. */
export function Conflict({ kind, began, theirs, mine, assets, onTakeTheirs, onKeepMine }: ConflictProps) {
  const versions = { began, theirs: { name: theirs.name, content: theirs.content }, mine }
  return (
    <>
      <Notice tone="fault" title={`${theirs.changedBy} changed this while you were editing it`}>
        Your changes are not saved yet. Look at both, and choose.
      </Notice>
      <DataTable
        label="Both changes"
        rows={differencesOf(kind, versions, assets)}
        columns={columns}
        rowKey={(d) => d.label}
        empty="Both say the same."
      />
      <div className={styles.actions}>
        <Button onClick={onTakeTheirs}>Start again from theirs</Button>
        <Button onClick={onKeepMine}>Save mine over theirs</Button>
      </div>
    </>
  )
}
