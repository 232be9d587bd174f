import { Button, Textarea } from '@mantine/core'
import { useRef } from 'react'
import type { ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'
import { count } from '../format/power.ts'
import { Notice } from './notice.tsx'

/** The most flaws that are listed: beyond that they usually share one cause. */
const shownFlaws = 12

interface PastedRowsProps {
  /** What the file is of, for those who hear the button: `File of points`. */
  fileLabel: string
  text: string
  onText: (text: string) => void
  /** What is wrong with the text; empty while there is none. */
  flaws: readonly ImportFlaw[]
}

/** Rows from a CSV file, or pasted from a spreadsheet, with what is wrong with them by line. */
export function PastedRows({ fileLabel, text, onText, flaws }: PastedRowsProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <span>
        <input
          ref={input}
          type="file"
          accept=".csv,text/csv,text/plain"
          className="rm-sr-only"
          tabIndex={-1}
          aria-label={fileLabel}
          onChange={(event) => void event.currentTarget.files?.[0]?.text().then(onText)}
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
        onChange={(event) => onText(event.currentTarget.value)}
      />
      {flaws.length > 0 && (
        <Notice tone="fault" title={`${count(flaws.length, 'error')}: correct the rows`}>
          <ul>
            {flaws.slice(0, shownFlaws).map(({ line, field, message }) => (
              <li key={`${line} ${field}`}>
                Line {line}
                {field && `, ${field}`}: {message}
              </li>
            ))}
          </ul>
          {flaws.length > shownFlaws && `and ${count(flaws.length - shownFlaws, 'more error')}`}
        </Notice>
      )}
    </>
  )
}
