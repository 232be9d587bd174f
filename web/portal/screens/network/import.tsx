import { Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { NetworkImport } from '../../../../schemas/grid/network.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Choice, Fields } from '../../../shared/components/fields.tsx'
import { FileUpload, Flaws } from '../../../shared/components/file-upload.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../shared/format/time.ts'
import { areasQuery, networkImportsQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import { Changes } from '../files/import-file.tsx'

/** Uploads a network file: checked first, imported only when every row is right. */
export function ImportNetwork() {
  const [file, setFile] = useState<File | null>(null)
  const [stated, setStated] = useState<Stated>({ acceptsImplausible: false })
  const queries = useQueryClient()
  const refusal = useRefusal('planner')
  const upload = useMutation({
    mutationFn: ({ dryRun }: { dryRun: boolean }) =>
      api.call(operations.importNetwork, { query: queryOf(dryRun, stated), body: file ?? new Blob() }),
    onSettled: () => queries.invalidateQueries({ queryKey: networkImportsQuery.queryKey }),
    onSuccess: (outcome) => {
      if (outcome.state === 'imported') void queries.invalidateQueries({ queryKey: ['nodes'] })
    },
  })
  const checked = upload.data?.state === 'checked' && upload.data.dryRun ? upload.data : null
  return (
    <Page
      title="Import a network"
      actions={
        <>
          <LinkButton to="/network">All nodes</LinkButton>
          <LinkButton to="/network-layouts">Layouts</LinkButton>
        </>
      }
    >
      <Section>
        <p>
          A CSV file of nodes, as this network’s own export has them or as a DNO publishes its substations or LV
          feeders. If any row has an error, nothing is stored. Values without a column in the file stay as they are.
        </p>
        <Statements
          stated={stated}
          onChange={(changed) => {
            setStated(changed)
            // What was checked was checked under other statements.
            upload.reset()
          }}
        />
        <FileUpload
          label="Network file"
          file={file}
          onFile={(chosen) => {
            setFile(chosen)
            upload.reset()
          }}
          refusal={refusal}
          isPending={upload.isPending}
          upload={(dryRun) => upload.mutate({ dryRun })}
          checked={checked && changeInWords(checked)}
        />
      </Section>
      {upload.isError && <ProblemNotice error={upload.error} />}
      {upload.data && <Outcome outcome={upload.data} />}
      {upload.data && upload.data.changeCount > 0 && <Changes outcome={upload.data} />}
      <History />
    </Page>
  )
}

/** What a planner states about a file that does not say it itself. */
interface Stated {
  /** The code of a licence area. */
  area?: string
  acceptsImplausible: boolean
}

function queryOf(dryRun: boolean, { area, acceptsImplausible }: Stated) {
  return {
    dryRun: dryRun ? ('true' as const) : ('false' as const),
    implausible: acceptsImplausible ? ('accept' as const) : ('refuse' as const),
    ...(area ? { licenceArea: area } : {}),
  }
}

function Statements({ stated, onChange }: { stated: Stated; onChange: (stated: Stated) => void }) {
  const { area, acceptsImplausible } = stated
  const groups = useQuery(areasQuery).data ?? []
  return (
    <Fields>
      <Choice
        label="Licence area"
        hint="For lists that do not name it."
        value={area ?? ''}
        onChange={({ currentTarget: { value } }) => {
          onChange(value ? { area: value, acceptsImplausible } : { acceptsImplausible })
        }}
      >
        <option value="">As in the file</option>
        {groups.map((group) => (
          <optgroup key={group.code} label={group.name}>
            {group.areas.map(({ code, name }) => (
              <option key={code} value={code}>
                {code}: {name}
              </option>
            ))}
          </optgroup>
        ))}
      </Choice>
      <Checkbox
        label="Accept powers that look wrong for their node: I have checked them"
        checked={acceptsImplausible}
        onChange={({ currentTarget: { checked } }) => onChange({ ...stated, acceptsImplausible: checked })}
      />
    </Fields>
  )
}

function changeInWords({ created, changed }: NetworkImport): string {
  return `${count(created, 'new node')}, ${fixed(changed, 0)} changed`
}

function Outcome({ outcome }: { outcome: NetworkImport }) {
  const rows = count(outcome.rows, 'row')
  if (outcome.flawCount > 0) return <Flaws {...outcome} />
  return (
    <Notice title={outcome.dryRun ? `${rows} checked without errors` : `${rows} imported`}>
      {changeInWords(outcome)}
      {outcome.layout ? `, read in the layout “${outcome.layout}”` : ''}. {outcome.dryRun && 'Nothing is stored yet.'}
    </Notice>
  )
}

const stateWords: Record<NetworkImport['state'], string> = {
  reading: 'Reading',
  writing: 'Writing',
  checked: 'Checked only',
  imported: 'Imported',
  refused: 'Refused',
}

const historyColumns: Column<NetworkImport>[] = [
  {
    id: 'started',
    header: 'Started',
    accessorFn: (each) => Date.parse(each.startedAt),
    cell: ({ row }) => <time title={utc(row.original.startedAt)}>{dayAndTime(row.original.startedAt)}</time>,
  },
  { id: 'by', header: 'By', accessorFn: (each) => each.startedBy, cell: ({ row }) => row.original.startedBy },
  { id: 'state', header: 'State', accessorFn: (each) => each.state, cell: ({ row }) => stateWords[row.original.state] },
  {
    id: 'rows',
    header: 'Rows',
    meta: { align: 'right' },
    accessorFn: (each) => each.rows,
    cell: ({ row }) => fixed(row.original.rows, 0),
  },
  {
    id: 'created',
    header: 'New',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (each) => each.created,
    cell: ({ row }) => fixed(row.original.created, 0),
  },
  {
    id: 'changed',
    header: 'Changed',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (each) => each.changed,
    cell: ({ row }) => fixed(row.original.changed, 0),
  },
  {
    id: 'flaws',
    header: 'Errors',
    meta: { align: 'right' },
    accessorFn: (each) => each.flawCount,
    cell: ({ row }) => (row.original.flawCount === 0 ? '–' : fixed(row.original.flawCount, 0)),
  },
]

function History() {
  const query = useQuery(networkImportsQuery)
  return (
    <Section title="Latest imports" flush>
      <Loaded query={query}>
        {(imports) => (
          <DataTable
            label="Latest imports"
            rows={imports}
            columns={historyColumns}
            rowKey={(each) => each.importId}
            empty="No file has been uploaded yet."
          />
        )}
      </Loaded>
    </Section>
  )
}
