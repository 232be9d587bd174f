import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import type { registerWarning, UnknownThing } from '../../../../schemas/fsp/registers/unknown.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { api } from '../../api.ts'
import { unknownQuery, warningsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { keyOf, kindWords, UnknownPanel } from './unknown-panel.tsx'

const from = '/inside/unknown'

/** What appeared and is not registered, in one step to what is; and what does not fit the registers. */
export function Unknown() {
  const { open } = useSearch({ from })
  const navigate = useNavigate({ from: '/unknown' })
  const query = useQuery(unknownQuery)
  const thing = query.data?.find((each) => keyOf(each) === open)
  return (
    <Page
      title="Not registered"
      subtitle="Tokens, vehicles, charge points and telematics identities that appeared. Vehicles charge all the same, with the default priority."
      panel={thing && <UnknownPanel key={open} thing={thing} onClose={() => void navigate({ search: {} })} />}
    >
      <Section title="Appeared" flush>
        <Loaded query={query}>
          {(things) => (
            <DataTable
              label="Appeared and not registered"
              rows={things}
              columns={columns}
              rowKey={keyOf}
              selectedKey={open}
              onOpen={(row) => void navigate({ search: { open: keyOf(row) } })}
              empty="Everything that appeared is registered."
            />
          )}
        </Loaded>
      </Section>
      <Warnings />
    </Page>
  )
}

const columns: Column<UnknownThing>[] = [
  {
    id: 'kind',
    header: 'Kind',
    accessorFn: ({ kind }) => kindWords[kind],
    cell: ({ row }) => kindWords[row.original.kind],
  },
  { id: 'key', header: 'Identity', accessorFn: ({ key }) => key, cell: ({ row }) => row.original.key },
  {
    id: 'depot',
    header: 'Depot',
    meta: { from: 'medium' },
    accessorFn: ({ depotId }) => depotId ?? '',
    cell: ({ row }) => row.original.depotId ?? 'not known',
  },
  {
    id: 'place',
    header: 'Seen at',
    meta: { from: 'medium' },
    accessorFn: ({ place }) => place,
    cell: ({ row }) => row.original.place,
  },
  {
    id: 'times',
    header: 'Times',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ times }) => times,
    cell: ({ row }) => String(row.original.times),
  },
  {
    id: 'last',
    header: 'Last seen',
    meta: { align: 'right' },
    accessorFn: ({ lastSeenAt }) => lastSeenAt,
    cell: ({ row }) => <LastSeen at={row.original.lastSeenAt} />,
  },
]

function LastSeen({ at }: { at: string }) {
  return dayAndTime(at, useToday())
}

type Warning = z.infer<typeof registerWarning>

function Warnings() {
  const query = useQuery(warningsQuery)
  return (
    <Section title="Does not fit the registers">
      <Loaded query={query}>
        {(warnings) =>
          warnings.length === 0 ? (
            <p>Nothing is open.</p>
          ) : (
            warnings.map((warning) => <WarningLine key={warning.warningId} warning={warning} />)
          )
        }
      </Loaded>
    </Section>
  )
}

function WarningLine({ warning }: { warning: Warning }) {
  const today = useToday()
  const queries = useQueryClient()
  const refusal = useRefusal(['fleet-admin', 'depot-admin'], warning.depotId)
  const [resolution, setResolution] = useState('')
  const [isAsked, setIsAsked] = useState(false)
  const resolve = useMutation({
    mutationFn: () =>
      api.call(fspOperations.resolveWarning, { params: { warningId: warning.warningId }, body: { resolution } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['warnings'] }),
  })
  return (
    <div>
      <p>
        {warning.sentence} {count(warning.times, 'time')}, last at {dayAndTime(warning.lastAt, today)}.
      </p>
      {isAsked ? (
        <>
          <Fields>
            <Field
              label="What was done"
              value={resolution}
              onChange={(event) => setResolution(event.currentTarget.value)}
            />
          </Fields>
          {resolve.isError && <ProblemNotice error={resolve.error} />}
          <Button
            variant="filled"
            disabled={resolution.trim() === ''}
            loading={resolve.isPending}
            onClick={() => resolve.mutate()}
          >
            Close the warning
          </Button>
        </>
      ) : (
        <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setIsAsked(true)}>
          Resolve: {warning.subject}
        </Button>
      )}
    </div>
  )
}
