import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { submissionKind } from '../../../../../schemas/market/submissions.ts'
import type { Timetable, TimetableSettings } from '../../../../../schemas/market/timetables.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Field, Fields } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { instantOfLocal } from '../../../../shared/format/time.ts'
import { contractsQuery } from '../../../market-queries.ts'
import { waitingQuery } from '../../../proposal-queries.ts'
import { useRefusal } from '../../../session.ts'
import { type ChosenReach, draftOf, readDraft, type TimetableDraft } from './draft.ts'
import { ReachFields } from './reach-fields.tsx'
import { RhythmFields } from './rhythm-fields.tsx'
import { kindWords } from './words.ts'

interface Wanted {
  settings: TimetableSettings | null
  inForceFrom: string | null
}

/** Proposes another timetable for what the panel shows, or a narrower one that begins with the same. */
export function TimetableForm({ timetable, all }: { timetable: Timetable; all: readonly Timetable[] }) {
  const whole = all.find((one) => isWhole(one) && one.product === timetable.product)
  const base = timetable.settings ?? whole?.settings ?? null
  const [draft, setDraft] = useState(() => base && draftOf(base))
  const [reach, setReach] = useState<ChosenReach>({ of: 'same' })
  const [from, setFrom] = useState('')
  const [tried, setTried] = useState(false)
  const contracts = (useQuery(contractsQuery).data ?? []).filter(({ product }) => product === timetable.product)
  const queries = useQueryClient()
  const refusal = useRefusal('flexibility-engineer')
  const { query, version } = chosen(timetable, all, reach)
  const propose = useMutation({
    mutationFn: (body: Wanted) =>
      api.call(operations.changeTimetable, { params: { product: timetable.product }, query, body, version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: waitingQuery.queryKey }),
  })
  if (!base || !draft) return <Notice>There is no timetable to start from.</Notice>
  const { given, faults } = readDraft(draft, base)
  const faultOf = (field: string) => (tried ? faults.get(field) : undefined)
  const change = (part: Partial<TimetableDraft>) => setDraft({ ...draft, ...part })
  const inForceFrom = from === '' ? null : instantOfLocal(from)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (given) propose.mutate({ settings: given, inForceFrom })
  }
  const isIdle = refusal !== null || (reach.of !== 'same' && reach.id === '')
  return (
    <form onSubmit={onSubmit} noValidate style={{ display: 'grid', gap: 12 }}>
      <Fields>
        {isWhole(timetable) && <ReachFields reach={reach} contracts={contracts} onChange={setReach} />}
        <RhythmFields draft={draft} faultOf={faultOf} onChange={change} />
        {submissionKind.options.map((kind) => (
          <Field
            key={kind}
            label={`${kindWords[kind]} until`}
            value={draft.gates[kind]}
            fault={faultOf(`gates.${kind}`)}
            onChange={(event) => change({ gates: { ...draft.gates, [kind]: event.currentTarget.value } })}
          />
        ))}
        <Field
          label="In force from"
          type="datetime-local"
          hint="Local time. If empty, from the approval on."
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
      </Fields>
      {propose.isError && <ProblemNotice error={propose.error} />}
      <span style={{ display: 'flex', gap: 8 }}>
        <Button type="submit" loading={propose.isPending} disabled={isIdle} title={refusal ?? undefined}>
          Propose this timetable
        </Button>
        {!isWhole(timetable) && timetable.settings && (
          <Button
            variant="default"
            loading={propose.isPending}
            disabled={refusal !== null}
            onClick={() => propose.mutate({ settings: null, inForceFrom })}
          >
            Propose its end
          </Button>
        )}
      </span>
    </form>
  )
}

function isWhole({ zoneNodeId, contractId }: Timetable): boolean {
  return zoneNodeId === null && contractId === null
}

/** Where the proposal goes, and the version that it follows. */
function chosen(timetable: Timetable, all: readonly Timetable[], reach: ChosenReach) {
  if (reach.of === 'same') {
    const { zoneNodeId, contractId, version } = timetable
    const query = zoneNodeId ? { zone: zoneNodeId } : contractId ? { contract: contractId } : {}
    return { query, version }
  }
  const { of, id } = reach
  const field = of === 'zone' ? 'zoneNodeId' : 'contractId'
  const known = all.find((one) => one.product === timetable.product && one[field] === id)
  return { query: of === 'zone' ? { zone: id } : { contract: id }, version: known?.version ?? 0 }
}
