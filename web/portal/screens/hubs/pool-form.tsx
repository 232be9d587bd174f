import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { GatewayPool, PoolForm as Pool } from '../../../../schemas/grid/gateway.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { useUnsavedGuard } from '../../../shared/components/unsaved-guard.ts'
import { count } from '../../../shared/format/power.ts'
import { isSameData } from '../../../shared/same-data.ts'
import { poolQuery, poolsQuery } from '../../hub-queries.ts'
import { useRefusal } from '../../session.ts'
import styles from './points/points.module.css'
import { type PoolDraft, readPool } from './pools.ts'

interface PoolFormProps {
  /** The pool as it is stored; `null` for a new one. */
  pool: GatewayPool | null
  pools: readonly GatewayPool[]
  onDone: () => void
  /** Begins again with what is stored. */
  onReload: () => void
}

/** Makes a pool or changes its gateways; in force at once. */
export function PoolForm({ pool, pools, onDone, onReload }: PoolFormProps) {
  // The version that the form began with: whoever was faster in between is named, not overwritten.
  const [before] = useState(pool)
  const [initial] = useState(() => draftOf(pool))
  const [draft, setDraft] = useState(initial)
  const [tried, setTried] = useState(false)
  const refusal = useRefusal('operator')
  const queries = useQueryClient()
  const { body, faults } = readPool(
    draft,
    pools.filter(({ name }) => name !== before?.name),
  )
  const release = useUnsavedGuard(!isSameData(initial, draft))
  const save = useMutation({
    mutationFn: (given: Pool) =>
      api.call(operations.savePool, { params: { name: draft.name }, body: given, version: before?.etag ?? null }),
    async onSuccess(saved) {
      release()
      queries.setQueryData(poolQuery(saved.name).queryKey, saved)
      await queries.invalidateQueries({ queryKey: poolsQuery.queryKey })
      onDone()
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (body) save.mutate(body)
  }
  const fault = tried ? faults : {}
  const set = (change: Partial<PoolDraft>) => setDraft((old) => ({ ...old, ...change }))
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <Field
          label="Name"
          readOnly={before !== null}
          hint={before ? undefined : 'Such as london. It cannot be changed later.'}
          fault={fault.name}
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value.trim().toLowerCase() })}
        />
        <Field
          label="Silent after"
          unit="s"
          inputMode="numeric"
          hint="A gateway that has not asked for its hubs for this long loses them to the others."
          fault={fault.leaseS}
          value={draft.leaseS}
          onChange={(event) => set({ leaseS: event.currentTarget.value })}
        />
      </Fields>
      <Textarea
        size="sm"
        label="Gateways, one per line"
        description="By the identifiers of their clients, such as gateway-1."
        autosize
        minRows={3}
        spellCheck={false}
        error={fault.gateways}
        value={draft.gateways}
        onChange={(event) => set({ gateways: event.currentTarget.value })}
      />
      <StopFirst gone={goneOf(before, body)} />
      {save.isError && <SaveProblem error={save.error} fields={[]} onReload={onReload} />}
      <div className={styles.actions}>
        <Button
          type="submit"
          variant="filled"
          loading={save.isPending}
          disabled={refusal !== null}
          title={refusal ?? undefined}
        >
          {before ? 'Save, in force at once' : 'Make the pool'}
        </Button>
      </div>
    </form>
  )
}

/** What has to be done in the field before gateways leave a pool. */
function StopFirst({ gone }: { gone: GatewayPool['gateways'] }) {
  if (gone.length === 0) return null
  const hubs = gone.reduce((sum, each) => sum + each.hubs, 0)
  return (
    <Notice tone="risk" title={`Stop ${gone.map(({ gatewayId }) => gatewayId).join(' and ')} first`}>
      {count(hubs, 'hub')} that {gone.length === 1 ? 'it polls' : 'they poll'} now {hubs === 1 ? 'goes' : 'go'} to the
      other gateways at once. A gateway that still runs polls until it asks for its hubs again, and a hub would then
      have two masters.
    </Notice>
  )
}

function draftOf(pool: GatewayPool | null): PoolDraft {
  if (!pool) return { name: '', leaseS: '60', gateways: '' }
  const gateways = pool.gateways.map(({ gatewayId }) => gatewayId).join('\n')
  return { name: pool.name, leaseS: String(pool.leaseS), gateways }
}

/** Gateways that saving would take out of the pool. */
function goneOf(before: GatewayPool | null, now: Pool | null): GatewayPool['gateways'] {
  return now === null ? [] : (before?.gateways ?? []).filter(({ gatewayId }) => !now.gateways.includes(gatewayId))
}
