import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { GatewayPool } from '../../../../schemas/grid/gateway.ts'
import { useNow } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { SidePanel } from '../../../shared/components/side-panel.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { poolQuery, poolsQuery } from '../../hub-queries.ts'
import { useRefusal } from '../../session.ts'
import { SourceTabs } from '../feeds/tabs.tsx'
import { PoolForm } from './pool-form.tsx'
import { contactWords, hubsOf, poolsInWords, poolsTone } from './pools.ts'

type Member = GatewayPool['gateways'][number]

/** Pools of gateways that share their hubs: which of them polls how many, and whether it is there. */
export function Pools() {
  const query = useQuery(poolsQuery)
  const { open, add } = useSearch({ from: '/inside/gateway-pools' })
  const navigate = useNavigate({ from: '/gateway-pools' })
  const refusal = useRefusal('operator')
  const now = useNow()
  const close = () => void navigate({ search: {} })
  return (
    <Page
      title="Gateway pools"
      subtitle="The gateways of a pool share its hubs: when one is silent, the others take over what it polled."
      actions={
        <Button
          variant="filled"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => void navigate({ search: { add: true } })}
        >
          New pool
        </Button>
      }
      panel={
        add ? (
          <SidePanel key="new" title="New pool" onClose={close}>
            <PoolForm pool={null} pools={query.data ?? []} onDone={close} onReload={close} />
          </SidePanel>
        ) : (
          open && <PoolPanel key={open} name={open} pools={query.data ?? []} onClose={close} />
        )
      }
    >
      <SourceTabs />
      <Loaded query={query}>
        {(pools) => (
          <>
            <Notice tone={poolsTone(pools, now)}>{poolsInWords(pools, now)}</Notice>
            {pools.map((pool) => (
              <PoolSection
                key={pool.name}
                pool={pool}
                now={now}
                onOpen={() => void navigate({ search: { open: pool.name } })}
              />
            ))}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function PoolSection({ pool, now, onOpen }: { pool: GatewayPool; now: number; onOpen: () => void }) {
  const columns: Column<Member>[] = [
    {
      id: 'gateway',
      header: 'Gateway',
      accessorFn: (each) => each.gatewayId,
      cell: ({ row }) => row.original.gatewayId,
    },
    {
      id: 'state',
      header: 'State',
      cell: ({ row }) => <Mark {...contactWords(pool, row.original, now)} />,
    },
    {
      id: 'contact',
      header: 'Last contact',
      meta: { align: 'right' },
      accessorFn: (each) => each.lastContactAt,
      cell: ({ row }) => (row.original.lastContactAt ? <Age at={row.original.lastContactAt} /> : 'never'),
    },
    {
      id: 'hubs',
      header: 'Hubs',
      meta: { align: 'right' },
      accessorFn: (each) => each.hubs,
      cell: ({ row }) => fixed(row.original.hubs, 0),
    },
    {
      id: 'shards',
      header: 'Parts of the pool',
      meta: { align: 'right', from: 'medium' },
      accessorFn: (each) => each.shards,
      cell: ({ row }) => `${fixed(row.original.shards, 0)} of ${fixed(pool.shards, 0)}`,
    },
  ]
  return (
    <Section
      flush
      title={`${pool.name}: ${count(hubsOf(pool), 'hub')} polled`}
      actions={
        <Button aria-label={`Change the pool ${pool.name}`} onClick={onOpen}>
          Change
        </Button>
      }
    >
      <DataTable
        label={`Gateways of ${pool.name}`}
        rows={pool.gateways}
        columns={columns}
        rowKey={(each) => each.gatewayId}
        empty="This pool has no gateway."
      />
    </Section>
  )
}

function PoolPanel({ name, pools, onClose }: { name: string; pools: readonly GatewayPool[]; onClose: () => void }) {
  const query = useQuery(poolQuery(name))
  // Counts how often the stored values were loaded over what was entered.
  const [round, setRound] = useState(0)
  return (
    <SidePanel title={`Pool ${name}`} onClose={onClose}>
      <Loaded query={query}>
        {(pool) => (
          <PoolForm
            key={round}
            pool={pool}
            pools={pools}
            onDone={onClose}
            onReload={() => void query.refetch().then(() => setRound(round + 1))}
          />
        )}
      </Loaded>
    </SidePanel>
  )
}
