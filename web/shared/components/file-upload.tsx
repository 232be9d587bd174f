import { Button } from '@mantine/core'
import { useRef } from 'react'
import type { ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'
import { count, fixed, percent } from '../format/power.ts'
import { type Column, DataTable } from './data-table.tsx'
import styles from './file-upload.module.css'
import { Notice } from './notice.tsx'
import { Section } from './page.tsx'

interface FileUploadProps {
  /** Names the field for who cannot see the button. */
  label: string
  file: File | null
  onFile: (file: File | null) => void
  /** Why this person may not import; `null` if they may. */
  refusal: string | null
  isPending: boolean
  upload: (dryRun: boolean) => void
  /** What the import would change, once the file is checked without errors. */
  checked: string | null
  /** Which share of the file has left the browser while it is sent, from 0 to 1; left out where files are small. */
  sent?: number
}

/** A CSV file to choose, to check and then to import: checked first, imported only when every row is right. */
export function FileUpload({ label, file, onFile, refusal, isPending, upload, checked, sent }: FileUploadProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <div className={styles.row}>
        <input
          ref={input}
          type="file"
          accept=".csv,text/csv"
          className="rm-sr-only"
          tabIndex={-1}
          aria-label={label}
          onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)}
        />
        <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => input.current?.click()}>
          Choose a file
        </Button>
        <span className="rm-secondary">
          {file
            ? `${file.name}, ${fixed(file.size / 1_000, file.size < 10_000 ? 1 : 0)} kB`
            : (refusal ?? 'No file chosen')}
        </span>
      </div>
      <div className={styles.row}>
        <Button
          variant={checked ? 'default' : 'filled'}
          disabled={!file || refusal !== null}
          loading={isPending}
          onClick={() => upload(true)}
        >
          Check
        </Button>
        <Button
          variant={checked ? 'filled' : 'default'}
          disabled={!checked || refusal !== null}
          loading={isPending}
          onClick={() => upload(false)}
        >
          {checked ? `Import: ${checked}` : 'Import'}
        </Button>
        {isPending && sent !== undefined && (
          <span className="rm-secondary" role="status">
            {sent < 1 ? `${percent(sent, 0)} sent` : 'Sent; the server reads the rows'}
          </span>
        )}
      </div>
    </>
  )
}

const flawColumns: Column<ImportFlaw>[] = [
  {
    id: 'line',
    header: 'Line',
    meta: { align: 'right' },
    accessorFn: (flaw) => flaw.line,
    cell: ({ row }) => fixed(row.original.line, 0),
  },
  { id: 'field', header: 'Column', accessorFn: (flaw) => flaw.field, cell: ({ row }) => row.original.field || '–' },
  {
    id: 'message',
    header: 'What is wrong',
    meta: { wrap: true },
    accessorFn: (flaw) => flaw.message,
    cell: ({ row }) => row.original.message,
  },
]

interface FlawsProps {
  /** How many rows were read; `undefined` if that is not known. */
  rows?: number
  flaws: ImportFlaw[]
  flawCount: number
}

/** What is wrong with a file, by line. */
export function Flaws({ rows, flaws, flawCount }: FlawsProps) {
  const where = rows === undefined ? '' : ` in ${count(rows, 'row')}`
  return (
    <>
      <Notice tone="fault" title={`${count(flawCount, 'error')}${where}: nothing was stored`}>
        Correct the file and check it again.
      </Notice>
      <Section title="Flaws" flush>
        <DataTable
          label="Flaws"
          rows={flaws}
          columns={flawColumns}
          rowKey={(flaw) => `${flaw.line} ${flaw.field} ${flaw.message}`}
          empty=""
        />
      </Section>
    </>
  )
}
