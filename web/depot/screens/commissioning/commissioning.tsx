import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { CommissioningRun } from '../../../../schemas/fsp/commissioning.ts'
import type { DepotState } from '../../../../schemas/fsp/depot-api.ts'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Choice, Fields } from '../../../shared/components/fields.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { api } from '../../api.ts'
import { commissioningQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { DepotPage } from '../depot/depot-page.tsx'
import { RunSection } from './run.tsx'
import { runWords } from './words.ts'

const from = '/inside/depots/$depotId/commissioning'

/** Trying charge points: a run is started, watched step by step, and kept as evidence. */
export function Commissioning() {
  const { depotId } = useParams({ from })
  const { run } = useSearch({ from })
  const navigate = useNavigate({ from: '/depots/$depotId/commissioning' })
  const query = useQuery(commissioningQuery(depotId))
  const open = (runId: string) => void navigate({ search: { run: runId } })
  return (
    <DepotPage depotId={depotId}>
      {(depot) => (
        <>
          {run && <RunSection key={run} depotId={depotId} runId={run} />}
          <Section title="Try a charge point">
            <StartForm depot={depot} onStarted={open} />
          </Section>
          <Section title="Runs" flush>
            <Loaded query={query}>
              {(runs) => (
                <DataTable
                  label="Runs"
                  rows={runs}
                  columns={columns}
                  rowKey={({ runId }) => runId}
                  selectedKey={run}
                  onOpen={({ runId }) => open(runId)}
                  empty="No charge point has been tried here yet."
                />
              )}
            </Loaded>
          </Section>
        </>
      )}
    </DepotPage>
  )
}

const columns: Column<CommissioningRun>[] = [
  {
    id: 'identity',
    header: 'Charge point',
    accessorFn: ({ identity }) => identity,
    cell: ({ row: { original } }) => `${original.identity}, ${original.connectors.join(' and ')}`,
  },
  {
    id: 'state',
    header: 'Result',
    accessorFn: ({ state }) => state,
    cell: ({ row }) => <Mark {...runWords[row.original.state]} />,
  },
  {
    id: 'route',
    header: 'Route',
    meta: { from: 'medium' },
    accessorFn: ({ route }) => route,
    cell: ({ row }) => row.original.route.replaceAll('-', ' '),
  },
  {
    id: 'by',
    header: 'Started by',
    meta: { from: 'medium' },
    accessorFn: ({ startedBy }) => startedBy,
    cell: ({ row }) => row.original.startedBy,
  },
  {
    id: 'at',
    header: 'Started',
    meta: { align: 'right' },
    accessorFn: ({ startedAt }) => startedAt,
    cell: ({ row }) => <Started at={row.original.startedAt} />,
  },
]

function Started({ at }: { at: string }) {
  return dayAndTime(at, useToday())
}

/** Which charge point is tried. Every socket that carries a vehicle takes part. */
function StartForm({ depot, onStarted }: { depot: DepotState; onStarted: (runId: string) => void }) {
  const { depotId, sockets } = depot
  const queries = useQueryClient()
  const refusal = useRefusal(['depot-admin'], depotId)
  const [chosen, setChosen] = useState('')
  const [unlock, setUnlock] = useState(false)
  const [reboot, setReboot] = useState(false)
  const charging = sockets.filter(({ transaction }) => transaction !== null)
  const able = [...new Set(charging.map(({ identity }) => identity))]
  const identity = chosen || able[0] || ''
  const connectors = charging.filter((socket) => socket.identity === identity).map(({ connector }) => connector)
  const start = useMutation({
    mutationFn: () =>
      api.call(fspOperations.startCommissioning, {
        params: { depotId, identity },
        body: { connectors, unlock, reboot },
      }),
    onSuccess: async ({ runId }) => {
      await queries.invalidateQueries({ queryKey: ['depot', depotId, 'commissioning'] })
      onStarted(runId)
    },
  })
  if (able.length === 0)
    return <p>A run needs a vehicle, or a test load, that charges at the socket. None charges here now.</p>
  const onSubmit = (event: FormEvent) => event.preventDefault()
  const after = [unlock && 'ends the charges to unlock', reboot && 'reboots the charge point'].filter(Boolean)
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <Fields>
          <Choice label="Charge point" value={identity} onChange={(event) => setChosen(event.currentTarget.value)}>
            {able.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </Choice>
        </Fields>
        <label>
          <input type="checkbox" checked={unlock} onChange={(event) => setUnlock(event.currentTarget.checked)} /> Unlock
          afterwards, which ends the charges
        </label>
        <label>
          <input type="checkbox" checked={reboot} onChange={(event) => setReboot(event.currentTarget.checked)} /> Reboot
          at the end
        </label>
        {start.isError && <ProblemNotice error={start.error} />}
        <TwoStep
          label="Start the run"
          refusal={refusal}
          consequence={`${count(connectors.length, 'socket')} of ${identity} gets set points of 32, 16, 8, 0, 18, 10 and 32 A in sequence, for about a quarter of an hour. The optimiser leaves it alone and keeps its full current free${after.length > 0 ? `. The run then ${after.join(' and ')}` : ''}.`}
          action={start}
        />
        {start.isPending && <Button loading>Starting</Button>}
      </Stack>
    </form>
  )
}
