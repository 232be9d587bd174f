import { Button } from '@mantine/core'
import { useState } from 'react'
import type { MappedPoint } from '../../../../../schemas/grid/gateway.ts'
import { PastedRows } from '../../../../shared/components/pasted-rows.tsx'
import { count } from '../../../../shared/format/power.ts'
import { readCsv } from './csv.ts'
import styles from './points.module.css'
import { pointColumns } from './typed.ts'

/** Takes points from a CSV file, or pasted from a spreadsheet, in place of those on the screen. Nothing is stored by it. */
export function PastePoints({ present, onTake }: { present: number; onTake: (points: MappedPoint[]) => void }) {
  const [text, setText] = useState('')
  const read = text.trim() === '' ? null : readCsv(text)
  const isGood = read !== null && read.flaws.length === 0
  return (
    <div className={styles.form}>
      <p>
        One row a point, with the headings {pointColumns.join(', ')}; the last one may be left out. Download the points
        first to have a file to begin with.
      </p>
      <PastedRows fileLabel="File of points" text={text} onText={setText} flaws={read?.flaws ?? []} />
      <div className={styles.actions}>
        <Button variant="filled" disabled={!isGood} onClick={() => read && onTake(read.points)}>
          {isGood ? `Use ${count(read.points.length, 'point')} in place of ${present}` : 'Use these points'}
        </Button>
      </div>
    </div>
  )
}
