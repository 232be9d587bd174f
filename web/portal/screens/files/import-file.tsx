import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { FileImport, ImportChange } from '../../../../schemas/vocabulary/file-import.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { FileUpload, Flaws } from '../../../shared/components/file-upload.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { count, fixed } from '../../../shared/format/power.ts'

interface ImportFileProps {
  title: string
  actions: ReactNode
  children: ReactNode
  /** The columns that the file may have. */
  columns: readonly string[]
  /** What one row is: `DER`. */
  noun: string
  refusal: string | null
  send: (dryRun: 'true' | 'false', body: Blob) => Promise<FileImport>
}

/** A screen on which a file is checked, with every field that it would change, and then imported. */
export function ImportFile({ title, actions, children, columns, noun, refusal, send }: ImportFileProps) {
  const [file, setFile] = useState<File | null>(null)
  const queries = useQueryClient()
  const upload = useMutation({
    mutationFn: (dryRun: boolean) => send(dryRun ? 'true' : 'false', file ?? new Blob()),
    onSuccess: (outcome) => {
      if (outcome.state === 'imported') void queries.invalidateQueries()
    },
  })
  const outcome = upload.data
  const inWords = ({ created, changed }: FileImport) => `${count(created, `new ${noun}`)}, ${fixed(changed, 0)} changed`
  return (
    <Page title={title} actions={actions}>
      <Section>
        {children}
        <p className="rm-secondary">Columns: {columns.join(', ')}.</p>
        <FileUpload
          label={`File of ${noun}s`}
          file={file}
          onFile={(chosen) => {
            setFile(chosen)
            upload.reset()
          }}
          refusal={refusal}
          isPending={upload.isPending}
          upload={(dryRun) => upload.mutate(dryRun)}
          checked={outcome?.state === 'checked' ? inWords(outcome) : null}
        />
      </Section>
      {upload.isError && <ProblemNotice error={upload.error} />}
      {outcome && outcome.flawCount > 0 && <Flaws {...outcome} />}
      {outcome && outcome.flawCount === 0 && (
        <Notice title={`${count(outcome.rows, 'row')} ${outcome.dryRun ? 'checked without errors' : 'imported'}`}>
          {inWords(outcome)}, {fixed(outcome.unchanged, 0)} unchanged. {outcome.dryRun && 'Nothing is stored yet.'}
        </Notice>
      )}
      {outcome && outcome.changeCount > 0 && <Changes outcome={outcome} />}
    </Page>
  )
}

const changeColumns: Column<ImportChange>[] = [
  {
    id: 'line',
    header: 'Line',
    meta: { align: 'right' },
    accessorFn: ({ line }) => line,
    cell: ({ row }) => fixed(row.original.line, 0),
  },
  { id: 'subject', header: 'Of', accessorFn: ({ subject }) => subject, cell: ({ row }) => row.original.subject },
  { id: 'field', header: 'Column', accessorFn: ({ field }) => field, cell: ({ row }) => row.original.field },
  { id: 'now', header: 'Before', accessorFn: ({ now }) => now ?? '', cell: ({ row }) => row.original.now ?? '–' },
  { id: 'given', header: 'In the file', accessorFn: ({ given }) => given, cell: ({ row }) => row.original.given },
]

/** The fields that a file would change, or has changed: the first of them. */
export function Changes({
  outcome: { changes, changeCount },
}: {
  outcome: Pick<FileImport, 'changes' | 'changeCount'>
}) {
  const title = changeCount > changes.length ? `Changes, the first ${changes.length} of ${changeCount}` : 'Changes'
  return (
    <Section title={title} flush>
      <DataTable
        label="Changes"
        rows={changes}
        columns={changeColumns}
        rowKey={({ line, field }) => `${line} ${field}`}
        empty=""
      />
    </Section>
  )
}
