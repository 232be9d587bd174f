import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import type { RegisterName } from '../../../../schemas/fsp/registers/index.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Nothing, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { download } from '../../api.ts'
import { registerQuery } from '../../queries.ts'
import { type Entry, useRegisterRefusal } from './access.ts'
import { EntryPanel } from './entry-panel.tsx'
import { RegisterFile } from './register-file.tsx'
import { memberWords, registerWords, valueWords } from './words.ts'

const from = '/inside/registers/$name'

/** One register: its entries, each with its versions, and files both ways. */
export function Register() {
  const { name } = useParams({ from })
  return Object.hasOwn(registerWords, name) ? (
    <Known key={name} name={name as RegisterName} />
  ) : (
    <Page title="No such register">
      <Nothing>There is no register of this name.</Nothing>
    </Page>
  )
}

function Known({ name }: { name: RegisterName }) {
  const { entry, edit } = useSearch({ from })
  const refusal = useRegisterRefusal(name)
  const navigate = useNavigate({ from: '/registers/$name' })
  const query = useQuery(registerQuery(name))
  const columns = useMemo(() => columnsOf(name), [name])
  const { exportFile } = fspOperations.registers[name]
  const save = useMutation({ mutationFn: () => download(exportFile, {}, `${name}.csv`) })
  const words = registerWords[name]
  const open = query.data?.find(({ key }) => key === entry)
  return (
    <Page
      title={words.name}
      subtitle={query.data && count(query.data.length, 'entry', 'entries')}
      actions={
        <>
          <LinkButton to="/registers">All registers</LinkButton>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            Download CSV
          </Button>
          <Button
            variant="filled"
            disabled={refusal !== null}
            title={refusal ?? undefined}
            onClick={() => void navigate({ search: { edit: true } })}
          >
            Add an entry
          </Button>
        </>
      }
      panel={
        (open || edit) && (
          <Panel name={name} entry={open ? (open as unknown as Entry) : null} isEdited={edit ?? false} />
        )
      }
    >
      {save.isError && <ProblemNotice error={save.error} />}
      <Section title="In use" flush>
        <Loaded query={query}>
          {(entries) => (
            <DataTable
              label={words.name}
              rows={entries as unknown as readonly Entry[]}
              columns={columns}
              rowKey={({ key }) => key}
              selectedKey={entry}
              onOpen={({ key }) => void navigate({ search: { entry: key } })}
              empty="Nothing is registered here yet."
            />
          )}
        </Loaded>
      </Section>
      <RegisterFile name={name} />
    </Page>
  )
}

const EntryForm = lazy(() => import('./entry-form.tsx').then((at) => ({ default: at.EntryForm })))

interface PanelProps {
  name: RegisterName
  entry: Entry | null
  isEdited: boolean
}

/** The entry that is open, or the form that changes it or adds one. */
function Panel({ name, entry, isEdited }: PanelProps) {
  const navigate = useNavigate({ from: '/registers/$name' })
  const close = () => void navigate({ search: {} })
  const open = (key: string, edit?: boolean) => void navigate({ search: { entry: key, ...(edit ? { edit } : {}) } })
  if (isEdited)
    return (
      <Suspense>
        <EntryForm key={entry?.key ?? ''} name={name} entry={entry} onClose={close} onSaved={open} />
      </Suspense>
    )
  if (!entry) return null
  return <EntryPanel key={entry.key} name={name} entry={entry} onClose={close} onChange={() => open(entry.key, true)} />
}

function columnsOf(name: RegisterName): Column<Entry>[] {
  const words = registerWords[name]
  return [
    { id: 'key', header: words.key, accessorFn: ({ key }) => key, cell: ({ row }) => row.original.key },
    ...words.columns.map(
      (member, i): Column<Entry> => ({
        id: member,
        header: memberWords(member),
        meta: i < 1 ? {} : { from: i < 3 ? 'medium' : 'wide' },
        accessorFn: ({ data }) => data[member] as string | number | null,
        cell: ({ row }) => valueWords(row.original.data[member]),
      }),
    ),
  ]
}
