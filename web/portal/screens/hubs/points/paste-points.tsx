import { Button, Textarea } from '@mantine/core'
import { useRef, useState } from 'react'
import type { MappedPoint } from '../../../../../schemas/grid/gateway.ts'
import { Notice } from '../../../../shared/components/notice.tsx'
import { count } from '../../../../shared/format/power.ts'
import { readCsv } from './csv.ts'
import styles from './points.module.css'
import { pointColumns } from './typed.ts'

/** The most flaws that are listed: beyond that they usually share one cause. */
const shownFlaws = 12

/** Takes points from a CSV file, or pasted from a spreadsheet, in place of those on the screen. Nothing is stored by it. */
export function PastePoints({ present, onTake }: { present: number; onTake: (points: MappedPoint[]) => void }) {
  const [text, setText] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const read = text.trim() === '' ? null : readCsv(text)
  const isGood = read !== null && read.flaws.length === 0
  return (
    <div className={styles.form}>
      <p>
        One row a point, with the headings {pointColumns.join(', ')}; the last one may be left out. Download the points
        first to have a file to begin with.
      </p>
      <span>
        <input
          ref={input}
          type="file"
          accept=".csv,text/csv,text/plain"
          className="rm-sr-only"
          tabIndex={-1}
          aria-label="File of points"
          onChange={(event) => void event.currentTarget.files?.[0]?.text().then(setText)}
        />
        <Button onClick={() => input.current?.click()}>Choose a file</Button>
      </span>
      <Textarea
        size="sm"
        label="Or paste the rows here"
        autosize
        minRows={6}
        maxRows={12}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {read && !isGood && (
        <Notice tone="fault" title={`${count(read.flaws.length, 'error')}: correct the rows`}>
          <ul>
            {read.flaws.slice(0, shownFlaws).map(({ line, field, message }) => (
              <li key={`${line} ${field}`}>
                Line {line}
                {field && `, ${field}`}: {message}
              </li>
            ))}
          </ul>
          {read.flaws.length > shownFlaws && `and ${count(read.flaws.length - shownFlaws, 'more error')}`}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button variant="filled" disabled={!isGood} onClick={() => read && onTake(read.points)}>
          {isGood ? `Use ${count(read.points.length, 'point')} in place of ${present}` : 'Use these points'}
        </Button>
      </div>
    </div>
  )
}
